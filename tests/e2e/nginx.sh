#!/usr/bin/env bash
# certo issue --nginx: certo adds its lines to nginx's configuration, pebble validates through them, and 'certo undo'
# gives the same bytes as before.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
export LD_LIBRARY_PATH=$NGINX_LIBRARIES
srv=$TMP/srv
DYNAMIC=$(dirname "$CERTO")/certo-dynamic
mkdir -p "$srv/sites" "$srv/available"
chmod 755 "$TMP" "$srv"

# shellcheck source=tests/e2e/nginx-sites
. "$(dirname "$0")/nginx-sites"
reloads() { grep -c "signal 1 (SIGHUP) received" "$srv/log"; }
issue() {
  # shellcheck disable=SC2086  # a list of words
  "$CERTO" issue --agree-tos $names --nginx --nginx-conf "$srv/nginx.conf" --no-install "$@"
}

# ---- the proof ----

umask 077
check "pebble validates every kind of block" issue
check_said "... it says that one has its own location" "sites/own:4: this location answers all challenges but certo's own"
umask 022
marks() { grep -rho '# certo:[0-9a-f]*' "$srv/nginx.conf" "$srv/sites/" "$srv/available" | sort; }
check "... by a line in each" is "$(marks | wc -l)" 10
check "... each with a mark of its own" is "$(marks | uniq -d)" ""
check "... with one reload" is "$(reloads)" 1
check "... other paths are as before" has_status redirect /x 301
check "... in another block, too" has_status untouched /.well-known/acme-challenge/probe 404
check "... no token is left" is "$(find "$srv/certo/challenges" -type f)" ""
edited=$(checksums)
check "a renewal" issue --force
check "... edits nothing" is "$(checksums)" "$edited"
check "... and does not reload" is "$(reloads)" 1

check "a second certificate for a name of the first" \
  "$CERTO" issue --cert-name second -d php.example.com --nginx --nginx-conf "$srv/nginx.conf" --no-install
check "... finds the line" is "$(checksums)" "$edited"
refused 64 "removing one whose lines are there" "a web server's configuration names second" "$CERTO" remove --yes second
refused 64 "... or revoking it" "a web server's configuration names second" "$CERTO" revoke --yes --remove -d second
check "undo of the first" "$CERTO" undo redirect.example.com
check_said "... says what it did" "certo's lines were removed"
check "... leaves the line of the second" is "$(marks | wc -l)" 1
check "... where it was" grep -q '# certo:' "$srv/sites/php"
check "... and its file" test -e "$srv/certo/challenge.conf"
check "undo of the second, by removing it" "$CERTO" remove --undo --yes second
check "... gives the same bytes as before" is "$(checksums)" "$before"
check "... and no folder" test ! -e "$srv/certo"
check "undo again" "$CERTO" undo redirect.example.com
check_said "... finds nothing" "has noted no such lines"

# ---- a person edits the same files ----

check "the lines once more" issue --force
sed -i 's/return 301/return 308/' "$srv/sites/redirect"
printf '# a comment\n' >>"$srv/sites/if"
sed -i 's/challenge.conf"; # certo/challenge.conf"; # mine; certo/' "$srv/sites/deny"
sed -i '/# certo:/d' "$srv/sites/php"
check "undo" "$CERTO" undo redirect.example.com
check_said "... names a line that was changed" "sites/deny: the line 'include" "challenge.conf: stays"
check "... keeps what a person wrote" sh -c 'grep -q "return 308" "$0/redirect" && grep -q "# a comment" "$0/if"' "$srv/sites"
check "... and removes the lines next to it" sh -c '! grep -q certo: "$0/redirect" "$0/if"' "$srv/sites"
check "... which still has its file" test -e "$srv/certo/challenge.conf"
sed -i '/certo:/d' "$srv/sites/deny"
rm -r "$srv/certo"

# ---- killed in the middle ----

printf '%b' "server {\n  $listen\n  server_name kill.example.com;\n  return 301 /x;\n}\n" >"$srv/sites/kill"
kill -HUP "$server"
check "a new block answers" wait_until has_status kill / 301
before=$(checksums)
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
tree() { (cd "$srv" && find . -not -name log -type f -exec sha256sum {} + | sort); }
good=$CERTO_HOME
before_tree=$(tree)
killed=0
killed_issue() {
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=kill FAULT_LOG=$TMP/call "$DYNAMIC" issue -d kill.example.com \
    --nginx --nginx-conf "$srv/nginx.conf" --no-install >"$TMP/killed.out" 2>&1
}
for ((at = 1; at <= 150; at++)); do
  rm -rf "$TMP/try" "$TMP/call"
  cp -a "$good" "$TMP/try"
  export CERTO_HOME=$TMP/try
  killed_issue 2>/dev/null
  [ -e "$TMP/call" ] || break
  killed=$((killed + 1))
  what="killed at call $at, $(cat "$TMP/call"):"
  "$NGINX_PROGRAM" -e stderr -p "$srv" -t -c "$srv/nginx.conf" >"$TMP/test" 2>&1 ||
    echo "$what nginx refuses the configuration" >>"$TMP/wrong"
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
check "killed at each call, $killed times: nginx accepts what is there, and the next run removes it" test ! -e "$TMP/wrong"
[ ! -e "$TMP/wrong" ] || cat "$TMP/wrong"
check "... not for nothing" test "$killed" -gt 15

# ---- what is refused ----

refused 64 "a wildcard" "--nginx cannot prove it" "$CERTO" issue -d '*.example.com' --nginx
"$CERTO" order -d kill.example.com >"$TMP/order"
solve() { "$CERTO" solve --nginx --nginx-conf "$srv/nginx.conf" <"$TMP/order"; }
refused 64 "a pipe" "nginx lacks certo's lines" solve
printf 'x;\n' >"$srv/sites/broken"
refused 78 "a configuration that nginx refuses" "nginx refuses its configuration" \
  "$CERTO" issue -d kill.example.com --nginx --nginx-conf "$srv/nginx.conf" --no-install
check "... changes nothing" test ! -e "$srv/certo"
rm "$srv/sites/broken"
cp "$srv/nginx.conf" "$srv/other.conf"
refused 78 "a server that does not run" "no nginx runs with this file" \
  "$CERTO" issue -d kill.example.com --nginx --nginx-conf "$srv/other.conf" --no-install
nowhere() {
  CERTO_HOME=$TMP/nowhere "$CERTO" issue --agree-tos -d kill.example.com --nginx --nginx-conf "$srv/other.conf" --no-install
}
refused 78 "... for a first certificate, too" "no nginx runs with this file" nowhere
check "... before the CA is asked for anything" test ! -e "$TMP/nowhere/accounts"
