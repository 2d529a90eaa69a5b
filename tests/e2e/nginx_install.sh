#!/usr/bin/env bash
# certo --nginx: nginx presents the certificate afterwards, a renewal only reloads it, and 'certo undo' gives the same
# bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
export LD_LIBRARY_PATH=$NGINX_LIBRARIES
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
srv=$TMP/srv
mkdir -p "$srv/sites" "$srv/snippets"
chmod 755 "$TMP" "$srv"
make_old_pair "$srv"
nginx_main "$srv" >"$srv/nginx.conf"
# Names of sites: the first address is for pebble.
plain="listen 127.0.0.1:$PEBBLE_HTTP_PORT; listen $own:80;"
put() { # NAME TEXT: a site whose text has PLAIN, OWN, OLD and NAME in it
  local text=${2//PLAIN/$plain}
  text=${text//OWN/$own}
  text=${text//OLD/ssl_certificate $srv/old.pem; ssl_certificate_key $srv/old.key;}
  printf '%b' "${text//NAME/$1.example.com}" >"$srv/sites/$1"
}
put plain 'server {\n    PLAIN\n    server_name NAME;\n    return 200 "plain";\n}\n'
put secure 'server {\n    PLAIN\n    listen OWN:443 ssl;\n    server_name NAME;\n    OLD\n    return 200 "secure";\n}\n'
put split 'server {\n    PLAIN\n    server_name NAME;\n    return 301 https://$host$request_uri;\n}\nserver {\n    listen OWN:443 ssl;\n    server_name NAME;\n    ssl_certificate\n      "'"$srv"'/old.pem";\n    ssl_certificate_key '"$srv"'/old.key; # mine\n    return 200 "split";\n}\n'
put oneline 'server{PLAIN server_name NAME;return 200 "oneline";}'
put crlf 'server {\r\n  PLAIN\r\n  server_name NAME;\r\n  return 200 "crlf";\r\n}\r\n'
put rehearsed 'server {\n    PLAIN\n    server_name NAME;\n    deny all;\n}\n'

"$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx.conf" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
serves() { # NAME
  curl -sS --noproxy '*' -m 5 -H "Host: $1.example.com" "http://$own/" | grep -q .
}
check "nginx runs" wait_until serves plain
tree() { (cd "$srv" && find . -not -name log -type f -exec sha256sum {} + | sort); }
reloads() { grep -c 'signal 1 (SIGHUP) received' "$srv/log"; }
before=$(tree)
conf="--nginx-conf $srv/nginx.conf"
nginx() { # NAME...
  local names=""
  while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
    names="$names -d $1.example.com"
    shift
  done
  # shellcheck disable=SC2086  # lists of words
  "$CERTO" --nginx $conf $names "$@"
}

# ---- issue, renewal, undo ----

check "a site without TLS" nginx plain --agree-tos
check_said "... says what was done" "installed in $srv/nginx.conf" "certo undo plain.example.com"
check "... presents the certificate" presents plain
check "... over http, it is as before" serves plain
check "... with two reloads" is "$(reloads)" 2
check "... and one snippet with settings" grep -q ssl_protocols "$srv/certo/tls.conf"
check "the same again" nginx plain
check "... changes nothing" is "$(reloads)" 2
edited=$(tree)
check "a renewal" "$CERTO" renew --force plain.example.com
check "... edits nothing" is "$(tree)" "$edited"
check "... reloads once" is "$(reloads)" 3
check "... and nginx presents the new certificate" presents plain
for name in secure split oneline crlf; do
  check "a site: $name" nginx $name
  check "... presents the certificate" presents $name
done
check "... and the first one still presents its own" presents plain
check "the split site still redirects" sh -c 'curl -sS --noproxy "*" -o /dev/null -w "%{http_code}" -H "Host: split.example.com" "http://$0/x" | grep -q 301' "$own"
check "a comment behind a replaced line is there" grep -q '# mine' "$srv/sites/split"
check "no socket option was copied, and no site has lines twice" \
  is "$(grep -rho 'listen [^;]*:443 ssl[^;]*;' "$srv/sites" | sort | uniq -c | awk '{ print $1 }')" 5

check "a redirect" nginx plain --redirect
redirects() { curl -sS --noproxy '*' -o /dev/null -w '%{http_code}' -H "Host: $1.example.com" "http://$own/x" | grep -q 301; }
check "... leads to https" wait_until redirects plain
check "... but not the challenges" "$CERTO" renew --force plain.example.com
check "a redirect of a site that has one" nginx split --redirect
check_said "... is not added" "redirects to https already"
check "undo of the redirect alone" "$CERTO" undo plain.example.com --only redirect
check "... leaves the certificate" presents plain
serves_plain() { ! redirects plain; }
check "... and http is as before" wait_until serves_plain
for name in plain secure split oneline crlf; do check "undo: $name" "$CERTO" undo $name.example.com; done
check "all files have the same bytes as before" is "$(tree)" "$before"
check "... and certo's folder is gone" test ! -e "$srv/certo"
old_again() { [ "$(shown secure)" = "$(openssl x509 -noout -serial -in "$srv/old.pem")" ]; }
check "... and nginx presents the old certificate" wait_until old_again
# By certo's words: nginx takes several signals for one while it is busy, and its log may still wait for the last undo's.
check "a renewal after that" "$CERTO" -v renew --force secure.example.com
check "... reloads once" is "$(grep -c ' reload: ' "$TMP/err")" 1
check "... adds the lines for the proof again, and installs nothing" is "$(grep -c 'live/fullchain' "$srv/sites/secure")" 0
check "remove --undo" "$CERTO" remove --undo --yes secure.example.com
check "... gives the same bytes as before" is "$(tree)" "$before"

# ---- other ways ----

rehearse() {
  # shellcheck disable=SC2086  # a list of words
  env -u CERTO_SERVER "$CERTO" issue $conf -d rehearsed.example.com --nginx --dry-run --server "$PEBBLE_DIRECTORY"
}
check "a rehearsal" rehearse
check "... shows the changes" grep -q '^+    ssl_certificate ' "$TMP/out"
check "... as a patch that fits" patch --dry-run -s -p1 -d / -i "$TMP/out"
check "... and removes its lines again" is "$(tree)" "$before"
certonly() { nginx "$1" --no-install; }
check "only the proof" certonly secure
check "... leaves the certificate of nginx" old_again
by_dns() {
  "$CERTO" issue --cert-name star -d '*.example.com' --dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR --nginx-conf "$srv/nginx.conf" --install nginx "$@"
}
put star 'server {\n    listen OWN:80;\n    server_name *.example.com;\n    return 200 "star";\n}\n'
kill -HUP "$server"
serves_star() { [ "$(curl -sS --noproxy '*' -m 5 -H 'Host: any.example.com' "http://$own/")" = star ]; }
check "a block for a wildcard" wait_until serves_star
check "a wildcard by DNS, for nginx" by_dns
star_serial() { openssl x509 -noout -serial -in "$CERTO_HOME/certs/star/live/fullchain.pem"; }
check "... is presented" is "$(shown any)" "$(star_serial)"
check "... in each block whose names it covers" is "$(grep -rl 'certs/star' "$srv/sites" | wc -l)" 7
check "undo" "$CERTO" undo star
check "... removes it" sh -c '! grep -q certo "$0"' "$srv/sites/star"
rm "$srv/sites/star"
check "undo of the proof" "$CERTO" undo secure.example.com
check "... gives the same bytes as before" is "$(tree)" "$before"

# ---- what is refused, before the CA is asked for an order ----

orders() { find "$CERTO_HOME/certs" -name order.json | wc -l; }
nginx_refused() { # NAME TEXT SITE WORD...
  local what=$1 text=$2 site=$3
  shift 3
  refused 78 "$what" "$text" nginx "$site" "$@"
  check "... and nothing is changed" is "$(tree)" "$now"
}
now=$(tree)
nginx_refused "a name without a block" "no server block" nowhere
put certbot 'server {\n    PLAIN\n    listen OWN:443 ssl; # managed by Certbot\n    server_name NAME;\n    OLD # managed by Certbot\n}\n'
put shared 'server {\n    PLAIN\n    listen OWN:443 ssl;\n    server_name NAME;\n    include snippets/pair;\n}\nserver {\n    listen OWN:443 ssl;\n    server_name other.NAME;\n    include snippets/pair;\n}\n'
printf 'ssl_certificate %s/old.pem;\nssl_certificate_key %s/old.key;\n' "$srv" "$srv" >"$srv/snippets/pair"
kill -HUP "$server"
now=$(tree)
nginx_refused "a block of certbot" "certbot looks after this block" certbot
nginx_refused "a pair in a snippet that sites share" "other.shared.example.com" shared
check "certbot's block, taken over" nginx certbot --take-over
check "... presents the certificate" presents certbot
check "... and the way back" "$CERTO" undo certbot.example.com
check "... has the same bytes" is "$(tree)" "$now"
refused 64 "--redirect without a server" "belongs to --nginx" "$CERTO" issue -d plain.example.com --standalone --redirect
refused 64 "another server" "cannot change the configuration of 'caddy'" \
  "$CERTO" issue -d plain.example.com --standalone --install caddy
held=127.$((RANDOM % 200 + 20)).77.$((RANDOM % 250 + 2))
put held "server {\\n    listen 127.0.0.1:$PEBBLE_HTTP_PORT; listen $held:80;\\n    server_name NAME;\\n}\\n"
kill -HUP "$server"
python3 -c 'import socket, sys, time
s = socket.socket(); s.bind((sys.argv[1], 443)); s.listen(); print("ready", flush=True); time.sleep(600)' "$held" >"$TMP/holder" &
holder=$!
started="$started $holder"
check "another program has port 443" wait_until grep -q ready "$TMP/holder"
now=$(tree)
nginx_refused "it is named" "python3 (process $holder) listens on $held:443" held
rm "$srv/sites/held"

# ---- two certificates in one block, and people who edit ----

rm "$srv/sites/certbot" "$srv/sites/shared"
kill -HUP "$server"
twice() { # NAME: a certificate for one more block
  "$CERTO" issue -d secure.example.com --cert-name "$1" --nginx --nginx-conf "$srv/nginx.conf"
}
check "a first certificate" twice first
check "a second one for the same block" twice second
check "... is presented" is "$(shown secure)" "$(openssl x509 -noout -serial -in "$CERTO_HOME/certs/second/live/fullchain.pem")"
refused 64 "the first cannot go before it" "lines of the certificate second stand in the place" "$CERTO" undo first
refused 64 "... nor be removed" "lines of the certificate second stand in the place" "$CERTO" remove --undo --yes first
check "the second goes" "$CERTO" remove --undo --yes second
check "... and the first" "$CERTO" remove --undo --yes first
rm "$srv/snippets/pair"
check "... and all files are as before" is "$(tree)" "$before"

check "a certificate" nginx secure
sed -i 's/;  *# certo:/;\t\t# certo:/' "$srv/sites/secure"
mv "$srv/sites/secure" "$srv/sites/moved"
check "undo of lines that were aligned and moved" "$CERTO" undo secure.example.com
check_said "... says where they are" "certo's line is in $srv/sites/moved now"
mv "$srv/sites/moved" "$srv/sites/secure"
check "... removes all of them" is "$(tree)" "$before"
check "a certificate again" nginx secure
sed -i 's/ *# certo:.*//' "$srv/sites/secure"
refused 64 "a certificate that nginx names is not removed" "a web server's configuration names" \
  "$CERTO" remove --yes secure.example.com
expect_exit 4 "undo without marks" "$CERTO" undo secure.example.com
check_said "... names the lines" "nginx still names files of this certificate there" "$srv/sites/secure:"
refused 64 "... and it is still not removed" "nginx would not start without them" \
  "$CERTO" remove --yes secure.example.com
put secure 'server {\n    PLAIN\n    listen OWN:443 ssl;\n    server_name NAME;\n    OLD\n    return 200 "secure";\n}\n'
rm -rf "$srv/certo"
kill -HUP "$server"
check "without the lines it is" "$CERTO" remove --yes secure.example.com

check "a certificate with a journal" nginx secure
echo '{' >"$CERTO_HOME/certs/secure.example.com/webserver.json"
expect_exit 65 "a damaged journal" "$CERTO" undo secure.example.com
check_said "... is named, with what to do" "certs/secure.example.com/webserver.json is not JSON" "ends with '# certo:"
check "another certificate is installed all the same" nginx crlf
check "... and undone" "$CERTO" undo crlf.example.com
rm "$CERTO_HOME/certs/secure.example.com/webserver.json"
check "without the journal" "$CERTO" undo secure.example.com
check_said "... certo still sees who needs the certificate" "names files of this certificate"
put secure 'server {\n    PLAIN\n    listen OWN:443 ssl;\n    server_name NAME;\n    OLD\n    return 200 "secure";\n}\n'
rm -rf "$srv/certo"
kill -HUP "$server"
check "... until the lines are gone" "$CERTO" remove --yes secure.example.com
check "all files are as before" is "$(tree)" "$before"

# ---- killed in the middle of the installation ----

check "a certificate for it" "$CERTO" issue -d plain.example.com --cert-name killed --nginx --no-install \
  --nginx-conf "$srv/nginx.conf"
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
now=$(tree)
good=$CERTO_HOME killed=0
killed_install() {
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=kill FAULT_LOG=$TMP/call "$DYNAMIC" issue -d plain.example.com \
    --cert-name killed --nginx --nginx-conf "$srv/nginx.conf" >"$TMP/killed.out" 2>&1
}
for ((at = 1; at <= 150; at++)); do
  rm -rf "$TMP/try" "$TMP/call"
  cp -a "$good" "$TMP/try"
  export CERTO_HOME=$TMP/try
  killed_install 2>/dev/null
  killed=$((killed + 1))
  [ -e "$TMP/call" ] || break
  what="killed at call $at, $(cat "$TMP/call"):"
  "$NGINX_PROGRAM" -e stderr -p "$srv" -t -c "$srv/nginx.conf" >"$TMP/test" 2>&1 ||
    echo "$what nginx refuses the configuration: $(cat "$TMP/test")" >>"$TMP/wrong"
  "$CERTO" renew --all >"$TMP/next" 2>&1
  "$CERTO" undo killed --only certificate >>"$TMP/next" 2>&1
  [ "$(tree)" = "$now" ] || echo "$what $(diff <(echo "$now") <(tree) | head -3)" >>"$TMP/wrong"
done
check "killed at each call, $killed times: nginx accepts what is there, and undo removes it" test ! -e "$TMP/wrong"
[ ! -e "$TMP/wrong" ] || cat "$TMP/wrong"
check "... not for nothing" test "$killed" -gt 15
check "the last one came to its end" "$CERTO" undo killed
check "... and all files are as before" is "$(tree)" "$before"
export CERTO_HOME=$good

# ---- without names ----

export CERTO_HOME=$TMP/found
check "an account" "$CERTO" account new --agree-tos
unnamed() { "$CERTO" --nginx --nginx-conf "$srv/nginx.conf" --no-install "$@"; }
refused 64 "no name, and nobody to ask" "-d NAME is missing" unnamed
check_said "... the hint names what nginx has" "--all-vhosts takes all that nginx has: crlf.example.com, oneline.example.com"
check "a person chooses: Enter is all" "$(dirname "$0")/on-terminal" "which?" true \
  "$CERTO" --nginx --nginx-conf "$srv/nginx.conf" --no-install
check_said "... from a list" "nginx has these sites:" "crlf.example.com has no address"
certificates() { find "$CERTO_HOME/certs" -mindepth 1 -maxdepth 1 | wc -l; }
check "... each site has a certificate" is "$(certificates)" "$(find "$srv/sites" -type f | wc -l)"
expect_exit 0 "all of them again" unnamed --all-vhosts
for name in "$CERTO_HOME"/certs/*; do "$CERTO" undo "${name##*/}" 2>/dev/null; done
check "undo of all" is "$(tree)" "$before"
