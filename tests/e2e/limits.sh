#!/usr/bin/env bash
# A pass over certificates of an account that the CA limits, or has paused, or whose CA is not there.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

WEB=$TMP/web
certs=$CERTO_HOME/certs
mkdir -p "$WEB"

# ca SCENARIO: from now on all certificates are due, and come from a CA that behaves like that.
ca() {
  fake_stop "$TMP/ca"
  rm -rf "$TMP/ca"
  fake_start "$TMP/ca" "$1" || exit 1
  export CERTO_CA_BUNDLE=$FAKE_CA
  [ ! -d "$certs" ] || sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$FAKE_DIRECTORY\"|" "$certs"/*/request.json
}
asked() { # STEP
  grep -c "\"step\": \"$1\"" "$TMP/ca/requests.jsonl"
}
# The hours until CERTIFICATE is tried again.
hours_until_retry() {
  python3 - "$certs/$1/status.json" <<'PYTHON'
import datetime, json, sys
at = datetime.datetime.fromisoformat(json.load(open(sys.argv[1]))["retry_at"].replace("Z", "+00:00"))
print(round((at - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 3600))
PYTHON
}

ca good
for name in a b c d e; do
  check "issue $name" "$CERTO" issue -d $name.example.com --webroot "$WEB" --agree-tos --server "$FAKE_DIRECTORY"
done

ca limited-far
expect_exit 75 "a pass that the CA limits" "$CERTO" renew --all --jobs 1 --agree-tos
check_said "... says it of the one that was refused" "a.example.com: the CA refused" "b.example.com: due, but" "e.example.com: due, but"
check "... asks for one order" is "$(asked new-order)" 1
check "... until the CA said" is "$(hours_until_retry a.example.com)" 24
check "... the others for an hour: the limit may be of one name" is "$(hours_until_retry e.example.com)" 1
expect_exit 1 "... which is no failure of theirs" grep '"failures"' "$certs/e.example.com/status.json"
check "cron meanwhile" "$CERTO" cron
check "... is silent" test ! -s "$TMP/out" -a ! -s "$TMP/err"
check "... and asks for nothing" is "$(asked new-order)" 1

ca limited-text
expect_exit 75 "a limit whose end is in the text only" "$CERTO" renew --all --jobs 1 --agree-tos
check "... is kept to" is "$(hours_until_retry a.example.com)" $((31 * 24))
check "... by the whole account" is "$(asked new-order)" 1

ca paused
expect_exit 75 "a paused account" "$CERTO" renew --all --jobs 2 --agree-tos
check_said "... is explained" "the CA paused this account for these names; open the page"
check "... each name set by itself" is "$(asked new-order)" 5
check "... is tried once a day" is "$(hours_until_retry c.example.com)" 24

sed -i -e 's/"failing_since": "[^"]*"/"failing_since": "2026-01-01T00:00:00Z"/' -e 's/"retry_at": "[^"]*"/"retry_at": "2020-01-01T00:00:00Z"/' \
  "$certs/c.example.com/status.json"
expect_exit 75 "what has been failing for months" "$CERTO" cron
check_said "... is told, with what to do" "it has been failing for" "certo remove c.example.com"
check "... and nothing else is" is "$(wc -l <"$TMP/err")" 3

ca good
fake_stop "$TMP/ca"
expect_exit 69 "a CA that is not there" "$CERTO" renew --all --jobs 4 --deadline 20
check_said "... is told of each" "a.example.com: " "e.example.com: "
