#!/usr/bin/env bash
# Rate limits: each stops what it limits, and nothing else.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

WEB=$TMP/web
certs=$CERTO_HOME/certs
mkdir -p "$WEB"

# ca SCENARIO: from now on all certificates are due, and come from a CA that behaves as SCENARIO says.
ca() {
  fake_stop "$TMP/ca"
  rm -rf "$TMP/ca"
  fake_start "$TMP/ca" "$1" || exit 1
  export CERTO_CA_BUNDLE=$FAKE_CA
  [ ! -d "$certs" ] || sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$FAKE_DIRECTORY\"|" "$certs"/*/request.json
  rm -f "$certs"/*/status.json
}
# ca_of SCENARIO NAME...: such a CA, and a store with only a certificate of each NAME.
ca_of() {
  local name
  rm -rf "$CERTO_HOME"
  ca "$1"
  shift
  for name in "$@"; do
    certo_at issue -d "$name" --webroot "$WEB" --agree-tos >"$TMP/out" 2>"$TMP/err" || not_ok "issue $name"
  done
}
certo_at() {
  "$CERTO" "$@" --server "$FAKE_DIRECTORY"
}
limit_begins() {
  : >"$TMP/ca/limited"
  : >"$TMP/ca/requests.jsonl"
}
asked() { # STEP
  grep -c "\"step\": \"$1\"" "$TMP/ca/requests.jsonl"
}
# The minutes until CERTIFICATE is tried again.
minutes_until_retry() {
  python3 - "$certs/$1/status.json" <<'PYTHON'
import datetime, json, sys
at = datetime.datetime.fromisoformat(json.load(open(sys.argv[1]))["retry_at"].replace("Z", "+00:00"))
print(round((at - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 60))
PYTHON
}
# is_about MINUTES EXPECTED: a slow machine may need some minutes.
is_about() {
  [ "$1" -le "$2" ] && [ "$1" -ge $(($2 - 6)) ] || { printf "it is '%s' and not about '%s'\n" "$1" "$2" && return 1; }
}
hours_until_retry() {
  echo $((($(minutes_until_retry "$1") + 30) / 60))
}
# pass_json FLAG...: a pass with its JSON in $TMP/pass.
pass_json() {
  "$CERTO" renew --json "$@" >"$TMP/pass"
}
# outcomes: NAME=OUTCOME=CODE of each certificate of that pass.
outcomes() {
  python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["certificates"]: print(one["name"], one["outcome"], one["code"], sep="=")' "$TMP/pass"
}
# reasons: NAME of each certificate that has a reason and a time.
reasons() {
  python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["certificates"]:
    if one.get("error") and one.get("retry_at"): print(one["name"])' "$TMP/pass"
}
all_but() { # NAME OUTCOME=CODE OTHER=CODE: of the four certificates
  for one in a.example.com b.domain.example name.example.com set.example.com; do
    if [ "$one" = "$1" ]; then echo "$one=$2"; else echo "$one=$3"; fi
  done
}
# nothing_else_stops WHAT: account, open orders, revocation and orders for other names.
nothing_else_stops() {
  check "$1: the account is shown" certo_at account show
  check "... an open order is solved" sh -c '"$CERTO" solve --webroot "$1" <"$2" >"$2.ready"' - "$WEB" "$TMP/open.json"
  check "... and fetched" sh -c '"$CERTO" fetch <"$1.ready" >"$1.pem"' - "$TMP/open.json"
  check "... a certificate is revoked" certo_at revoke --key "$TMP/open.key" "$TMP/open.json.pem"
  check "... and another by its account" certo_at revoke "$certs/revoked.example.net/live/fullchain.pem"
}
# An order that is open when the limit begins, and a certificate to revoke.
open_order() {
  "$CERTO" keygen -o "$TMP/open.key" --force
  "$CERTO" csr --key "$TMP/open.key" -d open.example.net | certo_at order >"$TMP/open.json"
  certo_at issue -d revoked.example.net --webroot "$WEB" >"$TMP/out" 2>&1
}
names="a.example.com b.domain.example name.example.com set.example.com"

# ---- limits of one certificate: only WHO is refused
for row in "set set.example.com certificates for exactly these names" \
  "set-text set.example.com certificates for exactly these names" \
  "domain b.domain.example certificates for domain.example and the names below it" \
  "name name.example.com validations of name.example.com"; do
  read -r kind who what <<END
$row
END
  # shellcheck disable=SC2086  # a list of words
  ca_of "limit-$kind" $names
  open_order
  limit_begins
  expect_exit 75 "limit-$kind: a pass" pass_json $names --force --jobs 1
  check "... fails for one and renews the others" is "$(outcomes)" "$(all_but "$who" failed=75 renewed=0)"
  check "... with the reason and the time in JSON" is "$(reasons)" "$who"
  check "... which is the CA's time" is_about "$(minutes_until_retry "$who")" 92
  check "... no gate is closed" test -z "$(find "$CERTO_HOME/accounts" -name 'gate*')"
  expect_exit 75 "... with a message for a person" "$CERTO" renew "$who" --force
  check_said "... with the name of the limit" "certo: $who: the CA limits $what until 2"
  check "... a new certificate for other names" certo_at issue -d other.example.net --webroot "$WEB"
  nothing_else_stops "... meanwhile"
done

# ---- a limit of the account: new orders wait, and nothing else
# shellcheck disable=SC2086
ca_of limit-orders $names
open_order
limit_begins
expect_exit 75 "limit-orders: a pass" "$CERTO" renew $names --force --jobs 1
check_said "... names the limit" "certo: a.example.com: the CA limits new orders of this account until 2"
check "... sends one new order" is "$(asked new-order)" 1
rm -f "$certs"/*/status.json
for name in $names; do sed -i 's/"key_type": "ec-256"/"key_type": "ec-384"/' "$certs/$name/request.json"; done
expect_exit 75 "... a pass of a timer" "$CERTO" cron
check "... is silent" test ! -s "$TMP/out" -a ! -s "$TMP/err"
check "... and sends no new order" is "$(asked new-order)" 1
expect_exit 75 "... a pass that a person starts" "$CERTO" renew --all --exit-2
check_said "... says why each one waits" \
  "certo: name.example.com: due, but held back until 2" ": the CA limits new orders of this account until 2"
expect_exit 75 "... and in JSON" pass_json --all
check "... each with reason and time" is "$(reasons | tr '\n' ' ')" "$names "
check "... until the CA's time" is_about "$(minutes_until_retry set.example.com)" 92
expect_exit 1 "... which does not count as their failure" grep '"failures"' "$certs/set.example.com/status.json"
expect_exit 75 "... nor is a new certificate ordered" certo_at issue -d new.example.net --webroot "$WEB"
nothing_else_stops "... meanwhile"

# shellcheck disable=SC2086
ca_of limit-orders+window-open $names
limit_begins
expect_exit 75 "a new certificate closes the gate" certo_at issue -d new.example.net --webroot "$WEB"
check "... renewals inside their window pass it" "$CERTO" renew $names --force
check "... all of them" is "$(asked new-order)" 5

# ---- a limit of the address: no new account
ca_of limit-registrations a.example.com
limit_begins
expect_exit 75 "limit-registrations: another account" certo_at account new --account second --agree-tos
check_said "... names the limit" "the CA limits new accounts from this address until 2" "--account NAME uses another one"
expect_exit 75 "... again" certo_at account new --account second --agree-tos
expect_exit 75 "... or a certificate of it" certo_at issue -d b.example.com --webroot "$WEB" --account second --agree-tos
check "... is not requested twice" is "$(grep '"step": "new-account"' "$TMP/ca/requests.jsonl" | grep -vc onlyReturnExisting)" 1
check "... the existing account still works" certo_at issue -d c.example.com --webroot "$WEB"
check "... and renews" "$CERTO" renew --force a.example.com

# ---- a limit in unknown words: new orders of the account wait for an hour
# shellcheck disable=SC2086
ca_of limit-unknown $names
open_order
limit_begins
expect_exit 75 "limit-unknown: a pass" "$CERTO" renew $names --force --jobs 1
check_said "... has the CA's words" "the CA refused: rateLimited: too many wishes (3) from this planet" \
  "certo: set.example.com: the CA limits this account until 2"
check "... sends one new order" is "$(asked new-order)" 1
check "... the one that was refused waits until the CA's time" is_about "$(minutes_until_retry a.example.com)" 92
check "... the others for an hour" is_about "$(minutes_until_retry set.example.com)" 60
nothing_else_stops "... meanwhile"

# ---- a paused name
ca_of limit-paused a.example.com paused.example.com
open_order
limit_begins
expect_exit 75 "a paused name" "$CERTO" renew paused.example.com a.example.com --force
check_said "... is explained" "the CA paused this account for these names; open the page"
check_said "... and the other is renewed" "a.example.com: renewed"
check "... is tried once a day" is "$(hours_until_retry paused.example.com)" 24
nothing_else_stops "... meanwhile"

# ---- times that the CA gives
ca_of good a.example.com b.example.com
ca limited-far
expect_exit 75 "a limit of a day" "$CERTO" renew a.example.com --force --agree-tos
check "... is respected" is "$(hours_until_retry a.example.com)" 24
ca limited-text
expect_exit 75 "a limit whose end is in the text only" "$CERTO" renew a.example.com --force --agree-tos
check "... is respected, for two months at most" is "$(hours_until_retry a.example.com)" $((60 * 24))

# ---- long failures
ca paused
expect_exit 75 "a paused account" "$CERTO" renew a.example.com b.example.com --force --agree-tos
sed -i -e 's/"failing_since": "[^"]*"/"failing_since": "2026-01-01T00:00:00Z"/' -e 's/"retry_at": "[^"]*"/"retry_at": "2020-01-01T00:00:00Z"/' \
  "$certs/b.example.com/status.json"
sed -i 's/"key_type": "ec-256"/"key_type": "ec-384"/' "$certs/b.example.com/request.json"
expect_exit 75 "a certificate that has been failing for months" "$CERTO" cron
check_said "... is reported, with what to do" "it has been failing for" "certo remove b.example.com"

ca good
fake_stop "$TMP/ca"
expect_exit 69 "a CA that does not answer" "$CERTO" renew --all --force --jobs 4 --deadline 20
check_said "... is reported for each" "a.example.com: " "b.example.com: "
