#!/bin/sh
# A DNS provider that runs certbot's --manual-auth-hook and --manual-cleanup-hook unchanged.
#
# (Commands for --deploy-hook, --pre-hook and --post-hook of certbot need no adapter.)
# Settings, in the environment of the first issue, from which certo stores them for renewals, or in a file for
# --dns-credentials:
#   CERTBOT_AUTH_HOOK      shell command that adds the record
#   CERTBOT_CLEANUP_HOOK   shell command that removes it; optional
#   CERTBOT_STATE          folder for the output of the first one (default: $HOME/.certo-certbot)
# To use it (--dns-env NAME passes a variable of the hooks themselves on):
#   export CERTBOT_AUTH_HOOK=/etc/letsencrypt/auth.sh CERTBOT_CLEANUP_HOOK=/etc/letsencrypt/cleanup.sh
#   certo issue -d example.com --dns exec:/usr/local/share/certo/hooks/adapters/certbot-manual.sh
set -eu
umask 077

auth=${CERTBOT_AUTH_HOOK-}
cleanup=${CERTBOT_CLEANUP_HOOK-}
state=${CERTBOT_STATE:-${HOME:-/}/.certo-certbot}

if [ "$1" = describe ]; then
  printf '{"certo-dns":1,"settings":["CERTBOT_AUTH_HOOK","CERTBOT_CLEANUP_HOOK","CERTBOT_STATE"]}\n'
  exit 0
fi
if [ -z "$auth" ]; then
  printf 'certbot-manual: CERTBOT_AUTH_HOOK is not set\n' >&2
  exit 78
fi

# The hook builds the record's name itself.
case $2 in
  _acme-challenge.*) ;;
  *)
    printf 'certbot-manual: %s: certbot hooks only know _acme-challenge.DOMAIN\n' "$2" >&2
    exit 78
    ;;
esac
export CERTBOT_DOMAIN="${2#_acme-challenge.}" CERTBOT_VALIDATION="$3" CERTBOT_REMAINING_CHALLENGES=0
export CERTBOT_IDENTIFIER="$CERTBOT_DOMAIN" CERTBOT_ALL_DOMAINS="$CERTBOT_DOMAIN"
export CERTBOT_ALL_IDENTIFIERS="$CERTBOT_DOMAIN"
printed="$state/$CERTBOT_DOMAIN.$3"

case $1 in
  present)
    mkdir -p "$state"
    sh -c "$auth" >"$printed"
    ;;
  cleanup)
    [ -n "$cleanup" ] || exit 0
    CERTBOT_AUTH_OUTPUT=
    if [ -e "$printed" ]; then CERTBOT_AUTH_OUTPUT=$(cat "$printed"); fi
    export CERTBOT_AUTH_OUTPUT
    sh -c "$cleanup"
    rm -f "$printed"
    ;;
esac
