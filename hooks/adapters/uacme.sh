#!/bin/sh
# A DNS provider that runs a hook for uacme (dns-01) unchanged.
#
# Settings, in the environment of the first issue, from which certo stores them for renewals, or in a file for
# --dns-credentials:
#   UACME_HOOK      the hook
#   UACME_CONFDIR   passed to it (default: /etc/ssl/uacme)
# To use it (--dns-env NAME passes a variable of the hook itself on):
#   export UACME_HOOK=/usr/share/uacme/nsupdate.sh
#   certo issue -d example.com --dns exec:/usr/local/share/certo/hooks/adapters/uacme.sh
set -eu

hook=${UACME_HOOK-}

if [ "$1" = describe ]; then
  printf '{"certo-dns":1,"settings":["UACME_HOOK","UACME_CONFDIR"]}\n'
  exit 0
fi
if [ -z "$hook" ]; then
  printf 'uacme: UACME_HOOK is not set\n' >&2
  exit 78
fi

# The hook builds the record's name itself.
case $2 in
  _acme-challenge.*) ident=${2#_acme-challenge.} ;;
  *)
    printf 'uacme: %s: its hooks only know _acme-challenge.DOMAIN\n' "$2" >&2
    exit 78
    ;;
esac
case $1 in
  present) method=begin ;;
  *) method="done" ;;
esac
export UACME_METHOD="$method" UACME_TYPE=dns-01 UACME_IDENT="$ident" UACME_TOKEN=- UACME_AUTH="$3" UACME_VERBOSE=0
export UACME_CONFDIR="${UACME_CONFDIR:-/etc/ssl/uacme}"
exec "$hook" "$method" dns-01 "$ident" - "$3"
