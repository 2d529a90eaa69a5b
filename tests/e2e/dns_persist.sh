#!/usr/bin/env bash
# dns-persist-01: a record that stays is checked before each order, and renewals need no credential; certo persist
# prints, publishes and removes it.
TESTBED="pebble challtestsrv caddy --strict"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
way=(--dns-persist --resolver "$DNS_ADDR")
service=(--dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR --resolver "$DNS_ADDR" --no-save)
certs=$CERTO_HOME/certs
log=$TMP/testbed/log/pebble

orders() { grep -c 'order-plz' "$log"; }
put() { "$DNS_PROVIDER" present "_validation-persist.$1" "$2"; }
clear() { manage clear-txt "{\"host\":\"_validation-persist.$1.\"}"; }
values() { txt_values "$DNS_ADDR" "_validation-persist.$1"; }
# The value of the zone line on stdout of the last command.
printed() { sed -n 's/.* IN TXT "\(.*\)"$/\1/p' "$TMP/out"; }
nothing_is_journalled() { is "$(find "$CERTO_HOME/presented" -mindepth 1 2>/dev/null)" ""; }

check "an account" "$CERTO" account new --agree-tos
account=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["url"])' "$TMP/out")
record="pebble.letsencrypt.org; accounturi=$account"

# ---- the record ----

check "certo persist prints the record" "$CERTO" persist -d a.example.com
check_said "... and what to do" "add this record, which must stay there"
check "... as a line of a zone file" is "$(cat "$TMP/out.last")" "_validation-persist.a.example.com. IN TXT \"$record\""
check "... in JSON" "$CERTO" persist -d a.example.com -d '*.a.example.com' -d b.example.com --until 2037-12-31 --json
check "... with its parts" python3 - "$TMP/out" "$account" <<'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
assert told["certo"] == "persist/1" and told["draft"] == "draft-ietf-acme-dns-persist-01" and told["published"] is False
a, b = told["records"]
assert a["name"] == "_validation-persist.a.example.com" and a["type"] == "TXT" and a["policy"] == "wildcard", a
assert a["issuer"] == "pebble.letsencrypt.org" and a["accounturi"] == sys.argv[2]
assert a["persist_until"] == "2037-12-31T23:59:59Z" and "persistUntil=2145916799" in a["value"]
assert "".join(a["strings"]) == a["value"] and not a["value"].endswith(";")
assert b["policy"] is None and "policy" not in b["value"]
PYTHON
refused 64 "a date in the past" "'2020-01-01' is not a date in the future" "$CERTO" persist -d a.example.com --until 2020-01-01
refused 64 "an address has no record" "192.0.2.1 is an address" "$CERTO" persist -d 192.0.2.1
refused 64 "a name that is not the CA's" "'other.example' is not a name of this CA" "$CERTO" persist -d a.example.com --issuer other.example
refused 64 "--remove without a service" "--remove needs --dns PROVIDER" "$CERTO" persist -d a.example.com --remove
refused 64 "another method" "by one --dns PROVIDER" "$CERTO" persist -d a.example.com --standalone
refused 78 "a CA that does not offer the method" "and not dns-persist-01" \
  "$CERTO" persist -d a.example.com --server "$CADDY_DIRECTORY" --ca-bundle "$CADDY_CA" --agree-tos

# ---- an order ----

before=$(orders)
refused 3 "without the record" "_validation-persist.a.example.com: there is no such TXT record" "$CERTO" issue -d a.example.com "${way[@]}"
check_said "... the hint shows it" "add this TXT record: _validation-persist.a.example.com. IN TXT \"$record\"" \
  "a resolver may remember"
check "... before an order" is "$(orders)" "$before"
put a.example.com "pebble.letsencrypt.org; accounturi=${account}0"
refused 3 "a record for another account" "the record is for another account, ${account}0" "$CERTO" issue -d a.example.com "${way[@]}"
clear a.example.com
put a.example.com "other.example; accounturi=$account"
refused 3 "a record for another CA" "the record is for another CA, other.example, and not for pebble.letsencrypt.org" \
  "$CERTO" issue -d a.example.com "${way[@]}"
put a.example.com "$record; persistUntil=1700000000"
refused 3 "a record that has ended" "the record ended 2023-11-14T22:13:20Z" "$CERTO" issue -d a.example.com "${way[@]}"
clear a.example.com
put a.example.com "$record;"
refused 3 "a record that is malformed" "is not a record of dns-persist-01" "$CERTO" issue -d a.example.com "${way[@]}"
check "... all before an order" is "$(orders)" "$before"
clear a.example.com
put a.example.com "$record"
check "with the record" "$CERTO" issue -d a.example.com "${way[@]}" -v
check_said "... by this method" "by dns-persist-01"
check "... nothing is journalled" nothing_is_journalled
check "... the record stays" is "$(values a.example.com)" "$record"
refused 3 "a wildcard needs the policy" "the record does not allow wildcards: policy=wildcard is missing" \
  "$CERTO" issue -d a.example.com -d '*.a.example.com' "${way[@]}" --cert-name wild
check_said "... the hint has it" "$record; policy=wildcard\""
put a.example.com "$record; policy=wildcard"
check "a name and its wildcard by one record" "$CERTO" issue -d a.example.com -d '*.a.example.com' "${way[@]}" --cert-name wild
check "... for both" is "$(names_in "$certs/wild/live/cert.pem")" "*.a.example.com a.example.com"
expect_exit 3 "several names at once" "$CERTO" issue -d c.example.com -d d.example.com "${way[@]}" --json
check_said "... all are told" "add these TXT records:" '"name":"_validation-persist.c.example.com"' \
  '"name":"_validation-persist.d.example.com"'
refused 64 "a rehearsal" "--dns-persist cannot be rehearsed" \
  "$CERTO" issue -d rehearsed.example.com "${way[@]}" --dry-run --server "$PEBBLE_DIRECTORY"

# ---- renewal ----

check "an account that has proven nothing" new_account
account=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["url"])' "$TMP/out")
record="pebble.letsencrypt.org; accounturi=$account"
expect_exit 3 "the record of the old account does not count for a renewal" "$CERTO" renew --force a.example.com
check_said "... a person hears of it" "is for another account"
soon=$(($(date +%s) + 10 * 86400))
put a.example.com "$record; persistUntil=$soon"
check "from cron's empty environment" env -i "$CERTO" renew --force a.example.com --home "$CERTO_HOME"
check_said "... a warning of a record that ends soon" "the record ends" "no renewal will succeed after that"
check "... no credential is stored" is "$(find "$CERTO_HOME/credentials" -type f 2>/dev/null)" ""

# ---- a record that ends between two renewals ----

check "the schedule looks at the record, long before a renewal" "$CERTO" cron
check_said "... and alerts" "_validation-persist.a.example.com ends in" "no renewal will succeed after that" "certo persist -d NAME --until"
check "... once a day" "$CERTO" cron
check "... and not each time" is "$(cat "$TMP/err")" ""
check "certo status has the finding" "$CERTO" status a.example.com --json
check_said "... by its word" '"record-ends"'
check "certo info has the date" "$CERTO" info a.example.com
check_said "... of the record" "_validation-persist.a.example.com ends"
clear a.example.com
put a.example.com "$record"
rm "$certs/a.example.com/status.json" "$CERTO_HOME/alerts.json"
check "a record without an end" "$CERTO" cron
check "... is no alert" is "$(grep -c persist "$TMP/err")" 0

# ---- publish, and remove ----

put pub.example.com "other.example; accounturi=https://other.example/1"
check "--dns publishes the record" "$CERTO" persist -d pub.example.com "${service[@]}"
check "... next to others" is "$(values pub.example.com)" "other.example; accounturi=https://other.example/1 $record"
check "... no journal, so nothing removes it" nothing_is_journalled
check "... it is of use" "$CERTO" issue -d pub.example.com "${way[@]}"
check "a second one takes its place" "$CERTO" persist -d pub.example.com --wildcard --until 400d "${service[@]}"
check "... and the older one is removed" test "$(dns_txt_count _validation-persist.pub.example.com)" = 2
check "... the new one is of use" "$CERTO" issue -d '*.pub.example.com' "${way[@]}"
check "--remove removes it" "$CERTO" persist -d pub.example.com --remove "${service[@]}"
check "... and not that of another" is "$(values pub.example.com)" "other.example; accounturi=https://other.example/1"
check "--remove again is a success" "$CERTO" persist -d pub.example.com --remove "${service[@]}"
check_said "... and says so" "there is no record of this account"

# ---- in a pipe ----

put pipe.example.com "$record"
"$CERTO" keygen -o "$TMP/pipe.key"
"$CERTO" csr --key "$TMP/pipe.key" -d pipe.example.com >"$TMP/pipe.csr"
bash -c "'$CERTO' order <'$TMP/pipe.csr' >'$TMP/pipe.json'"
check "an order shows the record" python3 - "$TMP/pipe.json" "$record" <<'PYTHON'
import json, sys
challenges = json.load(open(sys.argv[1]))["authorizations"][0]["challenges"]
one = [c for c in challenges if c["type"] == "dns-persist-01"][0]
assert one["record"] == {"name": "_validation-persist.pipe.example.com", "type": "TXT", "value": sys.argv[2]}, one
assert one["issuer-domain-names"] == ["pebble.letsencrypt.org"] and "present" not in one and "token" not in one
PYTHON
check "solve and fetch" bash -c "'$CERTO' solve ${way[*]} '$TMP/pipe.json' | '$CERTO' fetch -o '$TMP/pipe.pem'"
bash -c "'$CERTO' order -d none.example.com >'$TMP/none.json'"
expect_exit 3 "solve does not answer a challenge that must fail" "$CERTO" solve "${way[@]}" "$TMP/none.json"
check "... the order is still pending" bash -c "'$CERTO' inspect '$TMP/none.json' --json | grep -q pending"

# ---- acme.sh's words ----

check "acme.sh's command" "$CERTO" --make-dns-persist-value -d sh.example.com --dns-persist-wildcard --dns-persist-days 100
check_said "... prints the record" "_validation-persist.sh.example.com. IN TXT \"$record; policy=wildcard; persistUntil="
put sh.example.com "$(printed)"
check "acme.sh's way" "$CERTO" --issue -d sh.example.com "${way[@]}"
