#!/usr/bin/env bash
# Signals while the CA validates: tokens and records are removed, providers end, and the next run removes
# the leftovers of kill -9.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

WEB=$TMP/web ZONE=$TMP/zone
mkdir -p "$WEB"
touch "$ZONE"

# A DNS provider: records are lines of a file. hang-VERB makes it hang there, in a child of its own.
cat >"$TMP/provider" <<EOF
#!/bin/sh
zone=$ZONE
case \$1 in
  present) echo "\$2 \$3" >> "\$zone" ;;
  cleanup) grep -vxF "\$2 \$3" "\$zone" > "\$zone.new"; cat "\$zone.new" > "\$zone" ;;
  *) exit 64 ;;
esac
if [ -e "\$zone.hang-\$1" ]; then
  sleep 300 &
  echo \$! > "\$zone.hung"
  wait
fi
EOF
chmod 755 "$TMP/provider"

has_token() { [ -n "$(find "$WEB" -type f)" ]; }
was_answered() { grep -q '"step": "challenge"' "$TMP/ca/requests.jsonl"; }
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }
nothing_is_left() {
  [ -z "$(find "$WEB" -mindepth 1)" ] && [ ! -s "$ZONE" ] && [ -z "$(find "$CERTO_HOME/presented" -mindepth 1)" ]
}

begin() {
  fake_stop "$TMP/ca"
  rm -rf "$CERTO_HOME" "$TMP/ca" "$ZONE".*
  fake_start "$TMP/ca" stuck-pending || exit 1
}

# start WAY...: certo in the background; bash has it ignore SIGINT there, which certo would obey.
start() {
  env --default-signal=INT,HUP,TERM "$CERTO" issue -d www.example.com --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" \
    "$@" >"$TMP/out" 2>"$TMP/err" </dev/null &
  certo=$!
}

# ends NAME CODE SECONDS: the program ends with CODE within SECONDS after the signal at $sent.
ends() {
  local code=0
  # Only against a hang; a watchdog is not a wait.
  (sleep 20 && kill -9 "$certo") >/dev/null 2>&1 &
  local watchdog=$!
  wait "$certo" || code=$?
  kill "$watchdog" 2>/dev/null
  local took=$((($(date +%s%N) - sent) / 1000000))
  if [ $code = "$2" ] && [ $took -le $(($3 * 1000)) ]; then
    ok "$1"
  else
    not_ok "$1"
    { echo "--- $1: exit $code after $took ms" && cat "$TMP/err"; } >&2
  fi
}

send() { # SIGNAL
  sent=$(date +%s%N)
  kill -s "$1" "$certo"
}

for pair in TERM:143 INT:130 HUP:129; do
  begin
  start --webroot "$WEB"
  check "webroot: a token is presented (before $pair)" wait_until has_token
  check "webroot: the CA is told (before $pair)" wait_until was_answered
  send "${pair%:*}"
  ends "webroot: SIG${pair%:*} ends with ${pair#*:} in time" "${pair#*:}" 5
  check "webroot: SIG${pair%:*} leaves nothing behind" nothing_is_left
  # The shell reports the signal; certo prints one line at most.
  check "webroot: SIG${pair%:*} is told in one line" test "$(wc -l <"$TMP/err")" -le 1

  begin
  start --dns "exec:$TMP/provider" --propagation none
  check "dns: a record is added (before $pair)" wait_until test -s "$ZONE"
  check "dns: the CA is told (before $pair)" wait_until was_answered
  send "${pair%:*}"
  ends "dns: SIG${pair%:*} ends with ${pair#*:} in time" "${pair#*:}" 5
  check "dns: SIG${pair%:*} leaves nothing behind" nothing_is_left
done

# ---- a provider that hangs

begin
touch "$ZONE.hang-present"
start --dns "exec:$TMP/provider" --propagation none
check "a provider hangs while it adds the record" wait_until test -s "$ZONE.hung"
hung=$(cat "$ZONE.hung")
send TERM
ends "a signal ends certo although the provider hangs" 143 6
check "the hanging provider's children are ended" wait_until is_gone "$hung"
check "the record of the hanging provider is removed" nothing_is_left

begin
touch "$ZONE.hang-cleanup"
start --dns "exec:$TMP/provider" --propagation none
check "the CA is told (before two signals)" wait_until was_answered
kill -s TERM "$certo"
check "a provider hangs while it removes the record" wait_until test -s "$ZONE.hung"
hung=$(cat "$ZONE.hung")
send TERM
ends "a second signal ends certo at once" 143 1
kill "$hung" 2>/dev/null

begin
touch "$ZONE.hang-cleanup"
start --dns "exec:$TMP/provider" --propagation none
check "the CA is told (before a signal and a hanging clean-up)" wait_until was_answered
send TERM
ends "certo abandons a clean-up that hangs" 143 6
hung=$(cat "$ZONE.hung" 2>/dev/null || echo 0)
[ "$hung" = 0 ] || check "the provider that hung in the clean-up is ended" wait_until is_gone "$hung"
[ "$hung" = 0 ] || kill "$hung" 2>/dev/null
rm -f "$ZONE.hang-cleanup"
check "the run after a clean-up that hung succeeds" "$CERTO" cron
check "the run after a clean-up that hung leaves nothing behind" nothing_is_left

# ---- kill -9

begin
start --webroot "$WEB"
check "webroot: a token is presented (before kill -9)" wait_until has_token
check "webroot: the CA is told (before kill -9)" wait_until was_answered
kill -9 "$certo"
wait "$certo" 2>/dev/null
check "webroot: kill -9 leaves the token" has_token
check "webroot: the run after kill -9 succeeds" "$CERTO" cron
check "webroot: the run after kill -9 removes the token" nothing_is_left

begin
start --dns "exec:$TMP/provider" --propagation none
check "dns: a record is added (before kill -9)" wait_until test -s "$ZONE"
check "dns: the CA is told (before kill -9)" wait_until was_answered
kill -9 "$certo"
wait "$certo" 2>/dev/null
check "dns: kill -9 leaves the record" test -s "$ZONE"
echo "other.example.net not-ours" >>"$ZONE"
expect_exit 69 "dns: the same command after kill -9 waits for the CA again" "$CERTO" issue -d www.example.com --agree-tos \
  --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" --dns "exec:$TMP/provider" --propagation none --deadline 5
check "dns: the run after kill -9 removes the record, and no other" test "$(cat "$ZONE")" = "other.example.net not-ours"
check "dns: the run after kill -9 leaves no journal" test -z "$(find "$CERTO_HOME/presented" -mindepth 1)"
