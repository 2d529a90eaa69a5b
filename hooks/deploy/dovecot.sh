#!/bin/sh
# Makes Dovecot check its configuration and read its certificates again.
#
# Dovecot may use the files in the store themselves: ssl_cert = <STATE/certs/NAME/live/fullchain.pem
# Settings, KEY=value in STATE/credentials/hook-dovecot (mode 0600); all are optional:
#   DOVECONF, DOVEADM   the programs, if they are not on PATH
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/dovecot.sh STATE/hooks/deploy/dovecot.sh
#   certo hooks test NAME
set -eu

if [ "${CERTO_HOOK-}" = check ]; then
  command -v "${DOVEADM:-doveadm}" >/dev/null && exit 0
  printf 'dovecot: there is no program %s: set DOVEADM\n' "${DOVEADM:-doveadm}" >&2
  exit 78
fi
"${DOVECONF:-doveconf}" -n >/dev/null
"${DOVEADM:-doveadm}" reload
