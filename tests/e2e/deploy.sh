#!/usr/bin/env bash
# Certificates on real servers: nginx, Apache and HAProxy get them, reload, and present them; a reload that fails
# restores the old ones, and once it is fixed the next run installs without another order.
TESTBED="pebble challtestsrv nginx tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

site=www.example.com
srv=$TMP/srv
mkdir -p "$srv"
# A worker that gives up root cannot read a folder that mktemp made.
chmod 755 "$TMP"
# shellcheck disable=SC2046  # a list of numbers
set -- $(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in sockets])')
nginx_port=$1 apache_port=$2 haproxy_port=$3

start_here() { # NAME LIBRARIES PROGRAM...
  local name=$1 libraries=$2
  shift 2
  LD_LIBRARY_PATH=$libraries "$@" >"$srv/$name/log" 2>&1 </dev/null &
  started="$started $!"
  printf '%s' "$!" >"$srv/$name/started"
}

# The certificate that a server starts with: a self-signed one.
first_files() { # FOLDER
  mkdir -p "$1"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/key.pem" -out "$1/cert.pem" \
    -subj /CN=old -addext "subjectAltName=DNS:$site" -days 30 2>/dev/null
  cat "$1/key.pem" "$1/cert.pem" >"$1/both.pem"
}
on_the_wire() { # PORT [FLAG...]
  local port=$1
  shift
  timeout 5 openssl s_client -connect "127.0.0.1:$port" -servername $site "$@" </dev/null 2>/dev/null |
    openssl x509 -noout -serial 2>/dev/null
}
in_the_store() { openssl x509 -in "$CERTO_HOME/certs/$site/live/cert.pem" -noout -serial; }
presents_ours() { [ "$(on_the_wire "$@")" = "$(in_the_store)" ]; }
answers() { [ -n "$(on_the_wire "$@")" ]; }

# ---- the servers

first_files "$srv/nginx"
user=
[ "$(id -u)" != 0 ] || user='user root root;'
cat >"$srv/nginx/nginx.conf" <<CONFIG
$user
daemon off;
pid "$srv/nginx/pid";
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path "$srv/nginx/body";
  proxy_temp_path "$srv/nginx/proxy";
  fastcgi_temp_path "$srv/nginx/fastcgi";
  uwsgi_temp_path "$srv/nginx/uwsgi";
  scgi_temp_path "$srv/nginx/scgi";
  include "$srv/nginx/extra.conf";
  server {
    listen 127.0.0.1:$nginx_port ssl;
    ssl_certificate "$srv/nginx/cert.pem";
    ssl_certificate_key "$srv/nginx/key.pem";
  }
}
CONFIG
: >"$srv/nginx/extra.conf"
start_here nginx "$NGINX_LIBRARIES" "$NGINX_PROGRAM" -e stderr -p "$srv/nginx" -c "$srv/nginx/nginx.conf"
nginx="LD_LIBRARY_PATH='$NGINX_LIBRARIES' '$NGINX_PROGRAM' -e stderr -p '$srv/nginx' -c '$srv/nginx/nginx.conf'"
nginx_reload="$nginx -t && $nginx -s reload"

first_files "$srv/apache"
modules=$TLS_SERVERS/usr/lib/apache2/modules
cat >"$srv/apache/httpd.conf" <<CONFIG
ServerRoot "$srv/apache"
ServerName localhost
PidFile "$srv/apache/pid"
DefaultRuntimeDir "$srv/apache"
Mutex file:$srv/apache default
ErrorLog "$srv/apache/errors"
Listen 127.0.0.1:$apache_port
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule socache_shmcb_module $modules/mod_socache_shmcb.so
LoadModule ssl_module $modules/mod_ssl.so
DocumentRoot "$srv/apache"
SSLEngine on
SSLSessionCache none
SSLCertificateFile "$srv/apache/live/fullchain.pem"
SSLCertificateKeyFile "$srv/apache/live/key.pem"
CONFIG
# --target-dir is a link to a folder; the administrator made one before certo.
mkdir -p "$srv/apache/first"
cp "$srv/apache/key.pem" "$srv/apache/first/"
cp "$srv/apache/cert.pem" "$srv/apache/first/fullchain.pem"
ln -s first "$srv/apache/live"
start_here apache "$TLS_SERVERS_LIBRARIES" "$TLS_SERVERS/usr/sbin/apache2" -D FOREGROUND -f "$srv/apache/httpd.conf"
apache="LD_LIBRARY_PATH='$TLS_SERVERS_LIBRARIES' '$TLS_SERVERS/usr/sbin/apache2' -f '$srv/apache/httpd.conf'"

first_files "$srv/haproxy"
cat >"$srv/haproxy/haproxy.cfg" <<CONFIG
global
  log stderr local0
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend tls
  bind 127.0.0.1:$haproxy_port ssl crt $srv/haproxy/both.pem
  http-request return status 204
CONFIG
haproxy="'$TLS_SERVERS/usr/sbin/haproxy' -f '$srv/haproxy/haproxy.cfg'"
start_here haproxy "$TLS_SERVERS_LIBRARIES" "$TLS_SERVERS/usr/sbin/haproxy" -W -f "$srv/haproxy/haproxy.cfg"

# Mail servers: only the part of their protocols before TLS.
first_files "$srv/mail"
for protocol in smtp imap pop3 ftp; do
  mkdir -p "$srv/$protocol"
  start_here $protocol '' python3 "$SOURCE/tests/fake/starttls.py" $protocol "$srv/mail/both.pem"
done

check "nginx runs" wait_until answers "$nginx_port"
check "Apache runs" wait_until answers "$apache_port"
check "HAProxy runs" wait_until answers "$haproxy_port"
check "mail servers run" wait_until test -s "$srv/smtp/log" -a -s "$srv/imap/log" -a -s "$srv/pop3/log" -a -s "$srv/ftp/log"

# ---- a certificate for all of them

check "issue, install, reload nginx, and see it there" "$CERTO" issue -d $site --agree-tos --server "$PEBBLE_DIRECTORY" \
  --ca-bundle "$PEBBLE_CA" --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT" --key-file "$srv/nginx/key.pem" \
  --fullchain-file "$srv/nginx/cert.pem" --reloadcmd "$nginx_reload" --verify "127.0.0.1:$nginx_port"
check "nginx presents it" wait_until presents_ours "$nginx_port"
check "Apache gets a folder" "$CERTO" install-cert -d $site --target-dir "$srv/apache/live" \
  --reloadcmd "$apache -t && $apache -k graceful" --verify "127.0.0.1:$apache_port"
check "Apache presents it" wait_until presents_ours "$apache_port"
check "HAProxy gets key and chain in one" "$CERTO" install-cert -d $site --pem-file "$srv/haproxy/both.pem" \
  --reloadcmd "LD_LIBRARY_PATH='$TLS_SERVERS_LIBRARIES' $haproxy -c && kill -USR2 $(cat "$srv/haproxy/started")" \
  --verify "localhost:$haproxy_port"
check "HAProxy presents it" wait_until presents_ours "$haproxy_port"
check "mail servers are checked by STARTTLS" "$CERTO" install-cert -d $site --pem-file "$srv/mail/both.pem" \
  --verify "127.0.0.1:$(cat "$srv/smtp/log")/smtp" --verify "127.0.0.1:$(cat "$srv/imap/log")/imap" \
  --verify "127.0.0.1:$(cat "$srv/pop3/log")/pop3" --verify "127.0.0.1:$(cat "$srv/ftp/log")/ftp"
check "they present it" wait_until presents_ours "$(cat "$srv/smtp/log")" -starttls smtp
expect_exit 4 "one that does not present it is found out" "$CERTO" install-cert -d $site --key-file "$srv/mail/other.pem" \
  --verify "127.0.0.1:$nginx_port/imap"
check "and is not queried again" "$CERTO" install-cert -d $site --forget --key-file "$srv/mail/other.pem"

check "a renewal brings it to all of them" "$CERTO" renew --force $site --ca-bundle "$PEBBLE_CA"
check_said "and says so" "renewed" "installed"
for port in "$nginx_port" "$apache_port" "$haproxy_port"; do
  check "the new one is on the wire ($(grep -rl ":$port" "$srv" --include='*.conf' --include='*.cfg' | xargs -n 1 basename))" \
    presents_ours "$port"
done
check "mail servers present the new one" wait_until presents_ours "$(cat "$srv/smtp/log")" -starttls smtp

# ---- a configuration that is broken

served=$(on_the_wire "$nginx_port")
sum=$(cat "$srv/nginx/key.pem" "$srv/nginx/cert.pem" | sha256sum)
echo "this is no directive;" >"$srv/nginx/extra.conf"
expect_exit 4 "with a broken nginx the renewal ends with 4" "$CERTO" renew --force $site --ca-bundle "$PEBBLE_CA"
check_said "and shows nginx's own message" "test failed"
version=$(readlink "$CERTO_HOME/certs/$site/live")
check "nginx presents the old one" is "$(on_the_wire "$nginx_port")" "$served"
check "and the old files are restored" is "$(cat "$srv/nginx/key.pem" "$srv/nginx/cert.pem" | sha256sum)" "$sum"
check "the other servers have the new one nevertheless" wait_until presents_ours "$haproxy_port"
: >"$srv/nginx/extra.conf"
check "once it is fixed the next run installs" "$CERTO" renew --all --ca-bundle "$PEBBLE_CA"
check "nginx presents the new one" wait_until presents_ours "$nginx_port"
check "it is the same certificate, not one of another order" is "$(readlink "$CERTO_HOME/certs/$site/live")" "$version"

check "a reload that does nothing is found out" "$CERTO" install-cert -d $site --key-file "$srv/nginx/key.pem" \
  --fullchain-file "$srv/nginx/cert.pem" --reloadcmd true --verify "127.0.0.1:$nginx_port"
expect_exit 4 "by the certificate that the server presents" "$CERTO" renew --force $site --ca-bundle "$PEBBLE_CA"
check_said "which is the old one" "still presents"
