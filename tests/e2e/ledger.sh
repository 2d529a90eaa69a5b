#!/usr/bin/env bash
# What this machine has used of a CA's limits: an order that would break one is not sent.
TESTBED="pebble pebble-nonces challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA CERTO_SERVER=small
umask 077
certs=$CERTO_HOME/certs
mkdir -p "$CERTO_HOME" "$TMP/web"
web=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [
  {"name": "small", "directory": "$PEBBLE_DIRECTORY", "limits": [
    {"limit": "orders-per-account", "count": 20, "span": "3h"},
    {"limit": "certificates-per-domain", "count": 7, "span": "7d"},
    {"limit": "certificates-per-set", "count": 5, "span": "7d"},
    {"limit": "failures-per-name", "count": 2, "span": "10h"},
    {"limit": "accounts-per-address", "count": 2, "span": "3h"}]},
  {"name": "other", "directory": "$PEBBLE_NONCES_DIRECTORY"}]}
SERVERS
issue() { "$CERTO" issue "${web[@]}" --agree-tos --no-input "$@"; }
# What pebble has answered until now.
requests() { grep -c ' -> calling handler' "$TMP/testbed/log/pebble"; }
# limit JSON-FILE LIMIT MEMBER: of the first row of that limit.
limit() {
  python3 -c 'import json, sys
rows = [one for one in json.load(open(sys.argv[1]))["limits"] if one["limit"] == sys.argv[2]]
print(rows[0][sys.argv[3]])' "$@"
}
limits() { "$CERTO" limits --json "$@" >"$TMP/limits.json"; }
# Every certificate of the store is due.
all_due() {
  local ago
  ago=$(date -u -d '10 minutes ago' +%Y-%m-%dT%H:%M:%SZ)
  sed -i "s/\"due\": \"[^\"]*\"/\"due\": \"$ago\"/" "$certs"/*/status.json
}
failures() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get("failures", 0))' "$certs/$1/status.json"; }

# ---- the same names ----

check "the limits before the first order" "$CERTO" limits
check_said "... are the CA's" "new orders: 20 in 3 h" "certificates of a domain: 7 in 7 days" "any domain"
for number in 1 2 3 4 5; do
  check "certificate $number for the same names" issue -d a.example.com -d b.example.com --cert-name "c$number"
done
limits -d a.example.com,b.example.com
check "none is left" is "$(limit "$TMP/limits.json" certificates-per-set left)" 0
check "... and two of the domain" is "$(limit "$TMP/limits.json" certificates-per-domain left)" 2
check "... and 15 orders" is "$(limit "$TMP/limits.json" orders-per-account left)" 15
check "the table shows the names" "$CERTO" limits
check_said "... and what is left of an account" "a.example.com,b.example.com" "example.com" "account default" "this address"

before=$(requests)
refused 75 "the sixth is postponed" "c6: the CA limits certificates for exactly these names to 5 in 7 days, and 5 were used" \
  issue -d b.example.com -d a.example.com --cert-name c6
check_said "... with what to do" "--force"
check "... and nothing was sent" is "$(requests)" "$before"
check "... nor stored" test ! -e "$certs/c6/request.json"
refused 75 "... also by certo order" "the CA limits certificates for exactly these names" \
  "$CERTO" order -d a.example.com -d b.example.com
check "... nothing was sent" is "$(requests)" "$before"
"$CERTO" check -d a.example.com -d b.example.com "${web[@]}" --no-present --json >"$TMP/check.json" 2>"$TMP/check.err"
check "certo check sees it" grep -qF '"the CA limits certificates for exactly these names to 5 in 7 days, and 5 were used' "$TMP/check.json"
check "--force sends it" issue -d a.example.com -d b.example.com --cert-name c6 --force
check "... to the CA" test "$(requests)" -gt "$before"
check "the other CA has no such limit" issue -d a.example.com -d b.example.com --cert-name c7 --server other

# ---- a pass ----

check "a pass asks the CA when renewals are due" "$CERTO" renew
all_due
check "the plan" "$CERTO" renew --plan
check_said "... holds them back" "hold" "the CA limits certificates for exactly these names to 5 in 7 days"
expect_exit 75 "a pass" "$CERTO" cron
check "... has not failed" is "$(failures c1)" 0
check "... and waits for the limit" grep -q '"retry_at"' "$certs/c1/status.json"
expect_exit 75 "the next one" "$CERTO" renew --json
check_said "... holds it back" '"name":"c1","outcome":"held-back"'
check "... without an order" test -z "$(find "$certs" -name order.json)"
check "the other CA's certificate was renewed" test "$(find "$certs/c7" -maxdepth 1 -name '2*Z-*' | wc -l)" = 2

# ---- two processes, one certificate left ----

order() { "$CERTO" order -d x.example.com -d "$1.example.com"; }
at_once() {
  local first second
  order x1 >"$TMP/x1" 2>&1 &
  order x2 >"$TMP/x2" 2>&1
  second=$?
  wait $!
  first=$?
  case "$first $second" in "0 75" | "75 0") return 0 ;; esac
  printf '%s\n' "$first $second" && cat "$TMP/x1" "$TMP/x2" && return 1
}
limits -d x.example.com
check "one certificate of the domain is left" is "$(limit "$TMP/limits.json" certificates-per-domain left)" 1
check "two orders at once: one is postponed" at_once
refused 75 "the third, too" "certificates for example.com and the names below it to 7 in 7 days" order x3
check "another domain goes on" "$CERTO" order -d x.example.net

# ---- many at once ----

printf 'many1.example.com\nmany.example.edu\n' >"$TMP/domains"
expect_exit 75 "a file of names" issue --domains-file "$TMP/domains"
check_said "... one is postponed, and stays" "many1.example.com: the CA limits certificates for example.com" "the request is stored"
check "... the other is there" test -e "$certs/many.example.edu/live/fullchain.pem"
check "the plan has it" "$CERTO" renew --plan
check_said "... with the limit" "many1.example.com" "there is none yet; the CA limits certificates for example.com"
expect_exit 75 "the same file again" issue --domains-file "$TMP/domains"
check "... changes nothing" is "$(find "$certs/many.example.edu" -maxdepth 1 -name '2*Z-*' | wc -l)" 1

# ---- failed validations ----

fail() { "$CERTO" issue -d f.example.org --webroot "$TMP/web" --no-input; }
expect_exit 1 "a failed validation" fail
expect_exit 1 "another one" fail
limits -d f.example.org
check "... are counted" is "$(limit "$TMP/limits.json" failures-per-name left)" 0
check "... and no certificate is" is "$(limit "$TMP/limits.json" certificates-per-domain left)" 7
before=$(requests)
refused 75 "the third try is postponed" "f.example.org: the CA limits validations of f.example.org to 2 in 10 h, and 2 were used" fail
check "... and nothing was sent" is "$(requests)" "$before"

# ---- new accounts ----

account() { "$CERTO" account new --account "$1" --agree-tos; }
check "a second account" account two
expect_exit 75 "the third is postponed" account three
check_said "... with the limit" "the CA limits new accounts from this address to 2 in 3 h"
check "... and is not there" test -z "$(find "$CERTO_HOME/accounts" -path '*/three/account.json')"

# ---- a damaged ledger ----

damaged=$(grep -l orders-per-account "$CERTO_HOME"/ca/*/ledger.json)
printf '{' >"$damaged"
expect_exit 75 "an order with a damaged ledger" "$CERTO" order -d new.example.net
check_said "... is postponed, and the ledger is set aside" "certo has moved it to $damaged.damaged" \
  "it is not known how many were used"
expect_exit 75 "the next one" "$CERTO" order -d new.example.net
check "... does not say it again" test -z "$(grep damaged "$TMP/err")"
check "another CA goes on" issue -d new.example.net --server other
check "--force sends it all the same" "$CERTO" order -d new.example.net --force

# ---- the ledger of a newer certo ----

printf '{"certo":"ledger/2"}' >"$damaged"
check "limits with the ledger of a newer certo" "$CERTO" limits
check_said "... says so" "written by a newer certo (ledger/2); it stays as it is"
check "an order, too" "$CERTO" order -d newer.example.net
check "... is said once" is "$(grep -c 'newer certo' "$TMP/err")" 1
check "... and the file stays" is "$(cat "$damaged")" '{"certo":"ledger/2"}'
