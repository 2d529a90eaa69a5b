#!/usr/bin/env bash
# certo --apache: Apache presents the certificate afterwards, a renewal only reloads it, and 'certo undo' gives the same
# bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
APACHE=$TLS_SERVERS/usr/sbin/apache2
modules=$TLS_SERVERS/usr/lib/apache2/modules
srv=$TMP/srv
mkdir -p "$srv"/{sites,mods}-{available,enabled} "$srv/www"
chmod 755 "$TMP" "$srv" "$srv/www"
make_old_pair "$srv"

# ---- Debian's layout, without mod_rewrite and mod_ssl ----

load() { # MODULE...
  local module
  for module; do printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"; done
}
cat >"$srv/apache2.conf" <<END
ServerRoot "$srv"
ServerName main.example
DefaultRuntimeDir "$srv"
PidFile "$srv/pid"
Mutex file:$srv default
ErrorLog "$srv/errors"
User nobody
Group nogroup
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
Include ports.conf
<Directory />
  Require all denied
</Directory>
<Directory $srv/www>
  Require all granted
</Directory>
IncludeOptional sites-enabled/*.conf
END
printf 'Listen 127.0.0.1:%s\nListen %s:80\n<IfModule ssl_module>\n\tListen %s:443\n</IfModule>\n' "$PEBBLE_HTTP_PORT" "$own" "$own" >"$srv/ports.conf"
load mpm_event authz_core authn_core alias dir >"$srv/mods-enabled/all.load"
load rewrite >"$srv/mods-available/rewrite.load"
load socache_shmcb >"$srv/mods-available/socache_shmcb.load"
{
  echo '# Depends: socache_shmcb'
  load ssl
} >"$srv/mods-available/ssl.load"
printf 'SSLSessionCache shmcb:%s/cache(512000)\n' "$srv" >"$srv/mods-available/ssl.conf"
plain="127.0.0.1:$PEBBLE_HTTP_PORT $own:80"
put() { # NAME LINE...
  local name=$1
  shift
  echo "$name" >"$srv/www/$name"
  {
    printf '<VirtualHost %s>\n\tServerName %s.example.com\n\tDocumentRoot %s/www\n' "$plain" "$name" "$srv"
    printf '\t%s\n' "$@"
    printf '</VirtualHost>\n'
  } >"$srv/sites-available/$name.conf"
  ln -s "../sites-available/$name.conf" "$srv/sites-enabled/$name.conf"
}
put plain
put define 'Define ONLY_ONCE x' '<Location /status>' 'Require all granted' '</Location>'
put moved 'Redirect permanent /old /plain'
sed -i 's/$/\r/' "$srv/sites-available/moved.conf"
start_apache() {
  "$APACHE" -D FOREGROUND -f "$srv/apache2.conf" >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
serves() { # NAME PATH
  curl -sS --noproxy '*' -m 5 -H "Host: $1.example.com" "http://$own/$2" | grep -qx "$2"
}
serves_tls() { # NAME PATH
  curl -sS -k --noproxy '*' -m 5 --resolve "$1.example.com:443:$own" "https://$1.example.com/$2" | grep -qx "$2"
}
start_apache
check "Apache runs" wait_until serves plain plain
tree() { (cd "$srv" && find . -not -name log -not -name errors -not -name 'pid*' \( -type f -exec sha256sum {} + -o -type l -printf '%l %p\n' \) | sort); }
reloads() { grep -c 'Doing graceful restart' "$srv/errors"; }
before=$(tree)
conf="--apache-conf $srv/apache2.conf"
apache() { # NAME...
  local names=""
  while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
    names="$names -d $1.example.com"
    shift
  done
  # shellcheck disable=SC2086  # lists of words
  "$CERTO" --apache $conf $names "$@"
}

# ---- issue, renewal, undo ----

check "a site without TLS, and neither mod_rewrite nor mod_ssl" apache plain --agree-tos
check_said "... says what it enables" "as 'a2enmod rewrite' does" "as 'a2enmod ssl' does"
check "... presents the certificate" presents plain
check "... mod_rewrite is loaded as a2enmod does it" is "$(readlink "$srv/mods-enabled/rewrite.load")" ../mods-available/rewrite.load
check "a second certificate by the same modules" apache moved
check "undo of the first" "$CERTO" undo plain.example.com
check "... leaves the modules to the second" presents moved
check "undo of the second" "$CERTO" undo moved.example.com
check "... gives the same bytes as before" is "$(tree)" "$before"
for name in plain moved; do "$CERTO" remove --yes $name.example.com; done 2>/dev/null
ln -s ../mods-available/rewrite.load "$srv/mods-enabled/rewrite.load"
# shellcheck disable=SC2016 # a variable of Apache
put split 'RewriteEngine on' 'RewriteCond %{REQUEST_URI} !^/open' 'RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301,L]'
"$APACHE" -f "$srv/apache2.conf" -k graceful
split_is_there() { ! serves split plain; }
check "a site with rewrite rules" wait_until split_is_there
before=$(tree)
began=$(reloads)

check "a site without TLS, and no mod_ssl" apache plain
check_said "... says what was done" "installed in $srv/apache2.conf" "certo undo plain.example.com"
check "... presents the certificate" presents plain
check "... over http, it is as before" serves plain plain
check "... and the same over https" serves_tls plain plain
check "... with two reloads" is "$(reloads)" $((began + 2))
check "... mod_ssl is loaded as a2enmod does it" is "$(readlink "$srv/mods-enabled/ssl.load")" ../mods-available/ssl.load
check "the same again" apache plain
check "... changes nothing" is "$(reloads)" $((began + 2))
edited=$(tree)
check "a renewal" "$CERTO" renew --force plain.example.com
check "... edits nothing" is "$(tree)" "$edited"
check "... reloads once" is "$(reloads)" $((began + 3))
check "... and Apache presents the new certificate" presents plain
for name in split define moved; do
  check "a site: $name" apache $name
  check "... presents the certificate" presents $name
done
check "... and the first one still presents its own" presents plain
redirects() { # NAME
  curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code} %{redirect_url}' -H "Host: $1.example.com" "http://$own/plain" |
    grep -qx "301 https://$1.example.com/plain"
}
check "the redirect to https is as before" redirects split
check "... and does not go in a circle" serves_tls split plain
check "a redirect" apache plain --redirect
check "... leads to https" wait_until redirects plain
check "... but not the challenges" "$CERTO" renew --force plain.example.com
check "... and https serves" serves_tls plain plain
check "undo of the redirect alone" "$CERTO" undo plain.example.com --only redirect
check "... leaves the certificate" presents plain
check "... and http is as before" wait_until serves plain plain
check "undo of the proof alone" "$CERTO" undo define.example.com --only proof
check "... leaves the certificate" presents define
check "a person edits a body that was moved" sed -i 's/Require all granted/Require all denied/' "$srv/certo/define.example.com.body.conf"
for name in plain split moved define; do check "undo: $name" "$CERTO" undo $name.example.com; done
check "... keeps what a person wrote" grep -q 'Require all denied' "$srv/sites-available/define.conf"
sed -i 's/Require all denied/Require all granted/' "$srv/sites-available/define.conf"
check "all files have the same bytes as before" is "$(tree)" "$before"
check "... and certo's folder is gone" test ! -e "$srv/certo"
not_tls() { ! openssl s_client -connect "$own:443" </dev/null >/dev/null 2>&1; }
check "... and nothing listens on port 443" wait_until not_tls
for name in plain split define moved; do "$CERTO" remove --yes --undo $name.example.com; done 2>/dev/null

# ---- a site that has TLS ----

for name in ssl.load ssl.conf socache_shmcb.load; do ln -s "../mods-available/$name" "$srv/mods-enabled/$name"; done
put secure
cat >>"$srv/sites-available/secure.conf" <<END
<VirtualHost $own:443>
	ServerName secure.example.com
	DocumentRoot $srv/www
	SSLEngine on
	SSLCertificateFile $srv/old.pem
	SSLCertificateKeyFile "$srv/old.key"
</VirtualHost>
END
"$APACHE" -f "$srv/apache2.conf" -k graceful
check "a site with TLS" wait_until serves_tls secure secure
before=$(tree)
check "its certificate is replaced" apache secure
check "... and presented" presents secure
check "... it serves the same" serves_tls secure secure
reload_of=$("$CERTO" info secure.example.com | sed -n 's/^  reload *//p')
check "the command of renewals reloads Apache" sh -c "$reload_of"
refused 64 "removing a certificate that Apache names" "a web server's configuration names secure.example.com" \
  "$CERTO" remove --yes secure.example.com
check "undo" "$CERTO" undo secure.example.com
check "... gives the same bytes as before" is "$(tree)" "$before"
old_again() { [ "$(shown secure)" = "$(openssl x509 -noout -serial -in "$srv/old.pem")" ]; }
check "... and Apache presents the old certificate" wait_until old_again

# ---- killed in the middle ----

"$CERTO" remove --yes --undo secure.example.com 2>/dev/null
check "a certificate that is not installed" apache moved --no-install
before=$(tree)
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
good=$CERTO_HOME
killed=0
killed_issue() {
  # shellcheck disable=SC2086  # a list of words
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=kill FAULT_LOG=$TMP/call "$DYNAMIC" --apache $conf -d moved.example.com \
    >"$TMP/killed.out" 2>&1
}
for ((at = 1; at <= 300; at++)); do
  rm -rf "$TMP/try" "$TMP/call"
  cp -a "$good" "$TMP/try"
  export CERTO_HOME=$TMP/try
  killed_issue 2>/dev/null
  [ -e "$TMP/call" ] || break
  killed=$((killed + 1))
  what="killed at call $at, $(cat "$TMP/call"):"
  "$APACHE" -f "$srv/apache2.conf" -t >"$TMP/test" 2>&1 || echo "$what Apache refuses the configuration" >>"$TMP/wrong"
  "$CERTO" renew --all >"$TMP/next" 2>&1
  "$CERTO" undo moved.example.com --only certificate >>"$TMP/next" 2>&1
  [ "$(tree)" = "$before" ] || echo "$what $(diff <(echo "$before") <(tree) | head -3)" >>"$TMP/wrong"
done
export CERTO_HOME=$good
check "killed at each call, $killed times: Apache accepts what is there, and the next run removes it" test ! -e "$TMP/wrong"
[ ! -e "$TMP/wrong" ] || cat "$TMP/wrong"
check "... not for nothing" test "$killed" -gt 20
check "undo" "$CERTO" undo moved.example.com

# ---- an Apache that does not run ----

kill "$server"
wait "$server" 2>/dev/null || :
check "the command of renewals fails without Apache" sh -c "! { $reload_of; } 2>/dev/null"
check "... and does not start it" test ! -e "$srv/pid"
refused 64 "two servers, and no name" "--nginx and --apache exclude each other" "$CERTO" --nginx --apache
