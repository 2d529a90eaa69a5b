#!/usr/bin/env bash
# --stateless: each web server answers http-01 with the lines of 'certo thumbprint', and a wrong thumbprint is noticed
# before the CA looks.
TESTBED="pebble challtestsrv nginx tls-servers caddy"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
srv=$TMP/srv
mkdir -p "$srv"
chmod 755 "$TMP"
address=127.0.0.1

start_here() { # LIBRARIES PROGRAM...
  LD_LIBRARY_PATH=$1 "${@:2}" >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
stop_here() {
  kill "$server"
  wait "$server" 2>/dev/null
}
answer() { # TOKEN
  python3 -c '
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode(), end="")' \
    "http://$address:$PEBBLE_HTTP_PORT/.well-known/acme-challenge/$1"
}
answers() { is "$(answer aToken-_1)" "aToken-_1.$thumbprint"; }
snippet() { "$CERTO" thumbprint --snippet "$1"; }

# ---- the thumbprint ----

refused 78 "the thumbprint of an account that is not there" "there is no account" "$CERTO" thumbprint
check_said "... leads to the command that makes it" "certo account new"
check "an account" "$CERTO" account new --agree-tos
check "its thumbprint" "$CERTO" thumbprint
thumbprint=$(cat "$TMP/out")
check "... is that of RFC 7638" sh -c 'printf %s "$0" | grep -qxE "[A-Za-z0-9_-]{43}"' "$thumbprint"
check "... as JSON" grep -q "\"thumbprint\": *\"$thumbprint\"" <("$CERTO" thumbprint --json)
refused 64 "the lines of an unknown server" "has no lines for 'iis'" "$CERTO" thumbprint --snippet iis

# ---- five servers ----

check_server() { # NAME
  check "$1 answers with the thumbprint" wait_until answers
  check "... nothing but a token" sh -c '! "$@" 2>/dev/null' sh answer 'a/b'
  check "... and the CA accepts it" "$CERTO" issue --agree-tos -f -d "$1.example.com" --stateless
  stop_here
}
export -f answer
export address

{
  [ "$(id -u)" != 0 ] || echo 'user root root;'
  printf 'daemon off;\npid "%s";\nerror_log stderr;\nevents { worker_connections 64; }\nhttp {\n  access_log off;\n' "$srv/pid"
  for folder in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/%s";\n' $folder "$srv" $folder; done
  printf '  server {\n    listen 127.0.0.1:%s;\n' "$PEBBLE_HTTP_PORT"
  snippet nginx
  printf '  }\n}\n'
} >"$srv/nginx.conf"
start_here "$NGINX_LIBRARIES" "$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx.conf"
check_server nginx

modules=$TLS_SERVERS/usr/lib/apache2/modules
mkdir -p "$srv/apache"
{
  printf 'ServerRoot "%s/apache"\nServerName localhost\nPidFile "%s/apache/pid"\nDefaultRuntimeDir "%s/apache"\n' "$srv" "$srv" "$srv"
  printf 'Mutex file:%s/apache default\nErrorLog "%s/apache/errors"\nListen 127.0.0.1:%s\nDocumentRoot "%s/apache"\n' "$srv" "$srv" "$PEBBLE_HTTP_PORT" "$srv"
  for module in mpm_event authz_core rewrite; do printf 'LoadModule %s_module %s/mod_%s.so\n' $module "$modules" $module; done
  snippet apache
} >"$srv/httpd.conf"
start_here "$TLS_SERVERS_LIBRARIES" "$TLS_SERVERS/usr/sbin/apache2" -D FOREGROUND -f "$srv/httpd.conf"
check_server apache

{
  printf 'global\n  log stderr local0\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n'
  printf 'frontend web\n  bind 127.0.0.1:%s\n' "$PEBBLE_HTTP_PORT"
  snippet haproxy
  printf '  http-request return status 404\n'
} >"$srv/haproxy.cfg"
start_here "$TLS_SERVERS_LIBRARIES" "$TLS_SERVERS/usr/sbin/haproxy" -W -f "$srv/haproxy.cfg"
check_server haproxy

{
  printf '{\n  admin off\n  auto_https off\n}\nhttp://:%s {\n  bind 127.0.0.1\n' "$PEBBLE_HTTP_PORT"
  snippet caddy
  printf '  respond 404\n}\n'
} >"$srv/Caddyfile"
start_here '' env HOME="$srv" "$CADDY_PROGRAM" run --config "$srv/Caddyfile" --adapter caddyfile
check_server caddy

snippet lighttpd >"$srv/acme.lua"
{
  printf 'server.document-root = "%s"\nserver.port = %s\nserver.bind = "127.0.0.1"\nserver.errorlog = "%s/errors"\n' \
    "$srv" "$PEBBLE_HTTP_PORT" "$srv"
  sed -n 's/^--   //p' "$srv/acme.lua" | sed "s|/etc/lighttpd/acme.lua|$srv/acme.lua|"
} >"$srv/lighttpd.conf"
start_here "$TLS_SERVERS_LIBRARIES" "$TLS_SERVERS/usr/sbin/lighttpd" -D -m "$TLS_SERVERS/usr/lib/lighttpd" -f "$srv/lighttpd.conf"
check_server lighttpd

# ---- a wrong thumbprint: only a CA that connects to port 80 sees what certo sees ----

check "port 80 of a loopback address is free" test -n "$CADDY_HTTP_ADDR"
wrong=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
export CERTO_SERVER=$CADDY_DIRECTORY CERTO_CA_BUNDLE=$CADDY_CA
check "an account at another CA" "$CERTO" account new --agree-tos
thumbprint=$("$CERTO" thumbprint)
serve_at_80() { # ANSWER
  sed -e "s|listen 127.0.0.1:$PEBBLE_HTTP_PORT;|listen $CADDY_HTTP_ADDR:80;|" -e "s|return 200 .*|return 200 \"$1\";|" \
    "$srv/nginx.conf" >"$srv/nginx80.conf"
  start_here "$NGINX_LIBRARIES" "$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx80.conf"
  wait_until sh -c 'python3 -c "import socket, sys; socket.create_connection((sys.argv[1], 80))" "$0"' "$CADDY_HTTP_ADDR"
}
serve_at_80 "\$1.$wrong"
refused 78 "the thumbprint of another account" "thumbprint '$wrong', and this account has $thumbprint" \
  "$CERTO" issue -d "$CADDY_HTTP_ADDR" --stateless
check_said "... leads to the right lines" "certo thumbprint --snippet"
check "... and the order waits, for the CA was not told to look" "$CERTO" info "$CADDY_HTTP_ADDR" --json
stop_here
serve_at_80 "something else"
expect_exit 1 "a server that answers something else" "$CERTO" issue -d "$CADDY_HTTP_ADDR" --stateless
check_said "... is told before the CA's words" "the server answers 200 'something else'"
check_said "... which lead to the right lines" "hint: the server of $CADDY_HTTP_ADDR must answer"
stop_here
serve_at_80 "\$1.$thumbprint"
check "once it is right, the same command works" "$CERTO" issue -d "$CADDY_HTTP_ADDR" --stateless
stop_here
