# shellcheck shell=bash
# Programs that certificates are installed for. Their configuration is the test's business, so nothing is started.

start_tls-servers() {
  tell TLS_SERVERS "$depot/tls-servers" TLS_SERVERS_LIBRARIES "$(libraries tls-servers)" \
    NGINX_PROGRAM "$depot/nginx/usr/sbin/nginx" NGINX_LIBRARIES "$(libraries nginx)"
}

wait_tls-servers() { :; }
