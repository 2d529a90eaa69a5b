#!/usr/bin/env bash
# certo renew, cron, list, info, remove: due certificates, requests to the CA, and the state after a failure.
TESTBED="pebble challtestsrv nginx"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
certs=$CERTO_HOME/certs
log=$TMP/testbed/log/pebble

# asked [WORD]: how many requests pebble got, or how many with WORD in them.
asked() {
  grep 'calling handler' "$log" | grep -c -- "${1-}"
}

# window NAME START END: from now on the CA wants NAME to be renewed in this window.
window() {
  python3 - "$certs/$1/live/cert.pem" "$2" "$3" >"$TMP/window.json" <<'PYTHON'
import json, sys
window = {"suggestedWindow": {"start": sys.argv[2], "end": sys.argv[3]}, "explanationURL": "https://ca.example/why"}
print(json.dumps({"certificate": open(sys.argv[1]).read(), "ariResponse": json.dumps(window)}))
PYTHON
  curl -sS --fail --noproxy '*' -m 10 --cacert "$PEBBLE_CA" --data "@$TMP/window.json" "$PEBBLE_MGMT/set-renewal-info/"
}

# Makes the stored answer of the CA old, so that certo requests it again.
forget_ari() {
  sed -i 's/"ari_again": "[^"]*"/"ari_again": "2020-01-01T00:00:00Z"/' "$certs/$1/status.json"
}

# Ends the back-off.
forgive() {
  sed -i 's/"retry_at": "[^"]*"/"retry_at": "2020-01-01T00:00:00Z"/' "$certs/$1/status.json"
}

live() {
  readlink "$certs/$1/live"
}

versions() {
  find "$certs/$1" -mindepth 1 -maxdepth 1 -type d -name '2*Z-*' | wc -l | tr -d ' '
}

check "a store without certificates" "$CERTO" list
check_said "... says so" "no certificates"
check "... and nothing to renew" "$CERTO" renew --all
set_a web.example.com 127.0.0.2
check "one" "$CERTO" issue --agree-tos -d one.example.com "${standalone[@]}"
check "two" "$CERTO" issue -d two.example.com "${standalone[@]}"
check "web" "$CERTO" issue -d web.example.com --webroot "$WEBROOT"

# ---- nothing is due ----

check "the first pass" "$CERTO" renew --all
check_said "... says of each that it is not due" "one.example.com: not due" "two.example.com: not due" "web.example.com: not due"
check "... and has asked the CA once for each" is "$(asked renewalInfo)" 3
before=$(asked)
check "the second pass" "$CERTO" renew --all
check "... asks nobody" is "$(asked)" "$before"
expect_exit 2 "--exit-2" "$CERTO" renew --all --exit-2
check "cron" "$CERTO" cron
check "... is silent" test ! -s "$TMP/out" -a ! -s "$TMP/err"
check "--json" "$CERTO" renew --all --json
check_said "... says that nothing changed" '{"certo":"renew/1","changed":false' '"outcome":"not-due"' '"name":"one.example.com"'
check "... and still no CA was contacted" is "$(asked)" "$before"
check "info --json has the window that the CA gave" "$CERTO" info one.example.com --json
check_said "... and it says so" '"window_start":"' '"state":"valid"'
due=$(sed -n 's/.*"due": "\(.*\)".*/\1/p' "$certs/one.example.com/status.json")
forget_ari one.example.com
check "the CA's answer is requested again when it is old" "$CERTO" renew one.example.com
check "... for that one only" is "$(asked renewalInfo)" 4
check "... and the instant stays, because the window did" \
  is "$(sed -n 's/.*"due": "\(.*\)".*/\1/p' "$certs/one.example.com/status.json")" "$due"

# ---- the CA wants it to be renewed ----

old=$(live one.example.com)
cp "$certs/one.example.com/live/cert.pem" "$TMP/old.pem"
other=$(live two.example.com)
window one.example.com 2020-01-01T00:00:00Z 2020-01-02T00:00:00Z
check "a new window is not seen before the old answer expires" "$CERTO" renew one.example.com
check "... as it was meant" is "$(live one.example.com)" "$old"
forget_ari one.example.com
check "a window in the past makes it due" "$CERTO" cron
check_said "... cron says what it did" "one.example.com: renewed"
check "... and only that" is "$(cat "$TMP/err.last" "$TMP/out.last" | wc -l)" 1
check "... there is a new one" test "$(live one.example.com)" != "$old"
check "... and the other did not change" is "$(live two.example.com)" "$other"
# Pebble stores that a moment after it has issued.
check "the CA knows which one was replaced" wait_until grep -q "marked as replaced" "$log"
check "... it must not be replaced again" "$CERTO" order -d one.example.com --replaces "$TMP/old.pem" -vv
check_said "... so the next order does not name it" '"replaces":null' 409
check "an order says which one it replaces" "$CERTO" order -d two.example.com --replaces "$certs/two.example.com/live/cert.pem"
check_said "... and it says so" '"replaces":"'
check "list" "$CERTO" list
check_said "... shows the names, the states and when" NAME one.example.com two.example.com valid EXPIRES
check "list --json" "$CERTO" list --json
check_said "... and it says so" '{"certo":"list/1"' '"name":"one.example.com"' '"state":"valid"'
check "list --names" "$CERTO" list --names
check "... is for scripts" is "$(tr '\n' ' ' <"$TMP/out")" "one.example.com two.example.com web.example.com "

# ---- several versions ----

for number in 1 2 3; do
  check "--force, $number" "$CERTO" renew --force two.example.com
done
check "three versions are kept" is "$(versions two.example.com)" 3
check "... the live one is one of them" test -s "$certs/two.example.com/live/fullchain.pem"

# ---- one that fails ----

check "an account that has proven nothing" new_account
pair=$(live web.example.com)
set_a web.example.com 127.0.0.9
for name in two web; do
  window $name.example.com 2020-01-01T00:00:00Z 2020-01-02T00:00:00Z
  forget_ari $name.example.com
done
second=$(live two.example.com)
expect_exit 1 "a certificate that cannot be renewed" "$CERTO" renew --all
check_said "... is named, with the CA's words and a hint" "web.example.com: " connection "certo: hint: "
check "... does not stop another" test "$(live two.example.com)" != "$second"
check "... did not change" is "$(live web.example.com)" "$pair"
check "... leaves nothing in the webroot" is "$(find "$WEBROOT" -mindepth 1)" ""
check "... is remembered" grep -q '"retry_at"' "$certs/web.example.com/status.json"
check "list says so" "$CERTO" list
check_said "... and it says so" "failing (1)"
check "info says why" "$CERTO" info web.example.com
check_said "... and it says so" "failing" "connection" "not again before" "failures in a row"
before=$(asked order-plz)
expect_exit 75 "a back-off holds it back" "$CERTO" renew --all
check_said "... and says so" "held back until"
check "... and opens no order" is "$(asked order-plz)" "$before"
expect_exit 75 "cron does not mention the failure again" "$CERTO" cron
check_said "... but says that the renewal is late" "web.example.com: it should have been renewed"
expect_exit 75 "... once a day" "$CERTO" cron
check "... and no more" test ! -s "$TMP/out" -a ! -s "$TMP/err"
expect_exit 1 "a person who names it knows better" "$CERTO" renew web.example.com
check "... and it counts" grep -q '"failures": 2' "$certs/web.example.com/status.json"
set_a web.example.com 127.0.0.2
forgive web.example.com
check "when it works again, it is renewed" "$CERTO" renew --all
check "... really" test "$(live web.example.com)" != "$pair"
expect_exit 1 "... and the failures are forgotten" grep -q '"failures"' "$certs/web.example.com/status.json"

# ---- a pair that is damaged ----

printf 'x' >"$certs/web.example.com/live/key.pem"
check "list shows a damaged one" "$CERTO" list
check_said "... and it says so" damaged
check "a damaged pair is renewed" "$CERTO" renew --all
check "... into a whole one" same_key "$certs/web.example.com/live/key.pem" "$certs/web.example.com/live/cert.pem"

# ---- unknown names ----

refused 66 "info of an unknown one" "web.exampel.com" "$CERTO" info web.exampel.com
check_said "... names the nearest" "web.example.com?"
refused 66 "renew of an unknown one" "nothing.example.org" "$CERTO" renew nothing.example.org
refused 66 "remove of an unknown one" "web.exampl.com" "$CERTO" remove --yes web.exampl.com
refused 64 "renew --force of nothing" "which certificates" "$CERTO" renew --force
check "renew without a name is renew --all" "$CERTO" renew
check_said "... and reports each" "one.example.com: not due" "web.example.com: not due"
refused 64 "remove asks first" "web.example.com" "$CERTO" remove web.example.com --no-input
check "... and nothing happened" test -e "$certs/web.example.com/live/key.pem"
check "remove" "$CERTO" remove web.example.com --yes
check "... leaves nothing" test ! -e "$certs/web.example.com"
