#!/usr/bin/env bash
# Key changes that are interrupted or run at the same time as another one or an order, and CAs that remember the old key.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

WEB=$TMP/web
mkdir -p "$WEB"

# ca SCENARIO: such a CA, an account, and a certificate for a.example.com.
ca() {
  fake_stop "$TMP/ca"
  rm -rf "$TMP/ca" "$CERTO_HOME"
  fake_start "$TMP/ca" "$1" || exit 1
  export CERTO_CA_BUNDLE=$FAKE_CA CERTO_SERVER=$FAKE_DIRECTORY
  "$CERTO" issue -d a.example.com --webroot "$WEB" --agree-tos >"$TMP/out" 2>&1 || not_ok "$1: issue"
  account=$(dirname "$(echo "$CERTO_HOME"/accounts/*/default/account.key)")
}
public_key() {
  openssl pkey -in "$1" -pubout
}
is_complete() { # KEY: the change to this public key is complete
  [ "$(public_key "$account/account.key")" = "$1" ] && [ ! -e "$account/account.key.next" ]
}
failures() {
  grep -c '"failures"' "$CERTO_HOME/certs/a.example.com/status.json"
}

# ---- the CA has the new key, but the answer was lost
while read -r command; do
  ca key-change-lost
  expect_exit 69 "a key change whose answer is lost" "$CERTO" account rollover
  next=$(public_key "$account/account.key.next")
  # shellcheck disable=SC2086  # a list of words
  check "... is completed by certo $command" "$CERTO" $command
  check "... and the new key is the account's" is_complete "$next"
  check "... no renewal counts as failed" is "$(failures)" 0
done <<END
account show
account update --email admin@example.com
issue -d b.example.com --webroot $WEB
renew --force a.example.com
renew --all --force
revoke -d a.example.com --yes
order -d c.example.com
account rollover
END

ca key-change-lost
expect_exit 69 "a key change whose answer is lost" "$CERTO" account rollover
next=$(public_key "$account/account.key.next")
rm "$account/account.json"
check "... is completed although account.json is lost" "$CERTO" account show
check "... and the new key is the account's" is_complete "$next"
check "... of the same account" is "$(grep -c '"step": "new-account"' "$TMP/ca/requests.jsonl")" 4

# ---- the CA never got the new key
ca good
fake_stop "$TMP/ca"
expect_exit 69 "a key change while the CA is away" "$CERTO" account rollover --deadline 5
fake_run "$TMP/ca" ca.py --scenario good --port "$FAKE_PORT"
rm -rf "$CERTO_HOME/accounts"
ca good
"$CERTO" keygen >"$account/account.key.next"
chmod 600 "$account/account.key.next"
old=$(public_key "$account/account.key")
next=$(public_key "$account/account.key.next")
check "a new key that the CA does not know" "$CERTO" renew --force a.example.com
check "... leaves the old one in use" is "$(public_key "$account/account.key")" "$old"
check "... until the change is repeated" "$CERTO" account rollover
check "... which uses that key" is_complete "$next"
check "... and it is good" "$CERTO" account show

# ---- two at once
ca good
"$CERTO" account rollover >"$TMP/one" 2>&1 &
first=$!
check "two key changes at once: the one" "$CERTO" account rollover
check "... the other" wait "$first"
check "... and the account works" "$CERTO" account show
check "... nothing is left" test ! -e "$account/account.key.next"

# ---- a CA that remembers the old key for 5 s
ca key-cache
check "a key change at a CA that remembers the old key" "$CERTO" account rollover
check "... a renewal" "$CERTO" renew --force a.example.com
check "... no renewal counts as failed" is "$(failures)" 0
ca key-cache
check "two key changes in a row" "$CERTO" account rollover
check "... the second waits for the first" "$CERTO" account rollover
check "... and the account works" "$CERTO" account show

# ---- while an order is open
ca finalize-slow
: >"$TMP/ca/requests.jsonl"
"$CERTO" renew --force a.example.com >"$TMP/renewal" 2>&1 &
renewal=$!
wait_until grep -q '"step": "new-order"' "$TMP/ca/requests.jsonl"
check "a key change during a renewal" "$CERTO" account rollover
check "... which continues with the new key" wait "$renewal"
check "... no renewal counts as failed" is "$(failures)" 0
