#!/usr/bin/env bash
# certo webserver --patch: with the lines that it prints, nginx answers http-01 in blocks that redirect, deny or pass
# everything on; pebble validates through them. 'patch -R' gives the same bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
export LD_LIBRARY_PATH=$NGINX_LIBRARIES
srv=$TMP/srv
acme=$srv/acme
mkdir -p "$srv/sites" "$srv/available" "$acme"
chmod 755 "$TMP" "$srv" "$acme"

listen="listen 127.0.0.1:$PEBBLE_HTTP_PORT;"
{
  [ "$(id -u)" != 0 ] || echo 'user root root;'
  printf 'pid "%s/pid";\nerror_log stderr;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n' "$srv"
  for folder in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/%s";\n' $folder "$srv" $folder; done
  printf '  map $http_upgrade $connection_upgrade { default upgrade; "" close; }\n'
  printf '  include sites/*;\n}\n'
} >"$srv/nginx.conf"
put() { # NAME TEXT: a site whose text has LISTEN and NAME in it
  local text=${2//LISTEN/$listen}
  printf '%b' "${text//NAME/$1.example.com}" >"$srv/sites/$1"
}
put redirect 'server {\n    LISTEN\n    server_name NAME;\n    return 301 https://$host$request_uri;\n}\n'
put if 'server {\n\tLISTEN\n\tserver_name NAME;\n\tif ($host = NAME) {\n\t\treturn 301 https://$host$request_uri;\n\t} # managed by Certbot\n\treturn 404;\n}\n'
put php 'server {\n  LISTEN\n  server_name NAME;\n  rewrite ^/(.*)$ /index.php last;\n  location ~ \\.php$ { return 200 "index"; }\n}\n'
put deny 'server {\n  LISTEN\n  server_name NAME;\n  deny all;\n  auth_basic "closed";\n  auth_basic_user_file none;\n  location ~ /\\. { deny all; }\n}\n'
put proxy 'server {\n  LISTEN\n  server_name NAME;\n  auth_request /auth;\n  location / {\n    proxy_pass http://127.0.0.1:1;\n    proxy_set_header Upgrade $http_upgrade;\n    proxy_set_header Connection $connection_upgrade;\n  }\n  location = /auth { internal; return 403; }\n}\n'
put oneline 'server{LISTEN server_name NAME;return 403;}'
put crlf '# caf\\xe9\r\nserver\r\n{ # }\r\n  LISTEN\r\n  server_name\r\n    "NAME"; return 410;\r\n}\r\n'
put MIXED 'server {\n\n  LISTEN server_name NAME;\n  location ^~ /.well-known/ { return 403; }\n  location / { return 302 /x; }\n}\n'
printf 'server {\n  %s\n  server_name linked.example.com;\n  return 444;\n}\nserver {\n  %s\n  server_name untouched.example.com;\n}\n' \
  "$listen" "$listen" >"$srv/available/linked"
ln -s ../available/linked "$srv/sites/linked"

"$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx.conf" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
status_of() { # NAME PATH
  curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' -H "Host: $1.example.com" "http://127.0.0.1:$PEBBLE_HTTP_PORT$2"
}
has_status() { [ "$(status_of "$1" "$2")" = "$3" ]; }
check "nginx runs" wait_until has_status redirect / 301
checksums() {
  find "$srv/nginx.conf" "$srv/sites" "$srv/available" -type f -exec sha256sum {} + | sort
}
before=$(checksums)

names=
for name in redirect if php deny proxy oneline crlf mixed linked; do names="$names -d $name.example.com"; done
# The last one has no block: the default of its address answers, which is the first block, of "MIXED".
names="$names -d unknown.example.com"
show_patch() {
  # shellcheck disable=SC2086  # a list of words
  "$CERTO" webserver --nginx-conf "$srv/nginx.conf" $names --patch "$acme"
}
check "the patch" show_patch
cp "$TMP/out" "$TMP/patch"
check_said "... with what to do with it" "patch -p1 -d /" "--webroot $acme"
check "... nothing was written by certo" is "$(checksums)" "$before"
check "... has a line for each block" is "$(grep -c '^+.*include "' "$TMP/patch")" 9
check "... changes the line of the block on one line, and no other" is "$(grep -c '^-[^-]' "$TMP/patch")" 1
check "patch takes it" patch -p1 -d / -i "$TMP/patch"
check "nginx takes it" "$NGINX_PROGRAM" -e stderr -p "$srv" -t -c "$srv/nginx.conf"
check_said "... without a warning" "test is successful"
check "... really" sh -c '! grep -q warn "$0"' "$TMP/err"
mkdir -p "$acme/.well-known/acme-challenge"
printf there >"$acme/.well-known/acme-challenge/probe"
kill -HUP "$server"
check "nginx answers from the folder" wait_until has_status redirect /.well-known/acme-challenge/probe 200
# A failure of one is a failure of all; each wait that fails takes ten seconds.
[ "$lib_failures" = 0 ] || exit 1
for name in if php deny proxy oneline crlf mixed linked unknown; do
  check "... for $name" wait_until has_status "$name" /.well-known/acme-challenge/probe 200
done
check "... and not in another block" has_status untouched /.well-known/acme-challenge/probe 404
check "... other paths are as before" has_status redirect /x 301
check "... and the password is still asked for" sh -c 'case $0 in 401 | 403 | 500) ;; *) exit 1 ;; esac' "$(status_of deny /x)"
# shellcheck disable=SC2086  # a list of words
check "pebble validates all of them" "$CERTO" issue --agree-tos $names --webroot "$acme"
check "the same patch again" show_patch
check_said "... is empty" "nginx has these lines already"
check "... really" is "$(cat "$TMP/out.last")" ""
check "patch -R" patch -R -p1 -d / -i "$TMP/patch"
check "... gives the same bytes as before" is "$(checksums)" "$before"
check "... and removes the included file" test ! -e "$srv/certo/challenge.conf"

# ---- what is refused ----

refused 64 "a wildcard" "a web server cannot prove a wildcard" "$CERTO" webserver -d '*.example.com' --patch "$acme"
refused 64 "no name" "--patch needs the names" "$CERTO" webserver --patch "$acme"
put own 'server {\n  LISTEN\n  server_name NAME;\n  location ^~ /.well-known/acme-challenge/ { root /srv; }\n}\n'
refused 78 "a location for the same path" "sites/own:4: there is a location" \
  "$CERTO" webserver --nginx-conf "$srv/nginx.conf" -d own.example.com --patch "$acme"
