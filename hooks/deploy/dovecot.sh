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

"${DOVECONF:-doveconf}" -n >/dev/null
"${DOVEADM:-doveadm}" reload
