#!/usr/bin/env bash
# certo issue --apache: certo adds its lines to Apache's configuration, pebble validates through them, and 'certo undo'
# gives the same bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES
srv=$TMP/srv
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
APACHE=$TLS_SERVERS/usr/sbin/apache2
modules=$TLS_SERVERS/usr/lib/apache2/modules
mkdir -p "$srv/sites" "$srv/available" "$srv/www"
chmod 755 "$TMP" "$srv" "$srv/www"

# ---- an Apache whose sites do not serve a token ----

port=$PEBBLE_HTTP_PORT
{
  # shellcheck disable=SC2016 # Apache's variable
  printf 'ServerRoot %s\nServerName main.example\nPidFile ${RUN_FOLDER}/pid\nDefaultRuntimeDir .\nMutex file:%s default\n' "$srv" "$srv"
  printf 'ErrorLog errors\nListen 127.0.0.1:%s\n' "$port"
  [ "$(id -u)" != 0 ] || printf 'User nobody\nGroup nogroup\n'
  for module in mpm_event authz_core authn_core authn_file authz_user auth_basic access_compat alias rewrite proxy proxy_http; do
    printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"
  done
  printf '<Directory />\n  Require all denied\n</Directory>\nIncludeOptional sites/*\n'
} >"$srv/httpd.conf"
put() { # NAME LINE...
  local name=$1
  shift
  {
    printf '<VirtualHost *:%s>\n\tServerName %s.example.com\n' "$port" "$name"
    printf '\t%s\n' "$@"
    printf '</VirtualHost>\n'
  } >"$srv/sites/$name"
}
put redirect 'Redirect / https://x.example/'
put off 'RewriteEngine off'
put rewrite 'RewriteEngine on' 'RewriteRule ^(.*)$ https://x.example$1 [R=301,L]'
put proxy 'ProxyPass / http://127.0.0.1:9/'
put closed '<Location />' 'AuthType Basic' 'AuthName x' 'AuthUserFile /dev/null' 'Require valid-user' '</Location>'
put denied '<Location />' 'Order deny,allow' 'Deny from all' '</Location>'
put hidden '<LocationMatch "^/\.">' 'Require all denied' '</LocationMatch>'
put alias 'Alias /.well-known/acme-challenge /nowhere'
printf '<virtualhost \\\r\n  *:%s>\r\n  servername CRLF.example.com\r\n  redirect 410 /\r\n</virtualhost>' "$port" >"$srv/sites/crlf"
printf '<VirtualHost *:%s>\nServerName linked.example.com\n</VirtualHost>\n<VirtualHost *:%s>\nServerName untouched.example.com\n</VirtualHost>\n' \
  "$port" "$port" >"$srv/available/linked"
ln -s ../available/linked "$srv/sites/linked"
start_apache() {
  RUN_FOLDER=$srv "$APACHE" -D FOREGROUND -f "$srv/httpd.conf" >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
stop_apache() { # also one that certo has started
  kill "$server"
  wait "$server" 2>/dev/null || :
  wait_until is_gone
}
is_gone() { ! kill -0 "$server"; }
status_of() { # NAME PATH
  curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' -H "Host: $1.example.com" "http://127.0.0.1:$port$2" 2>/dev/null
}
has_status() { [ "$(status_of "$1" "$2")" = "$3" ]; }
checksums() { find "$srv/httpd.conf" "$srv/sites" "$srv/available" -type f -exec sha256sum {} + | sort; }
reloads() { grep -c "Doing graceful restart" "$srv/errors"; }
issue() {
  # shellcheck disable=SC2086  # a list of words
  "$CERTO" issue --agree-tos $names --apache --apache-conf "$srv/httpd.conf" --no-install "$@"
}
start_apache
check "Apache runs" wait_until has_status redirect / 302
before=$(checksums)
names=
for name in redirect off rewrite proxy closed denied hidden alias crlf linked; do names="$names -d $name.example.com"; done
# The last one has no host: the default of its address answers.
names="$names -d unknown.example.com"

# ---- the proof ----

umask 077
check "pebble validates every kind of virtual host" issue
umask 022
marks() { grep -rho '# certo:[0-9a-f]*' "$srv/httpd.conf" "$srv/sites/" "$srv/available" | sort; }
check "... by two lines in each" is "$(marks | wc -l)" 20
check "... each with a mark of its own" is "$(marks | uniq -d)" ""
check "... with one reload" is "$(reloads)" 1
check "... other paths are as before" has_status redirect /x 302
check "... in another host, too" has_status untouched /.well-known/acme-challenge/probe 403
check "... no token is left" is "$(find "$srv/certo/challenges" -type f)" ""
edited=$(checksums)
check "a renewal" issue --force
check "... edits nothing" is "$(checksums)" "$edited"
check "... and does not reload" is "$(reloads)" 1

check "a second certificate for a name of the first" \
  "$CERTO" issue --cert-name second -d proxy.example.com --apache --apache-conf "$srv/httpd.conf" --no-install
check "... finds the lines" is "$(checksums)" "$edited"
refused 64 "removing one whose lines are there" "a web server's configuration names second" "$CERTO" remove --yes second
check "undo of the first" "$CERTO" undo redirect.example.com
check_said "... says what it did" "certo's lines were removed"
check "... leaves the lines of the second" is "$(marks | wc -l)" 2
check "... and its files" test -e "$srv/certo/challenge-end.conf"
check "undo of the second, by removing it" "$CERTO" remove --undo --yes second
check "... gives the same bytes as before" is "$(checksums)" "$before"
check "... and no folder" test ! -e "$srv/certo"

# ---- a rehearsal ----

rehearse() {
  # shellcheck disable=SC2086  # a list of words
  env -u CERTO_SERVER "$CERTO" issue --agree-tos --cert-name rehearsed $names --apache --apache-conf "$srv/httpd.conf" --no-install --dry-run --server "$PEBBLE_DIRECTORY"
}
check "a rehearsal" rehearse
check_said "... shows the lines" '+	Include "'"$srv/certo/challenge-begin.conf"
check "... and leaves no byte" is "$(checksums)" "$before"
check "... and no folder" test ! -e "$srv/certo"

# ---- the names of the server ----

sites_of_server() { "$CERTO" issue --apache --apache-conf "$srv/httpd.conf" --no-install; }
expect_exit 64 "without names" sites_of_server
check_said "... certo lists those that Apache has" "issue: -d NAME is missing" "--all-vhosts takes all that Apache has: alias.example.com, "

# ---- what would end Apache ----

python3 -c '
import socket, sys
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
taken.listen()
print(taken.getsockname()[1], flush=True)
sys.stdin.read()' < <(tail -f /dev/null) >"$TMP/taken" &
holder=$!
started="$started $holder"
check "another program listens" wait_until test -s "$TMP/taken"
printf 'Listen 127.0.0.1:%s\n' "$(cat "$TMP/taken")" >"$srv/sites/zz-taken"
broken=$(checksums)
refused 78 "a port that another program holds" "so Apache would end at its next reload" issue --force
check "... changes nothing" is "$(checksums)" "$broken"
kill "$holder"
rm "$srv/sites/zz-taken"
printf 'x\n' >"$srv/sites/zz-broken"
refused 78 "a configuration that Apache refuses" "does not accept its configuration" issue --force
rm "$srv/sites/zz-broken"
check "... Apache still runs" has_status redirect / 302

# Whatever else ends it, as an address that this machine has not, here as soon as it sees the file of certo.
printf '<IfFile "%s/certo/challenge-begin.conf">\nListen 192.0.2.1:%s\n</IfFile>\n' "$srv" "$port" >"$srv/sites/zz-ends"
ends=$(checksums)
expect_exit 4 "an Apache that ends at the reload" issue --force
check_said "... is started again" "Apache has ended after the reload; certo has removed its lines again" "starting Apache again with the files as they were"
check "... by certo" wait_until has_status redirect / 302
check "... with the same bytes" is "$(checksums)" "$ends"
rm "$srv/sites/zz-ends"
server=$(cat "$srv/pid")
started="$started $server"

# ---- a person edits the same files ----

check "the lines once more" issue --force
sed -i 's/Redirect \//Redirect 308 \//' "$srv/sites/redirect"
printf '# a comment\n' >>"$srv/sites/off"
sed -i '/certo:/d; /certo\//d' "$srv/sites/proxy"
sed -i 's/challenge-end.conf"/challenge-mine.conf"/' "$srv/sites/denied"
touch "$srv/certo/challenge-mine.conf"
check "undo" "$CERTO" undo redirect.example.com
check_said "... names a line that was changed" "sites/denied: the line"
check "... keeps what a person wrote" sh -c 'grep -q "Redirect 308" "$0/redirect" && grep -q "# a comment" "$0/off"' "$srv/sites"
check "... and removes the lines next to it" sh -c '! grep -q certo: "$0/redirect" "$0/off"' "$srv/sites"
put redirect 'Redirect / https://x.example/'
put off 'RewriteEngine off'
put denied '<Location />' 'Order deny,allow' 'Deny from all' '</Location>'
rm -rf "$srv/certo"
check "the sites are as before" is "$(checksums)" "$before"

# ---- killed in the middle ----

put kill 'Redirect / https://x.example/'
RUN_FOLDER=$srv "$APACHE" -f "$srv/httpd.conf" -k graceful
check "a new host answers" wait_until has_status kill / 302
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
tree() { (cd "$srv" && find . -not -name log -not -name errors -not -name 'pid*' -type f -exec sha256sum {} + | sort); }
good=$CERTO_HOME
before_tree=$(tree)
killed=0
killed_issue() {
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=kill FAULT_LOG=$TMP/call "$DYNAMIC" issue -d kill.example.com \
    --apache --apache-conf "$srv/httpd.conf" --no-install >"$TMP/killed.out" 2>&1
}
for ((at = 1; at <= 150; at++)); do
  rm -rf "$TMP/try" "$TMP/call"
  cp -a "$good" "$TMP/try"
  export CERTO_HOME=$TMP/try
  killed_issue 2>/dev/null
  [ -e "$TMP/call" ] || break
  killed=$((killed + 1))
  what="killed at call $at, $(cat "$TMP/call"):"
  RUN_FOLDER=$srv "$APACHE" -f "$srv/httpd.conf" -t >"$TMP/test" 2>&1 ||
    echo "$what Apache refuses the configuration" >>"$TMP/wrong"
  # The edits have come to their end: what follows is the same as with any method.
  is_over=
  ! sed -n '/"unsettled"/,$p' "$CERTO_HOME/certs/kill.example.com/webserver.json" 2>/dev/null |
    grep -q '"changes": \[\]' || is_over=yes
  "$CERTO" renew --all >"$TMP/next" 2>&1
  "$CERTO" undo kill.example.com >>"$TMP/next" 2>&1
  [ "$(tree)" = "$before_tree" ] || echo "$what $(diff <(echo "$before_tree") <(tree) | head -3)" >>"$TMP/wrong"
  [ ! -e "$srv/certo" ] || echo "$what a folder is left" >>"$TMP/wrong"
  rm -rf "${srv:?}/certo"
  [ -z "$is_over" ] || break
done
export CERTO_HOME=$good
check "killed at each call, $killed times: Apache accepts what is there, and the next run removes it" test ! -e "$TMP/wrong"
[ ! -e "$TMP/wrong" ] || cat "$TMP/wrong"
check "... not for nothing" test "$killed" -gt 15

# ---- what is refused ----

refused 64 "a wildcard" "--apache cannot prove it" "$CERTO" issue -d '*.example.com' --apache
refused 64 "two servers for one certificate" "two web servers cannot prove" \
  "$CERTO" issue -d a.example.com --apache -d b.example.com --nginx
"$CERTO" order -d kill.example.com >"$TMP/order"
solve() { "$CERTO" solve --apache --apache-conf "$srv/httpd.conf" <"$TMP/order"; }
refused 64 "a pipe" "Apache lacks certo's lines" solve
cp "$srv/httpd.conf" "$srv/other.conf"
refused 78 "a server that does not run" "no Apache runs with this main file" \
  "$CERTO" issue -d kill.example.com --apache --apache-conf "$srv/other.conf" --no-install
stop_apache
nowhere() {
  CERTO_HOME=$TMP/nowhere "$CERTO" issue --agree-tos -d kill.example.com --apache --apache-conf "$srv/httpd.conf" --no-install
}
refused 78 "no Apache at all" "and certo does not start one" nowhere
check "... before the CA is asked for anything" test ! -e "$TMP/nowhere/accounts"
