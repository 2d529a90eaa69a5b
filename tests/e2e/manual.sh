#!/usr/bin/env bash
# --dns manual: a person adds the records, at a terminal or between two runs; and the names of records with --alias.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
manual=(--dns manual --resolver "$DNS_ADDR")
certs=$CERTO_HOME/certs
log=$TMP/testbed/log/pebble

# add, remove: do the work of a person, with a list of "NAME TXT VALUE" on stdin.
person() {
  local name value
  sed -n 's/^\([^ ]* TXT [^ ]*\)$/\1/p' | while read -r name _ value; do "$DNS_PROVIDER" "$1" "$name" "$value"; done
}
add() { person present; }
remove() { person cleanup; }

# person_needed NAME COMMAND...: the command ends with 3; its list is in $TMP/list.
person_needed() {
  expect_exit 3 "$@"
  cp "$TMP/err" "$TMP/list"
  cp "$TMP/out" "$TMP/told"
}

# listed NUMBER: so many records were listed on stderr.
listed() {
  is "$(grep -cE '^_acme-challenge\.[a-z.]+ TXT [A-Za-z0-9_-]{43}$' "$TMP/list")" "$1"
}

nothing_is_journalled() {
  is "$(find "$CERTO_HOME/presented" -mindepth 1 2>/dev/null)" ""
}

orders() {
  grep -c 'order-plz' "$log"
}

shell() {
  bash -c "set -o pipefail; $1"
}

check "an account" "$CERTO" account new --agree-tos

# ---- nobody is there ----

issue=("$CERTO" issue -d hand.example.com -d '*.hand.example.com' "${manual[@]}")
person_needed "without a terminal a person is needed" "${issue[@]}"
cp "$TMP/list" "$TMP/first"
check_said "... it reports what to do" "hand.example.com: 2 TXT records must be added by hand" \
  "hint: add them, then run the same command again"
check "... the records are listed" listed 2
check "... nothing goes to stdout" test ! -s "$TMP/told"
check "... the order stays open" test -e "$certs/hand.example.com/next/order.json"
check "... nothing is journalled" nothing_is_journalled
before=$(orders)
person_needed "the same command again, too early" "${issue[@]}"
check "... lists the same records" is "$(sort "$TMP/list")" "$(sort "$TMP/first")"
sed -n '/ TXT .*[A-Za-z0-9_-]\{43\}$/p' "$TMP/first" | head -n 1 | add
person_needed "with one of two records" "${issue[@]}" --json
check "... both are listed" listed 2
check "... as JSON, too" python3 - "$TMP/told" <<'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
assert told["certo"] == "records/1" and told["name"] == "hand.example.com" and told["changed"] is False, told
assert len(told["records"]) == 2
for record in told["records"]:
    assert record["name"] == "_acme-challenge.hand.example.com" and record["type"] == "TXT"
    assert len(record["value"]) == 43
PYTHON
remove <"$TMP/first"
add <"$TMP/first"
check "with all records it continues to the end" "${issue[@]}"
check_said "... reports what can be removed" "TXT" "no longer needed, and can be removed"
check "... for both names" is "$(names_in "$certs/hand.example.com/live/cert.pem")" "*.hand.example.com hand.example.com"
check "... it was one order all the time" is "$(orders)" "$before"
check "... and certo removed none of them" is "$(dns_txt_count _acme-challenge.hand.example.com)" 2
remove <"$TMP/first"

# ---- renewal ----

check "an account that has proven nothing" new_account
person_needed "a renewal needs a person as well" "$CERTO" renew --force hand.example.com
cp "$TMP/list" "$TMP/first"
check_said "... and says so" "hand.example.com: 2 TXT records must be added by hand"
check "... the new records are listed" listed 2
check "... is not a failure that would hold it back" shell "! grep -qE 'failures|retry_at' '$certs/hand.example.com/status.json'"
before=$(orders)
person_needed "in JSON" "$CERTO" renew --force hand.example.com --json
check_said "... with the records" '"outcome":"needs-person"' '"code":3' '"type":"TXT"'
add <"$TMP/first"
check "when they exist it is renewed" "$CERTO" renew --force hand.example.com
check "... by the same order" is "$(orders)" "$before"
remove <"$TMP/first"
python3 - "$certs/hand.example.com/status.json" <<'PYTHON'
import json, sys
status = json.load(open(sys.argv[1]))
status["due"] = "2020-01-01T00:00:00Z"
status["ari_again"] = "2099-01-01T00:00:00Z"
json.dump(status, open(sys.argv[1], "w"))
PYTHON
check "another one" new_account
person_needed "cron needs a person for a certificate that is due" "$CERTO" cron
check "... and lists its records" listed 2
add <"$TMP/list"
check "the next cron renews it" "$CERTO" cron

# ---- at a terminal ----

cat >"$TMP/adds" <<'HOOK'
#!/bin/sh
tee "$TMP/shown" | sed -n 's/^\([^ ]*\) TXT \([^ ]*\)$/\1 \2/p' |
  while read -r name value; do "$DNS_PROVIDER" present "$name" "$value"; done
HOOK
printf '#!/bin/sh\n' >"$TMP/idles"
chmod 755 "$TMP/adds" "$TMP/idles"
check "at a terminal it waits for Enter, and continues" "$SOURCE/tests/e2e/on-terminal" "press Enter" "$TMP/adds" \
  "$CERTO" issue -d term.example.com "${manual[@]}"
check_said "... and reports what can be removed" "add a TXT record" "no longer needed, and can be removed" "certificate by"
check "... one certificate" is "$(names_in "$certs/term.example.com/live/cert.pem")" term.example.com
person_needed "--no-input asks nobody" "$SOURCE/tests/e2e/on-terminal" "press Enter" "$TMP/adds" \
  "$CERTO" issue -d noinput.example.com "${manual[@]}" --no-input
person_needed "nobody presses Enter until the deadline" "$SOURCE/tests/e2e/on-terminal" "never said" "$TMP/adds" \
  "$CERTO" issue -d slow.example.com "${manual[@]}" --deadline 2
check "... the order stays open" test -e "$certs/slow.example.com/next/order.json"

# ---- in a pipe ----

"$CERTO" keygen -o "$TMP/pipe.key"
check "an order by hand" shell "'$CERTO' csr --key '$TMP/pipe.key' -d pipe.example.com | '$CERTO' order >'$TMP/pipe.json'"
person_needed "solve lists, too" "$CERTO" solve "${manual[@]}" "$TMP/pipe.json"
check "... its record" listed 1
check "... and passes nothing on" test ! -s "$TMP/told"
add <"$TMP/list"
check "solve | fetch, when the record exists" \
  shell "'$CERTO' solve ${manual[*]} <'$TMP/pipe.json' | '$CERTO' fetch >'$TMP/pipe.pem'"
check "... a certificate" is "$(names_in "$TMP/pipe.pem")" pipe.example.com
refused 64 "present has nothing to do there" "a person adds and removes the records" "$CERTO" present --dns manual "$TMP/pipe.json"

# ---- --alias ----

dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
set_cname _acme-challenge.alias.example.com. _acme-challenge.validation.example.org.
check "a record goes to an alias" \
  "$CERTO" issue -d alias.example.com "${dns[@]}" --alias alias.example.com=validation.example.org -vv
check "... which the request keeps" grep -q '"_acme-challenge.validation.example.org"' "$certs/alias.example.com/request.json"
check "... and no record is left" is "$(dns_txt_count _acme-challenge.validation.example.org)" 0
check "... nor a journal" nothing_is_journalled
check "renewal knows it" "$CERTO" renew --force alias.example.com
check "an account that has not proven it" new_account
person_needed "manual records go there as well" "$CERTO" issue -d alias.example.com "${manual[@]}" \
  --alias alias.example.com==full.validation.example.org --force
check_said "... under the full name" "full.validation.example.org TXT "
refused 64 "an alias for nobody" "not one of the requested names" "$CERTO" issue -d a.example.com "${dns[@]}" --alias b.example.com=c.example
refused 64 "an alias that is not a name" "not a host name" "$CERTO" issue -d a.example.com "${dns[@]}" --alias 'a.example.com=c d'
refused 64 "a zone that is not a name" "not the name of a zone" "$CERTO" issue -d a.example.com "${dns[@]}" --dns-zone 'c..d'
