#!/bin/sh
# Makes nginx check its configuration and read its certificates again.
#
# nginx may use the files in the store themselves: ssl_certificate_key STATE/certs/NAME/live/key.pem.
# Settings, KEY=value in STATE/credentials/hook-nginx (mode 0600); all are optional:
#   NGINX          the program, if it is not on PATH
#   NGINX_RELOAD   a shell command that reloads it (default: systemctl reload nginx, or nginx -s reload if systemd
#                  did not start it)
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/nginx.sh STATE/hooks/deploy/nginx.sh
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

nginx=${NGINX:-nginx}
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$nginx" >/dev/null && exit 0
  printf 'nginx: there is no program %s: set NGINX\n' "$nginx" >&2
  exit 78
fi
"$nginx" -t -q
if [ -n "${NGINX_RELOAD-}" ]; then
  sh -c "$NGINX_RELOAD"
  exit
fi
[ -n "${NGINX-}" ] || reload_by_systemd nginx
if ! said=$("$nginx" -s reload 2>&1); then
  printf '%s\nnginx: it cannot be reloaded; if it does not run, start it\n' "$said" >&2
  exit 1
fi
