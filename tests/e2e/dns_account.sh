#!/usr/bin/env bash
# dns-account-01: the record is at a name of the account's own, in an order, in a pipe and behind a CNAME.
TESTBED="pebble challtestsrv caddy --strict"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
service=(--dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR --resolver "$DNS_ADDR")
certs=$CERTO_HOME/certs

check "an account" "$CERTO" account new --agree-tos
label=$(python3 - "$TMP/out" <<'PYTHON'
import base64, hashlib, json, sys
digest = hashlib.sha256(json.load(open(sys.argv[1]))["url"].encode()).digest()
print("_" + base64.b32encode(digest[:10]).decode().lower())
PYTHON
)

check "a name and its wildcard" "$CERTO" issue -d a.example.com -d '*.a.example.com' "${service[@]}" --dns-account -vv
check_said "... by this method" "by dns-account-01" "DNS TXT $label._acme-challenge.a.example.com"
check "... the record is removed again" is "$(dns_txt_count "$label._acme-challenge.a.example.com")" 0
check "... it is stored" grep -q '"per_account": true' "$certs/a.example.com/request.json"
check "... and counts for renewals" "$CERTO" renew --force a.example.com
check "... without another record" is "$(dns_history _acme-challenge.a.example.com | grep -c TXT)" 0
refused 78 "a CA that does not offer the method" "and the chosen method can do dns-account-01" \
  "$CERTO" issue -d c.example.com "${service[@]}" --dns-account --server "$CADDY_DIRECTORY" --ca-bundle "$CADDY_CA" --agree-tos
expect_exit 64 "without a service" "$CERTO" issue -d none.example.com --standalone --dns-account
check_said "... which it belongs to" "--dns-account belongs to --dns"

set_cname "$label._acme-challenge.alias.example.com" "_target.example.com"
check "behind a CNAME" "$CERTO" issue -d alias.example.com "${service[@]}" --dns-account -v
check_said "... which is followed" "the record goes to _target.example.com"
set_cname "$label._acme-challenge.to.example.com" "$label._acme-challenge.other.example.com"
check "with --alias" "$CERTO" issue -d to.example.com "${service[@]}" --dns-account --alias to.example.com=other.example.com

"$CERTO" keygen -o "$TMP/pipe.key"
"$CERTO" csr --key "$TMP/pipe.key" -d pipe.example.com >"$TMP/pipe.csr"
"$CERTO" order <"$TMP/pipe.csr" >"$TMP/pipe.json"
check "an order shows the record of each type" python3 - "$TMP/pipe.json" "$label" <<'PYTHON'
import json, sys
challenges = {c["type"]: c for c in json.load(open(sys.argv[1]))["authorizations"][0]["challenges"]}
assert challenges["dns-account-01"]["present"]["name"] == sys.argv[2] + "._acme-challenge.pipe.example.com"
assert challenges["dns-01"]["present"]["name"] == "_acme-challenge.pipe.example.com"
PYTHON
check "present adds the one" "$CERTO" present "${service[@]}" --dns-account "$TMP/pipe.json"
check "... and not the other" is "$(dns_txt_count "$label._acme-challenge.pipe.example.com") $(dns_txt_count _acme-challenge.pipe.example.com)" "1 0"
check "solve waits for it" bash -c "'$CERTO' solve --no-present --dns-account --resolver '$DNS_ADDR' '$TMP/pipe.json' >'$TMP/ready.json'"
check "cleanup removes it" "$CERTO" cleanup "${service[@]}" --dns-account "$TMP/pipe.json"
check "... really" is "$(dns_txt_count "$label._acme-challenge.pipe.example.com")" 0
