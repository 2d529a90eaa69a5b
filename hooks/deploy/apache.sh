#!/bin/sh
# Makes Apache check its configuration and read its certificates again; open connections stay open.
#
# Apache may use the files in the store themselves: SSLCertificateFile STATE/certs/NAME/live/fullchain.pem.
# Settings, KEY=value in STATE/credentials/hook-apache (mode 0600); optional:
#   APACHECTL   the program (default: apache2ctl, else apachectl)
# An Apache that does not run is not started, because it would end with certo.service.
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/apache.sh STATE/hooks/deploy/apache.sh
#   certo hooks test NAME
set -eu

# By systemd, if it started the server: what the hook itself starts belongs to certo.service, and ends with it.
reload_by_systemd() {
  for unit in "$@"; do
    if systemctl is-active --quiet "$unit" 2>/dev/null; then
      systemctl reload "$unit"
      exit
    fi
  done
}

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
[ -n "${APACHECTL-}" ] || reload_by_systemd apache2 httpd

# 'graceful' starts an Apache that does not run.
pid_file=$("$ctl" -t -D DUMP_RUN_CFG 2>/dev/null | sed -n 's/^PidFile: "\(.*\)"$/\1/p')
if [ -z "$pid_file" ] || ! pid=$(cat "$pid_file" 2>/dev/null) || ! kill -0 "$pid" 2>/dev/null; then
  echo "apache: it does not run, so there is nothing to reload; start it" >&2
  exit 1
fi
"$ctl" graceful
