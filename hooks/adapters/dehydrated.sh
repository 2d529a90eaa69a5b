#!/bin/sh
# A DNS provider that runs a hook for dehydrated (dns-01) unchanged.
#
# Settings, in the environment of the first issue, from which certo stores them for renewals, or in a file for
# --dns-credentials:
#   DEHYDRATED_HOOK   the hook
# To use it (--dns-env NAME passes a variable of the hook itself on):
#   export DEHYDRATED_HOOK=/etc/dehydrated/hook.sh
#   certo issue -d example.com --dns exec:/usr/local/share/certo/hooks/adapters/dehydrated.sh
set -eu

hook=${DEHYDRATED_HOOK-}

if [ "$1" = describe ]; then
  printf '{"certo-dns":1,"settings":["DEHYDRATED_HOOK"]}\n'
  exit 0
fi
if [ -z "$hook" ]; then
  printf 'dehydrated: DEHYDRATED_HOOK is not set\n' >&2
  exit 78
fi

# The hook builds the record's name itself.
case $2 in
  _acme-challenge.*) domain=${2#_acme-challenge.} ;;
  *)
    printf 'dehydrated: %s: its hooks only know _acme-challenge.DOMAIN\n' "$2" >&2
    exit 78
    ;;
esac
# For http-01, the word in the middle would be the name of a file.
case $1 in
  present) exec "$hook" deploy_challenge "$domain" - "$3" ;;
  cleanup) exec "$hook" clean_challenge "$domain" - "$3" ;;
esac
