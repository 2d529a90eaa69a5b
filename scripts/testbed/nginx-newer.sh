# shellcheck shell=bash
# A newer nginx than the one of this machine's release. Its configuration is the test's business, so nothing is started.

start_nginx-newer() {
  tell NGINX_NEWER "$(cd "$depot/nginx-newer" && pwd -P)/usr/sbin/nginx"
}

wait_nginx-newer() { :; }
