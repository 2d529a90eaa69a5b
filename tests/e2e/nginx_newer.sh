#!/usr/bin/env bash
# certo --nginx with a newer nginx than the one of this machine's release, where 'http2' is a directive of its own and
# 'listen … http2' gives a warning, and with the listeners of HTTP/3.
TESTBED="pebble challtestsrv nginx-newer"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
# Ports 80 and 443 of addresses of our own, each with its kind of listener; pebble asks on its own port.
own=$net.2 old=$net.3 quic=$net.4 only=$net.5 shut=$net.6 twice=$net.7
srv=$TMP/srv
mkdir -p "$srv/sites"
chmod 755 "$TMP" "$srv"
make_old_pair "$srv"
nginx_main "$srv" >"$srv/nginx.conf"
pair="ssl_certificate $srv/old.pem; ssl_certificate_key $srv/old.key;"
put() { # NAME ADDRESS LINE...: a site of port 80
  local name=$1 address=$2
  shift 2
  printf 'server {\n  listen 127.0.0.1:%s; listen %s:80;\n  server_name %s.example.com;\n' "$PEBBLE_HTTP_PORT" "$address" "$name"
  [ $# = 0 ] || printf '  %s\n' "$@"
  printf '  location / { return 200 "%s"; }\n}\n' "$name"
}
put plain "$own" >"$srv/sites/plain"
put off "$own" 'http2 off;' >"$srv/sites/off"
put word "$old" "listen $old:443 ssl http2;" "$pair" >"$srv/sites/word"
put beside "$old" >"$srv/sites/beside"
{
  put first "$twice" "listen $twice:443 ssl http2;" "$pair"
  put second "$twice" "listen $twice:443 ssl http2;" "$pair" 'gzip_types text/html;'
} >"$srv/sites/twice"
put three "$twice" >"$srv/sites/three"
put third "$quic" "listen $quic:443 ssl; listen $quic:443 quic reuseport;" 'http2 on; http3 on;' "$pair" >"$srv/sites/third"
put after "$quic" >"$srv/sites/after"
put udp "$only" "listen $only:443 quic reuseport;" "$pair" >"$srv/sites/udp"
put upon "$only" >"$srv/sites/upon"
{
  printf 'server {\n  listen %s:443 ssl default_server;\n  ssl_reject_handshake on;\n}\n' "$shut"
  put open "$shut"
} >"$srv/sites/open"

"$NGINX_NEWER" -e stderr -p "$srv" -c "$srv/nginx.conf" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
address_of() { # NAME: of its port 80
  sed -n "s/.* listen \\($net\\.[0-9]*\\):80;.*/\\1/p" "$srv/sites/$1"
}
serves() { # NAME
  curl -sS --noproxy '*' -m 5 -H "Host: $1.example.com" "http://$(address_of "$1")/" | grep -qx "$1"
}
check "nginx runs" wait_until serves plain
tree() { (cd "$srv" && find . -not -name log -type f -exec sha256sum {} + | sort); }
protocol() { # NAME: what TLS agrees on
  openssl s_client -alpn h2,http/1.1 -connect "$(address_of "$1"):443" -servername "$1.example.com" </dev/null 2>/dev/null |
    sed -n 's/^ALPN protocol: //p'
}
warnings() { "$NGINX_NEWER" -e stderr -p "$srv" -t -c "$srv/nginx.conf" 2>&1 | grep -c '\[warn\]'; }
before=$(tree)
warned=$(warnings)
check "nginx warns of the user's own lines" is "$warned" 4
nginx() { # NAME OPTION...
  local name=$1
  shift
  "$CERTO" --nginx --nginx-conf "$srv/nginx.conf" -d "$name.example.com" "$@"
}

check "certo sees it" "$CERTO" webserver nginx --nginx-conf "$srv/nginx.conf"
check_said "... with its version" "nginx/1."
check "a site without TLS" nginx plain --agree-tos
check "... presents the certificate" presents plain
check "... has the directive" grep -q '^ *http2 on;' "$srv/sites/plain"
check "... and speaks HTTP/2" is "$(protocol plain)" h2
check "... over http, it is as before" serves plain
check "a block without HTTP/2" nginx off
check "... presents the certificate" presents off
check "... stays without it" is "$(protocol off)" http/1.1
check "a block with the old word" nginx word
check "... presents the certificate" presents word
check "... keeps its line" grep -q "^  listen $old:443 ssl http2;" "$srv/sites/word"
check "a block on the same address" nginx beside
check "... presents the certificate" presents beside
check "... speaks HTTP/2, as the address does" is "$(protocol beside)" h2
check "a block with HTTP/3" nginx third
check "... presents the certificate" presents third
check "a block beside it" nginx after
check "... presents the certificate" presents after
check "a block with HTTP/3 alone" nginx udp
check "... presents the certificate" presents udp
check "a block beside that" nginx upon
check "... presents the certificate" presents upon
check "a block on an address that refuses unknown names" nginx open
check "... presents the certificate" presents open
refuses() { ! openssl s_client -connect "$shut:443" -servername x.test </dev/null >"$TMP/refused" 2>&1; }
check "... and others are still refused" refuses
check "no option of a socket was copied" is "$(grep -rho 'quic reuseport' "$srv/sites" | wc -l)" 2
check "nginx warns of nothing else" is "$(warnings)" "$warned"
check "a block on an address where two lines have the word" nginx three
check "... presents the certificate" presents three
check "... repeats the word, without which nginx would say that the lines differ" \
  grep -q "listen $twice:443 ssl http2;" "$srv/sites/three"
edited=$(tree)
for name in plain beside third udp; do
  check "a renewal: $name" "$CERTO" renew --force $name.example.com
  check "... is presented, when nginx has reloaded" wait_until presents $name
done
check "... edits nothing" is "$(tree)" "$edited"
for name in plain off word beside third after udp upon open three; do
  check "undo: $name" "$CERTO" undo $name.example.com
done
check "all files have the same bytes as before" is "$(tree)" "$before"
check "... and nginx serves as before" wait_until serves plain
old_again() { [ "$(shown word)" = "$(openssl x509 -noout -serial -in "$srv/old.pem")" ]; }
check "... with the old certificate" wait_until old_again
