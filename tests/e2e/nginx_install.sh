#!/usr/bin/env bash
# certo --nginx: nginx presents the certificate afterwards, a renewal only reloads it, and 'certo undo' gives the same
# bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
export LD_LIBRARY_PATH=$NGINX_LIBRARIES
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
if [ "$(id -u)" != 0 ]; then
  ok "only root may listen on ports 80 and 443"
  exit 0
fi
# Ports 80 and 443 of an address of our own; pebble asks on its own port.
own=127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 2))
srv=$TMP/srv
mkdir -p "$srv/sites" "$srv/snippets"
chmod 755 "$TMP" "$srv"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$srv/old.key" -out "$srv/old.pem" \
  -subj /CN=old -days 30 2>/dev/null
cat >"$srv/nginx.conf" <<END
user root root;
pid "$srv/pid";
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path "$srv/body"; proxy_temp_path "$srv/proxy"; fastcgi_temp_path "$srv/fastcgi";
  uwsgi_temp_path "$srv/uwsgi"; scgi_temp_path "$srv/scgi";
  include sites/*;
}
END
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

"$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx.conf" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
serves() { # NAME
  curl -sS --noproxy '*' -m 5 -H "Host: $1.example.com" "http://$own/" | grep -q .
}
check "nginx runs" wait_until serves plain
tree() { (cd "$srv" && find . -not -name log -type f -exec sha256sum {} + | sort); }
reloads() { grep -c 'signal 1 (SIGHUP) received' "$srv/log"; }
shown() { # NAME: the serial that is presented
  openssl s_client -connect "$own:443" -servername "$1.example.com" </dev/null 2>/dev/null |
    openssl x509 -noout -serial 2>/dev/null
}
live() { openssl x509 -noout -serial -in "$CERTO_HOME/certs/$1.example.com/live/fullchain.pem"; }
presents() { [ "$(shown "$1")" = "$(live "$1")" ]; }
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
count=$(reloads)
check "a renewal after that" "$CERTO" renew --force secure.example.com
check "... adds the lines for the proof again, and installs nothing" is "$(grep -c 'live/fullchain' "$srv/sites/secure")" 0
check "... with one reload" is "$(reloads)" $((count + 1))
check "remove --undo" "$CERTO" remove --undo --yes secure.example.com
check "... gives the same bytes as before" is "$(tree)" "$before"

# ---- other ways ----

# shellcheck disable=SC2086  # a list of words
check "a rehearsal" "$CERTO" issue $conf -d plain.example.com --nginx --dry-run --server "$PEBBLE_DIRECTORY"
