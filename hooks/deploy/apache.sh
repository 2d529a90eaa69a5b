#!/bin/sh
# Makes Apache check its configuration and read its certificates again; open connections stay open.
#
# Apache may use the files in the store themselves: SSLCertificateFile STATE/certs/NAME/live/fullchain.pem.
# Settings, KEY=value in STATE/credentials/hook-apache (mode 0600); optional:
#   APACHECTL   the program (default: apache2ctl, else apachectl)
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/apache.sh STATE/hooks/deploy/apache.sh
#   certo hooks test NAME
set -eu

if [ -n "${APACHECTL-}" ]; then
  ctl=$APACHECTL
elif command -v apache2ctl >/dev/null 2>&1; then
  ctl=apache2ctl
else
  ctl=apachectl
fi
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$ctl" >/dev/null && exit 0
  printf 'apache: there is no program %s: set APACHECTL\n' "$ctl" >&2
  exit 78
fi
"$ctl" configtest
"$ctl" graceful
