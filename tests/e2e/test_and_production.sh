#!/usr/bin/env bash
# A certificate of a test CA never replaces a real one, whatever the command is.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA
real=$PEBBLE_DIRECTORY
stage=${PEBBLE_DIRECTORY/127.0.0.1/localhost}
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT" --agree-tos)
certs=$CERTO_HOME/certs
srv=$TMP/srv
mkdir -p "$CERTO_HOME" "$srv"
chmod 700 "$CERTO_HOME"
cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [
  {"name": "letsencrypt", "title": "The real one", "directory": "$real", "staging": "stage"},
  {"name": "stage", "title": "Its test server", "directory": "$stage"}]}
SERVERS

live() { readlink "$certs/$1/live"; }
issue() { "$CERTO" issue "${standalone[@]}" "$@"; }
conf() { printf '%s\n' "$@" >"$CERTO_HOME/certo.conf"; }

# refused_over_real NAME COMMAND...: 64, with both solutions in the hint, and the production certificate stays.
refused_over_real() {
  refused 64 "$1" "must not replace the production certificate" "${@:2}"
  check "... with what to do instead" grep -q -- '--dry-run.*--cert-name' "$TMP/err"
  check "... and the certificate stays" is "$(live live.example.com)" "$before"
  check "... as does its request" grep -qF "\"directory\": \"$real\"" "$certs/live.example.com/request.json"
}

check "a production certificate, installed" issue -d live.example.com --fullchain-file "$srv/full.pem" --key-file "$srv/key.pem"
before=$(live live.example.com)
cp "$srv/full.pem" "$TMP/full.before"

refused_over_real "--staging over it" issue --staging -d live.example.com
refused_over_real "... with --force, too" issue --staging --force -d live.example.com
refused_over_real "the test CA by its name" issue --server stage -d live.example.com
refused_over_real "... and by its URL" issue --server "$stage" -d live.example.com
refused_over_real "--staging under its name in the store" issue --staging -d other.example.com --cert-name live.example.com
refused_over_real "acme.sh's spelling" "$CERTO" --issue --staging -d live.example.com --standalone
refused_over_real "... and --test --force" "$CERTO" --issue --test --force -d live.example.com --standalone
conf "staging = yes"
refused_over_real "staging in certo.conf" issue -d live.example.com
rm "$CERTO_HOME/certo.conf"
refused_over_real "CERTO_STAGING" env CERTO_STAGING=yes "$CERTO" issue "${standalone[@]}" -d live.example.com
check "the installed files are the production certificate's" cmp "$srv/full.pem" "$TMP/full.before"
check "a rehearsal succeeds" issue --staging --dry-run -d live.example.com
check "... and leaves the certificate" is "$(live live.example.com)" "$before"

sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$stage\"|" "$certs/live.example.com/request.json"
expect_exit 64 "a request.json that was changed to the test CA" "$CERTO" renew live.example.com
check_said "... is not obeyed" "must not replace the production certificate"
check "... the certificate stays" is "$(live live.example.com)" "$before"
sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$real\"|" "$certs/live.example.com/request.json"

check "a second certificate from the test CA" issue --staging -d live.example.com --cert-name trial
check "list marks it" "$CERTO" list
check "... and only it" is "$(grep -c '(test)' "$TMP/out")$(grep '^trial .*(test)' "$TMP/out" | wc -l)" 11
check "... in JSON" "$CERTO" list --json
check_said "... each of them" '"name":"live.example.com"' '"test":false' '"name":"trial"' '"test":true'
check "info marks it" "$CERTO" info trial
check_said "... in words" "it is from a test CA"
check "... and in JSON" "$CERTO" info trial --json
check_said "... as true" '"test":true'
"$CERTO" info live.example.com >"$TMP/info"
check "... and not the real one" test "$(grep -c 'from a test CA' "$TMP/info")" = 0

# ---- installing ----

refused 64 "a test certificate over a file of the real one" "target of the certificate live.example.com" \
  issue --staging -d t.example.com --fullchain-file "$srv/full.pem"
cp "$srv/full.pem" "$srv/by-hand.pem"
refused 64 "... over a file that holds a real one, which certo did not write" "not from a test CA" \
  issue --staging -d t.example.com --fullchain-file "$srv/by-hand.pem"
check "... nothing was ordered" test ! -e "$certs/t.example.com/live"
refused 64 "install-cert of one over a real one" "not from a test CA" \
  "$CERTO" install-cert -d trial --fullchain-file "$srv/by-hand.pem"
check "... leaves it" cmp "$srv/by-hand.pem" "$TMP/full.before"
cp "$srv/key.pem" "$srv/by-hand.key"
refused 64 "... and a key over a real one's" "not from a test CA" \
  "$CERTO" install-cert -d trial --key-file "$srv/by-hand.key"
check "install-cert --force takes it" "$CERTO" install-cert -d trial --fullchain-file "$srv/by-hand.pem" --force
check "... it is installed" cmp "$srv/by-hand.pem" "$certs/trial/live/fullchain.pem"
check "the renewal of a test certificate goes over its own file" "$CERTO" renew --force trial
check "... it is installed" cmp "$srv/by-hand.pem" "$certs/trial/live/fullchain.pem"
cp "$TMP/full.before" "$srv/by-hand.pem"
expect_exit 4 "... not over a real one that somebody installed there since" "$CERTO" renew --force trial
check "... which stays" cmp "$srv/by-hand.pem" "$TMP/full.before"
refused 64 "a test certificate from a pipe" "not from a test CA" sh -c \
  '"$CERTO" install-cert --key "$1/key.pem" --fullchain-file "$2" <"$1/fullchain.pem"' - "$certs/trial/live" "$srv/by-hand.pem"
printf '#!/bin/sh\necho "$CERTO_NAME" >>"%s"\n' "$TMP/hooked" >"$TMP/hook"
chmod 755 "$TMP/hook"
refused 64 "deploy of a test certificate" "from a test CA" "$CERTO" deploy -d trial --hook "$TMP/hook"
check "... with --force" "$CERTO" deploy -d trial --hook "$TMP/hook" --force

# ---- from test to production, and back ----

check "a test certificate" issue --staging -d grow.example.com
check "... renewed at the test CA" "$CERTO" renew --force grow.example.com
conf "staging = yes"
check "... stays there with staging in certo.conf" issue --force -d grow.example.com
check "... at the same test CA" grep -qF "\"$stage\"" "$certs/grow.example.com/request.json"
rm "$CERTO_HOME/certo.conf"
check "... becomes a real one without --staging" issue -d grow.example.com
check_said "... which is reported" "is from the test server $stage; now from $real"
before=$(live grow.example.com)
expect_exit 1 "rollback does not make the test certificate live again" "$CERTO" rollback grow.example.com
check_said "... and says why" "from a test CA"
check "... the real one stays live" is "$(live grow.example.com)" "$before"
