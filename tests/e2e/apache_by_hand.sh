#!/usr/bin/env bash
# certo --apache by a configuration without a distribution's layout: mod_ssl is loaded by a line, and each kind of site
# comes back to the same bytes.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES
srv=$TMP/srv
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
APACHE=$TLS_SERVERS/usr/sbin/apache2
modules=$TLS_SERVERS/usr/lib/apache2/modules
mkdir -p "$srv/sites" "$srv/available" "$srv/snippets" "$srv/www"
chmod 755 "$TMP" "$srv" "$srv/www"
make_old_pair "$srv"
echo site >"$srv/www/page"
chmod 644 "$srv/www/page"
{
  printf 'ServerRoot %s\nServerName main.example\nPidFile pid\nDefaultRuntimeDir .\nMutex file:%s default\n' "$srv" "$srv"
  printf 'ErrorLog errors\nUser nobody\nGroup nogroup\n'
  for module in mpm_event authz_core authn_core alias rewrite headers macro; do
    printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"
  done
  printf 'Listen 127.0.0.1:%s\nListen %s:80\n' "$PEBBLE_HTTP_PORT" "$own"
  printf '<Directory %s/www>\n  Require all granted\n</Directory>\nIncludeOptional sites/*\n' "$srv"
} >"$srv/httpd.conf"
plain="<VirtualHost $own:80 127.0.0.1:$PEBBLE_HTTP_PORT>"
put() { # NAME LINE...: a site of port 80
  local name=$1
  shift
  printf '%s\n  ServerName %s.example.com\n  DocumentRoot %s/www\n' "$plain" "$name" "$srv"
  [ $# = 0 ] || printf '  %s\n' "$@"
  printf '</VirtualHost>\n'
}
put plain >"$srv/sites/plain"
put redirected 'Redirect permanent / https://redirected.example.com/' >"$srv/sites/redirected"
put rewritten 'RewriteEngine on' 'RewriteCond %{REQUEST_URI} \' '  !^/plain' 'RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]' >"$srv/sites/rewritten"
put rehearsed >"$srv/sites/rehearsed"
put once '<Macro Mine $x>' '  Header set X-Mine $x' '</Macro>' 'Use Mine 1' >"$srv/sites/once"
put crlf 'Header set X-Crlf yes' | sed 's/$/\r/' >"$srv/sites/crlf"
printf %s "$(put bare)" >"$srv/sites/bare"
{ put one; put two; } >"$srv/available/both"
ln -s ../available/both "$srv/sites/both"
before_sites=$(ls "$srv/sites")

LD_BIND_NOW=1 "$APACHE" -D FOREGROUND -f "$srv/httpd.conf" >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
status() { # NAME PATH
  curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' -H "Host: $1.example.com" "http://$own$2" 2>/dev/null
}
has_status() { [ "$(status "$1" "$2")" = "$3" ]; }
check "Apache runs" wait_until has_status plain /page 200
tree() { (cd "$srv" && find . \( -name errors -o -name log -o -name 'pid*' -o -name '*.shm' \) -prune -o -type f -exec sha256sum {} + -o -type l -printf '%p -> %l\n' | sort); }
reloads() { grep -c 'SIGUSR1 received\|Graceful restart requested' "$srv/errors"; }
secure() { # NAME PATH
  curl -sSk --noproxy '*' -m 5 -o "$TMP/page" -w '%{http_code}' --connect-to "::$own:443" "https://$1.example.com$2"
}
before=$(tree)
apache() { # NAME... OPTION...
  local names=""
  while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
    names="$names -d $1.example.com"
    shift
  done
  # shellcheck disable=SC2086  # a list of words
  "$CERTO" --apache --apache-conf "$srv/httpd.conf" $names "$@"
}

# ---- issue, renewal, undo ----

check "a site without TLS, of an Apache without mod_ssl" apache plain --agree-tos
check_said "... says what was done" "certo loads mod_ssl from" "Apache listens on $own:443 from now on" \
  "a host with TLS on $own:443 shares its directives"
check "... presents the certificate" presents plain
check "... serves the same page" is "$(secure plain /page) $(cat "$TMP/page")" "200 site"
check "... over http, it is as before" has_status plain /page 200
check "... with two reloads" is "$(reloads)" 2
check "... and one file with settings" grep -q SSLProtocol "$srv/certo/tls.conf"
check "the same again" apache plain
check "... changes nothing" is "$(reloads)" 2
edited=$(tree)
check "a renewal" "$CERTO" renew --force plain.example.com
check "... edits nothing" is "$(tree)" "$edited"
check "... reloads once" is "$(reloads)" 3
check "... and Apache presents the new certificate" presents plain
for name in redirected rewritten once crlf bare one two; do
  check "a site: $name" apache $name
  check "... presents the certificate" presents $name
  check "... serves its page over https" is "$(secure $name /page)" 200
done
check "... and the first one still presents its own" presents plain
for name in redirected rewritten; do check "$name still redirects" has_status $name /page 301; done
check "mod_ssl is loaded once" is "$(grep -rc 'LoadModule ssl_module' "$srv/httpd.conf")" 1
check "Apache warns of nothing" sh -c '! "$0" -t -f "$1" 2>&1 | grep -i "warn\|multiply"' "$APACHE" "$srv/httpd.conf"

check "a redirect" apache plain --redirect
check "... leads to https" wait_until has_status plain /page 301
check "... but not the challenges" "$CERTO" renew --force plain.example.com
check "a redirect of a site that has one" apache rewritten --redirect
check_said "... is not added" "redirects to https already"
check "undo of the redirect alone" "$CERTO" undo plain.example.com --only redirect
check "... leaves the certificate" presents plain
check "... and http is as before" wait_until has_status plain /page 200
echo '  Header set X-Edited yes' >>"$srv/certo/bare.example.com.body.conf"
check "undo of a site that a person has edited" "$CERTO" undo bare.example.com
check "... keeps what was edited" grep -q X-Edited "$srv/sites/bare"
printf %s "$(put bare)" >"$srv/sites/bare"
check "undo of the proof first" "$CERTO" undo two.example.com --only proof
check "... leaves the certificate" presents two
check "undo of the certificate first" "$CERTO" undo one.example.com --only certificate
for name in one two plain redirected rewritten once crlf; do check "undo: $name" "$CERTO" undo $name.example.com; done
check "all files have the same bytes as before" is "$(tree)" "$before"
check "... and certo's folder is gone" test ! -e "$srv/certo"
check "... and Apache still runs" has_status plain /page 200
check "... with the same sites" is "$(ls "$srv/sites")" "$before_sites"

# ---- other ways ----

rehearse() {
  env -u CERTO_SERVER "$CERTO" issue --apache-conf "$srv/httpd.conf" -d rehearsed.example.com --apache --dry-run \
    --server "$PEBBLE_DIRECTORY"
}
check "a rehearsal" rehearse
check "... shows the changes" grep -q "^+    SSLCertificateFile " "$TMP/out"
check "... as a patch that fits" patch --dry-run -s -p1 -d / -i "$TMP/out"
check "... and removes its lines again" is "$(tree)" "$before"
twice() { # NAME: a certificate for one more host
  "$CERTO" issue -d once.example.com --cert-name "$1" --apache --apache-conf "$srv/httpd.conf"
}
check "a first certificate" twice first
check "a second one for the same host" twice second
check "... is presented" is "$(shown once)" "$(openssl x509 -noout -serial -in "$CERTO_HOME/certs/second/live/fullchain.pem")"
refused 64 "the first cannot go before it" "lines of the certificate second stand in the place" "$CERTO" undo first
check "one for another site" apache plain
check "the second goes" "$CERTO" undo second
check "... and the first" "$CERTO" undo first
check "... and the other site still presents its own" presents plain
check "... until that goes" "$CERTO" undo plain.example.com
check "... and all files are as before" is "$(tree)" "$before"

# ---- a host with TLS ----

printf '<VirtualHost %s:443>\n  ServerName secure.example.com\n  SSLEngine on\n  SSLCertificateFile %s/old.pem\n  SSLCertificateKeyFile \\\n    %s/old.key\n</VirtualHost>\n' \
  "$own" "$srv" "$srv" >"$srv/sites/secure"
put secure >>"$srv/sites/secure"
sed -i "s|^Listen $own:80|&\\nListen $own:443\\nLoadModule ssl_module $modules/mod_ssl.so|" "$srv/httpd.conf"
kill -USR1 "$server"
old_again() { [ "$(shown secure)" = "$(openssl x509 -noout -serial -in "$srv/old.pem")" ]; }
check "Apache presents a certificate of the user" wait_until old_again
with_secure=$(tree)
check "its lines give way" apache secure
check "... presents the certificate" presents secure
check "... of a renewal, too" "$CERTO" renew --force secure.example.com
check "... presents that one" presents secure
check "undo" "$CERTO" undo secure.example.com
check "... gives the same bytes as before" is "$(tree)" "$with_secure"
check "... and Apache presents the old certificate" wait_until old_again
rm "$srv/sites/secure"
sed -i "/^Listen $own:443/d; /ssl_module/d" "$srv/httpd.conf"
kill -USR1 "$server"
check "all is as before" is "$(tree)" "$before"

# ---- killed in the middle of the installation ----

check "a certificate for it" "$CERTO" issue -d redirected.example.com --cert-name killed --apache --no-install \
  --apache-conf "$srv/httpd.conf"
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
now=$(tree)
good=$CERTO_HOME killed=0
killed_install() {
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=kill FAULT_LOG=$TMP/call "$DYNAMIC" issue -d redirected.example.com \
    --cert-name killed --apache --apache-conf "$srv/httpd.conf" >"$TMP/killed.out" 2>&1
}
for ((at = 1; at <= 150; at++)); do
  rm -rf "$TMP/try" "$TMP/call"
  cp -a "$good" "$TMP/try"
  export CERTO_HOME=$TMP/try
  killed_install 2>/dev/null
  killed=$((killed + 1))
  [ -e "$TMP/call" ] || break
  what="killed at call $at, $(cat "$TMP/call"):"
  "$APACHE" -t -f "$srv/httpd.conf" >"$TMP/test" 2>&1 ||
    echo "$what Apache refuses the configuration: $(cat "$TMP/test")" >>"$TMP/wrong"
  "$CERTO" renew --all >"$TMP/next" 2>&1
  "$CERTO" undo killed --only certificate >>"$TMP/next" 2>&1
  [ "$(tree)" = "$now" ] || echo "$what $(diff <(echo "$now") <(tree) | head -3)" >>"$TMP/wrong"
done
check "killed at each call, $killed times: Apache accepts what is there, and undo removes it" test ! -e "$TMP/wrong"
[ ! -e "$TMP/wrong" ] || cat "$TMP/wrong"
check "... not for nothing" test "$killed" -gt 20
check "the last one came to its end" "$CERTO" undo killed
check "... and all files are as before" is "$(tree)" "$before"
export CERTO_HOME=$good
check "Apache runs as before" wait_until has_status plain /page 200

# ---- what is refused, before the CA is asked for an order ----

apache_refused() { # NAME TEXT SITE WORD...
  local what=$1 text=$2 site=$3
  shift 3
  refused 78 "$what" "$text" apache "$site" "$@"
  check "... and nothing is changed" is "$(tree)" "$before"
}
apache_refused "a name without a host" "no virtual host of Apache has this name" nowhere
is_closed() { ! openssl s_client -connect "$own:443" </dev/null >/dev/null 2>&1; }
check "port 443 is closed again" wait_until is_closed
python3 -c 'import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((sys.argv[1], 443)); s.listen(); print("ready", flush=True); time.sleep(600)' "$own" >"$TMP/holder" &
holder=$!
started="$started $holder"
check "another program has port 443" wait_until grep -q ready "$TMP/holder"
apache_refused "it is named" "python3 (process $holder) listens on $own:443" plain
