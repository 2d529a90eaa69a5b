#!/bin/sh
# A DNS provider that runs a program for lego's provider "exec" unchanged.
#
# Settings, in the environment of the first issue, from which certo stores them for renewals, or in a file for
# --dns-credentials:
#   EXEC_PATH   the program
# To use it (--dns-env NAME passes a variable of the program itself on):
#   export EXEC_PATH=/etc/lego/dns.sh
#   certo issue -d example.com --dns exec:/usr/local/share/certo/hooks/adapters/lego-exec.sh
set -eu

program=${EXEC_PATH-}

action=$1
if [ "$action" = describe ]; then
  printf '{"certo-dns":1,"settings":["EXEC_PATH","EXEC_MODE"]}\n'
  exit 0
fi
if [ -z "$program" ]; then
  printf 'lego-exec: EXEC_PATH is not set\n' >&2
  exit 78
fi
if [ "${EXEC_MODE-}" = RAW ]; then
  printf 'lego-exec: EXEC_MODE=RAW needs the key authorization, which a DNS provider does not get\n' >&2
  exit 78
fi
exec "$program" "$action" "$2." "$3"
