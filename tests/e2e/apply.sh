#!/usr/bin/env bash
# certo apply: a file declares certificates; the same file again changes nothing; --prune removes the others.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
file=$TMP/certificates.json
certs=$CERTO_HOME/certs

declare_two() { # NAMES-OF-SECOND
  cat >"$file" <<JSON
{ "certo": "apply/1",
  "certificates": [
    { "identifiers": ["a.example.com"],
      "way": { "method": "standalone", "listen": "127.0.0.1:$PEBBLE_HTTP_PORT" } },
    { "name": "second", "identifiers": [$1], "key_type": "ec-384", "ca_bundle": "$PEBBLE_CA",
      "way": { "method": "alpn", "listen": "127.0.0.1:$PEBBLE_TLS_PORT" } }
  ] }
JSON
}
apply() {
  "$CERTO" apply "$file" --agree-tos "$@"
}
serial() { openssl x509 -in "$certs/$1/live/cert.pem" -noout -serial; }

declare_two '"b.example.com"'
check "--dry-run shows what would be done" apply --dry-run
check "... line by line" is "$(cat "$TMP/out")" "a.example.com: a new certificate
second: a new certificate"
check "... and does nothing" test ! -e "$certs/second"
check "two certificates" apply
check "... are there" is "$(names_in "$certs/a.example.com/live/cert.pem") $(names_in "$certs/second/live/cert.pem")" \
  "a.example.com b.example.com"
before=$(serial a.example.com)
check "the same file again" apply
check "... changes nothing" is "$(serial a.example.com)" "$before"
check "they renew in an empty environment" env -i PATH="$PATH" "$CERTO" --home "$CERTO_HOME" renew -f second
refused 64 "an option that FILE decides" "--account" apply --account other
check "the CA bundle of the command line is stored" grep -q "\"ca_bundle\": \"$PEBBLE_CA\"" "$certs/a.example.com/request.json"

declare_two '"b.example.com", "c.example.com"'
check "a changed file" apply --dry-run --json
check "... as JSON" python3 -c '
import json, sys
steps = json.load(open(sys.argv[1]))["certificates"]
sys.exit([(s["name"], s["action"], s["changes"]) for s in steps] !=
         [("a.example.com", "keep", []), ("second", "change", ["identifiers"])])' "$TMP/out"
check "... is carried out" apply
check "... for the changed one" is "$(names_in "$certs/second/live/cert.pem")" "b.example.com c.example.com"
check "... only" is "$(serial a.example.com)" "$before"

check "another certificate" "$CERTO" issue -d other.example.com --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
check "... stays without --prune" apply
check "... is there" test -e "$certs/other.example.com/live"
refused 64 "--prune without consent" "would remove other.example.com" apply --prune --no-input
check "--prune" apply --prune --yes
check "... removes it" test ! -e "$certs/other.example.com"
check "... and no other" test -e "$certs/second/live" -a -e "$certs/a.example.com/live"

sed -i 's/"key_type"/"key_typ"/' "$file"
refused 65 "an unknown member" "line 5: certificates[1] (second): unknown member \"key_typ\"" apply
check_said "... gets the nearest one" 'did you mean "key_type"?'
sed -i -e 's/"key_typ"/"key_type"/' -e 's/"b.example.com"/"*.b.example.com"/' "$file"
refused 64 "a wildcard by a method that cannot prove it" "cannot prove it" apply
sed -i -e 's/"\*.b.example.com"/"blocked.example"/' "$file"
"$CERTO" issue -d other.example.com --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT" 2>/dev/null
"$CERTO" remove a.example.com --yes 2>/dev/null
expect_exit 1 "a certificate that fails" apply --prune --yes
check "... does not stop the others" test -e "$certs/a.example.com/live"
check "... and prevents --prune" test -e "$certs/other.example.com/live"
chmod 666 "$file"
refused 78 "a file that anybody can change" "$file" apply

# ---- another spelling ----

refused 64 "--config leads to apply" "there is no option --config" "$CERTO" issue --config "$TMP/all.json"
check_said "... by the hint" "certo apply FILE"
refused 64 "... also without a command" "there is no option --config" "$CERTO" --config "$TMP/all.json"
check_said "... by the hint" "certo apply FILE"
