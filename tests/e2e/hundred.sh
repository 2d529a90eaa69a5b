#!/usr/bin/env bash
# A hundred certificates that are all due, a pass that is killed in the middle, and the pass after it.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
certs=$CERTO_HOME/certs
log=$TMP/testbed/log/pebble
count=100

# orders: how many orders pebble has made.
orders() {
  grep -c 'Added order' "$log"
}

# A certificate is due if its status says so and the stored answer of the CA is fresh.
make_due() {
  sed -i -e 's/"due": "[^"]*"/"due": "2020-01-01T00:00:00Z"/' -e 's/"ari_again": "[^"]*"/"ari_again": "2099-01-01T00:00:00Z"/' \
    "$certs"/*/status.json
}

# The certificates whose live pair is newer than the marker, or not.
renewed() {
  find "$certs" -mindepth 2 -maxdepth 2 -name live -newer "$TMP/marker" | wc -l | tr -d ' '
}

# An order that the CA was about to validate when its web server was killed is lost, and no fault of ours.
all_used() {
  local order
  for order in $written_down; do
    grep -F -- "$order" "$log" | grep -q -e 'Issued certificate' -e 'set INVALID by invalid authz' ||
      { printf '%s\n' "$order" && return 1; }
  done
}

# Certificates that are complete and not live yet: the newest version is not the live one. They need no order.
complete() {
  local name newest number=0
  for name in "$certs"/*; do
    newest=$(find "$name" -mindepth 1 -maxdepth 1 -type d -name '20*' -printf '%f\n' | sort | tail -n 1)
    if [ "$newest" != "$(readlink "$name/live")" ] && [ -e "$name/$newest/fullchain.pem" ]; then number=$((number + 1)); fi
  done
  echo "$number"
}

all_match() {
  local name
  for name in "$certs"/*; do
    same_key "$name/live/key.pem" "$name/live/cert.pem" || { printf '%s\n' "$name" && return 1; }
  done
}

# Under many orders pebble's database can lock itself: then every request for an account or an order waits for ever, also
# those of curl, and this script learns nothing. It begins again, once.
again_if_pebble_hangs() {
  curl -sS --noproxy '*' -m 20 --cacert "$PEBBLE_CA" -o "$TMP/answer" "$PEBBLE_MGMT/cert-status-by-serial/1" && return
  [ -z "${BEGUN_AGAIN-}" ] || return 0
  echo "pebble does not answer: once more from the start" >&2
  "$SOURCE/scripts/testbed.sh" stop "$TMP/testbed"
  rm -rf "$TMP"
  BEGUN_AGAIN=1 exec "$0"
}
pass() { # OPTION...: its exit code is in $pass_code
  pass_code=0
  "$CERTO" renew --all "$@" >"$TMP/pass.out" 2>"$TMP/pass.err" || pass_code=$?
  [ "$pass_code" != 69 ] || again_if_pebble_hangs
}
replay() { # what the last pass said, and how it ended
  cat "$TMP/pass.out"
  cat "$TMP/pass.err" >&2
  return "$pass_code"
}

# Copies of one certificate, each with its own name in its request: the first pass sees that the names differ.
check "the first one" "$CERTO" issue --agree-tos -d n1.example.com "${standalone[@]}"
for number in $(seq 2 $count); do
  cp -a "$certs/n1.example.com" "$certs/n$number.example.com"
  sed -i "s/n1\.example\.com/n$number.example.com/" "$certs/n$number.example.com/request.json"
done
pass --jobs 8
check "names that were changed by hand are renewed, eight at a time" replay
check_said "... each with a line" "n2.example.com: renewed" "n$count.example.com: renewed" "n1.example.com: not due"
check_said "... a counter" "(1 of $((count - 1)))" "(37 of $((count - 1)))"
check_said "... and a sum at the end" "certo: $((count - 1)) renewed"
check "... and each is for its own name" is "$(names_in "$certs/n77.example.com/live/cert.pem")" n77.example.com
check "... one order for each" is "$(orders)" $count
check "... and then nothing is left to do" "$CERTO" cron
check "... and nothing is printed" test ! -s "$TMP/out" -a ! -s "$TMP/err"
check "... by one account" is "$(find "$CERTO_HOME/accounts" -name account.json | wc -l | tr -d ' ')" 1

# ---- killed in the middle ----

make_due
touch "$TMP/marker"
begun=$(date +%s)
"$CERTO" renew --all --jobs 8 >"$TMP/killed" 2>&1 &
pass=$!
some_are_done() { [ "$(renewed)" -ge 20 ]; }
check "a pass over a hundred that are due" wait_until some_are_done
kill -9 $pass
wait $pass 2>/dev/null
done_before=$(renewed)
check "... is killed before its end" test "$done_before" -lt $count
written_down=$(sed -n 's|.*"url": ".*/my-order/\(.*\)".*|\1|p' "$certs"/*/next/order.json)
in_flight=$(wc -w <<<"$written_down")
adopted=$(complete)
check "... with orders in flight" test "$in_flight" -ge 1
first=$(orders)
pass --jobs 8
check "the next pass" replay
seconds=$(($(date +%s) - begun))
check "... makes all of them new" is "$(renewed)" $count
check "... by the stored orders" all_used
# Orders that were requested when the pass died, at most one for each job, may not have been counted.
more=$(($(orders) - first - (count - done_before - in_flight - adopted)))
check "... and by one order for each of the others, $more too many" test $more -ge 0 -a $more -le 8
check "... each key belongs to its certificate" all_match
check "... nothing is left in flight" is "$(find "$certs" -name next | wc -l | tr -d ' ')" 0
check "... within a minute, $seconds s" test "$seconds" -lt 60

# ---- stopped by a signal, then one that is damaged ----

make_due
touch "$TMP/marker"
mkdir -p "$CERTO_HOME/hooks/notify"
# shellcheck disable=SC2016 # the hook's shell expands them
printf '#!/bin/sh\n{ echo "$CERTO_EVENT $CERTO_SUBJECT"; cat; } >"%s"\n' "$TMP/news" >"$CERTO_HOME/hooks/notify/tell"
chmod 755 "$CERTO_HOME/hooks/notify/tell"
"$CERTO" renew --all --jobs 8 >"$TMP/stopped" 2>&1 &
pass=$!
check "a pass over a hundred" wait_until some_are_done
kill -TERM $pass
stopped_code=0
wait $pass || stopped_code=$?
check "... ends by a signal" is $stopped_code 143
done_before=$(renewed)
check "... says what was done" grep -q "certo: $done_before renewed, $((count - done_before)) not tried" "$TMP/stopped"
check "... also to the notification" \
  grep -q "^failure certo: interrupted, $done_before renewed, $((count - done_before)) not tried" "$TMP/news"
rm -r "$CERTO_HOME/hooks"
printf '{"certo":"request/1","identifiers":["n50' >"$certs/n50.example.com/request.json"
pass --jobs 16
expect_exit 65 "a damaged request among them" replay
check_said "... is reported with its name" "n50.example.com: " "n50.example.com/request.json"
check_said "... counts it" "1 failed"
check "... and the others are renewed" test "$(renewed)" -ge $((count - 1))
