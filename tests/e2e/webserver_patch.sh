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

# shellcheck source=tests/e2e/nginx-sites
. "$(dirname "$0")/nginx-sites"

show_patch() {
  # shellcheck disable=SC2086  # a list of words
  "$CERTO" webserver --nginx-conf "$srv/nginx.conf" $names --patch "$acme"
}
check "the patch" show_patch
cp "$TMP/out" "$TMP/patch"
check_said "... with what to do with it" "patch -p1 -d /" "--webroot $acme"
check "... nothing was written by certo" is "$(checksums)" "$before"
check "... has a line for each block" is "$(grep -c '^+.*include "' "$TMP/patch")" 10
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
for name in if php deny proxy oneline crlf mixed own linked unknown; do
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
