#!/usr/bin/env bash
# Several certo at once: one account, one certificate a name, and no process removes what another one needs.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

WEB=$TMP/web
mkdir -p "$WEB"

issue() { # HOME NAME FLAG...
  local home=$1 name=$2
  shift 2
  "$CERTO" issue -d "$name" --webroot "$WEB" --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" --home "$home" "$@"
}

# at_once COMMAND -- COMMAND …: runs them side by side; succeeds when all do.
at_once() {
  local command=() jobs=() job failed=0
  for word in "$@" --; do
    if [ "$word" = -- ]; then
      "${command[@]}" &
      jobs+=($!)
      command=()
    else
      command+=("$word")
    fi
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  return $failed
}

asked() { # STEP
  grep -c "\"step\": \"$1\"" "$TMP/ca/requests.jsonl"
}
registered() {
  grep '"step": "new-account"' "$TMP/ca/requests.jsonl" | grep -vc '"onlyReturnExisting": true'
}
versions() { # CERTIFICATE-FOLDER
  find "$1" -maxdepth 1 -name '2*Z-*' | wc -l
}
pair_matches() { # CERTIFICATE-FOLDER
  [ "$(openssl x509 -in "$1/live/fullchain.pem" -noout -pubkey)" = "$(openssl pkey -in "$1/live/key.pem" -pubout)" ]
}
# A run must not remove a folder in which another run has a file, so an empty one may stay.
nothing_is_left() { # HOME
  [ -z "$(find "$WEB" -type f)" ] && [ -z "$(find "$1/presented" -mindepth 1)" ]
}

begin() { # SCENARIO
  fake_stop "$TMP/ca"
  rm -rf "$TMP/ca"
  fake_start "$TMP/ca" "$1" || exit 1
}

for round in 1 2 3; do
  home=$TMP/same-$round
  begin good
  check "$round: three first runs for one name succeed" at_once issue "$home" a.example.com -- issue "$home" a.example.com -- \
    issue "$home" a.example.com
  check "$round: they make one account" test "$(registered)" = 1
  check "$round: they ask for one order" test "$(asked new-order)" = 1
  check "$round: they store one certificate" test "$(versions "$home/certs/a.example.com")" = 1
  check "$round: key and certificate match" pair_matches "$home/certs/a.example.com"
  check "$round: nothing is left" nothing_is_left "$home"

  home=$TMP/other-$round
  begin good
  check "$round: three first runs for three names succeed" at_once issue "$home" a.example.com -- \
    issue "$home" b.example.com -- issue "$home" c.example.com
  check "$round: the three names share one account" test "$(registered)" = 1
  for name in a b c; do check "$round: the pair of $name matches" pair_matches "$home/certs/$name.example.com"; done
  check "$round: nothing of the three names is left" nothing_is_left "$home"
done

home=$TMP/other-3
check "two passes at once succeed" at_once "$CERTO" renew --all --force --home "$home" -- \
  "$CERTO" renew --all --force --home "$home"
for name in a b c; do check "after two passes the pair of $name matches" pair_matches "$home/certs/$name.example.com"; done

# ---- a lock that is held

begin stuck-pending
home=$TMP/held
"$CERTO" issue -d a.example.com --webroot "$WEB" --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" --home "$home" \
  >"$TMP/holder" 2>&1 &
holder=$!
has_token() { [ -n "$(find "$WEB" -type f)" ]; }
check "a run waits for its validation" wait_until has_token
expect_exit 75 "another run for the same name does not wait with --lock-timeout 0" issue "$home" a.example.com --lock-timeout 0
check_said "it names the process that holds the lock" "process $holder"
check "a pass meanwhile succeeds" "$CERTO" cron --home "$home"
check "the token of the run that waits is not swept away" has_token
expect_exit 69 "another name does not wait" issue "$home" b.example.com --deadline 1 --lock-timeout 0
check "the other name's run left the first one's token" has_token
kill -9 $holder
wait $holder 2>/dev/null
expect_exit 69 "the lock of a dead process delays nobody" issue "$home" a.example.com --deadline 1 --lock-timeout 0
check "the files of the dead process are removed" nothing_is_left "$home"
