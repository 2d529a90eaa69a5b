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
# By systemd, if it started the server: what the hook itself starts belongs to certo.service, and ends with it.
reload_by_systemd() {
  for unit in "$@"; do
    if systemctl is-active --quiet "$unit" 2>/dev/null; then
      systemctl reload "$unit"
      exit
    fi
  done
}

"${DOVECONF:-doveconf}" -n >/dev/null
[ -n "${DOVEADM-}" ] || reload_by_systemd dovecot
"${DOVEADM:-doveadm}" reload || {
  echo "dovecot: it cannot be reloaded; if it does not run, start it" >&2
  exit 1
}
