#!/usr/bin/env bash
# Orders that do not move, texts that take long to read, and faults of a CA that certo tolerates or refuses.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

WEB=$TMP/web
mkdir -p "$WEB"
asked() { # STEP
  grep -c "\"step\": \"$1\"" "$TMP/ca/requests.jsonl"
}
issue() {
  "$CERTO" issue "$@" --webroot "$WEB" --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA"
}

# ---- the CA never validates
fake_start "$TMP/ca" stuck-pending || exit 1
expect_exit 69 "an order that the CA does not validate" issue -d a.example.com --deadline 5
check_said "... gives up at the deadline" "gave up at the deadline, waiting for the CA's validation"
expect_exit 69 "... is continued by the next run" issue -d a.example.com --deadline 5
check "... with one order so far" is "$(asked new-order)" 1
expect_exit 69 "... and abandoned after two runs" issue -d a.example.com --deadline 5
check_said "... which is reported" "certo: a.example.com: the CA did not validate its order in two runs; opening a new one"
check "... for another order" is "$(asked new-order)" 2
expect_exit 69 "... which is continued again" issue -d a.example.com --deadline 5
check "... by the next run" is "$(asked new-order)" 2
fake_stop "$TMP/ca"

# ---- one token for all authorizations
rm -rf "$TMP/ca" "$CERTO_HOME"
fake_start "$TMP/ca" token-shared || exit 1
names=
for number in $(seq 60); do names="$names -d n$number.example.com"; done
# shellcheck disable=SC2086  # a list of words
expect_exit 76 "a token that all authorizations share" issue $names
check_said "... is named" "occurs in two authorizations"
check "... before a challenge is answered" is "$(asked challenge)" 0
fake_stop "$TMP/ca"

# ---- a renewal of a certificate that is being removed
rm -rf "$TMP/ca" "$CERTO_HOME"
fake_start "$TMP/ca" good || exit 1
check "a certificate" issue -d a.example.com
exec 9>"$CERTO_HOME/certs/a.example.com/lock"
flock 9
"$CERTO" remove a.example.com --yes >"$TMP/remove" 2>&1 9>&- &
removal=$!
"$CERTO" renew --force a.example.com --ca-bundle "$FAKE_CA" >"$TMP/renewal" 2>&1 9>&- &
renewal=$!
wait_until grep -q renewal-info "$TMP/ca/requests.jsonl"
flock -u 9
check "a removal and a renewal at once: the removal" wait "$removal"
wait "$renewal"
code=$?
check "... the renewal ends, one way or the other" test $code = 0 -o $code = 66
check "... with a clear message" grep -Eq 'the certificate was removed by another command|no such certificate|renewed' "$TMP/renewal"
check "... and nothing is left" test ! -e "$CERTO_HOME/certs/a.example.com"

# ---- a private CA whose intermediate has a short key
fake_stop "$TMP/ca"
rm -rf "$TMP/ca" "$CERTO_HOME"
fake_start "$TMP/ca" certificate-weak-issuer || exit 1
expect_exit 76 "an issuer with a short key" issue -d a.example.com
check_said "... is named, with the way to allow it" "has a weak key, rsa-1024" '"weak_keys": true'
printf '{"certo": "servers/1", "servers": [{"name": "mine", "directory": "%s", "weak_keys": true}]}\n' \
  "$FAKE_DIRECTORY" >"$CERTO_HOME/servers.json"
check "... which servers.json allows" issue -d a.example.com
check "... for renewals, too" "$CERTO" renew --force a.example.com --ca-bundle "$FAKE_CA"
