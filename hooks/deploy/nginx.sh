#!/bin/sh
# Makes nginx check its configuration and read its certificates again.
#
# nginx may use the files in the store themselves: ssl_certificate_key STATE/certs/NAME/live/key.pem.
# Settings, KEY=value in STATE/credentials/hook-nginx (mode 0600); all are optional:
#   NGINX          the program, if it is not on PATH
#   NGINX_RELOAD   a shell command that reloads it (default: nginx -s reload)
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/nginx.sh STATE/hooks/deploy/nginx.sh
#   certo hooks test NAME
set -eu

nginx=${NGINX:-nginx}
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$nginx" >/dev/null && exit 0
  printf 'nginx: there is no program %s: set NGINX\n' "$nginx" >&2
  exit 78
fi
"$nginx" -t -q
if [ -n "${NGINX_RELOAD-}" ]; then
  sh -c "$NGINX_RELOAD"
else
  "$nginx" -s reload
fi
