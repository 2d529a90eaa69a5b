#!/usr/bin/env bash
# What people type in daily work: names that drop out, settings that change, mistakes, and both ways to name a certificate.
TESTBED="pebble"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
entry=$CERTO_HOME/certs/a.example.com

orders() {
  grep -c 'calling handler.*order-plz' "$TMP/testbed/log/pebble"
}
names() {
  openssl x509 -in "$entry/live/cert.pem" -noout -ext subjectAltName | grep -o 'DNS:[^,]*' | sort | paste -sd' '
}

# ---- options before the command, and what nothing renews ----

check "the CA may be named before the command" \
  "$CERTO" --server "$PEBBLE_DIRECTORY" issue -d a.example.com -d b.example.com "${standalone[@]}" --agree-tos
check_said "... a new certificate without a schedule" "nothing renews it yet: certo schedule install"
export CERTO_SERVER=$PEBBLE_DIRECTORY

# ---- names ----

asked=$(orders)
refused 64 "a certificate that would lose a name" "a.example.com: b.example.com would be lost" \
  "$CERTO" issue -d a.example.com "${standalone[@]}" --no-input
check "... no order was made" is "$(orders)" "$asked"
check "... nothing is changed" is "$(names)" "DNS:a.example.com DNS:b.example.com"
check "the same names in another order" "$CERTO" issue -d b.example.com -d a.example.com "${standalone[@]}"
check_said "... are the same certificate" "a.example.com: nothing to do"
check "--yes drops the name" "$CERTO" issue -d a.example.com "${standalone[@]}" --yes
check_said "... with a warning" "the stored certificate is also for b.example.com"
check "... from the certificate" is "$(names)" "DNS:a.example.com"
check "another name is added without a question" "$CERTO" issue -d a.example.com -d b.example.com "${standalone[@]}"
check "acme.sh's spelling drops a name with a warning" \
  "$CERTO" --issue -d a.example.com --standalone --httpport "$PEBBLE_HTTP_PORT"
check_said "... too" "the stored certificate is also for b.example.com"
check "and adds it again" "$CERTO" issue -d a.example.com -d b.example.com "${standalone[@]}"

# ---- settings ----

asked=$(orders) live=$(readlink "$entry/live")
mkdir "$TMP/web"
check "another webroot for a certificate that is not due" \
  "$CERTO" issue -d a.example.com -d b.example.com --webroot "$TMP/web"
check_said "... is stored" "the changed settings are stored for the next renewal" "nothing to do"
check "... without an order" is "$(orders)" "$asked"
check "... the certificate stays" is "$(readlink "$entry/live")" "$live"
check "... and the next renewal has it" grep -q "$TMP/web" "$entry/request.json"
check "... which no pass hastens" "$CERTO" renew --all
check "... by an order" is "$(orders)" "$asked"
check "back to the old way" "$CERTO" issue -d a.example.com -d b.example.com "${standalone[@]}"

# ---- a mistyped issue ----

expect_exit 78 "a provider that does not exist" "$CERTO" issue -d a.example.com -d b.example.com --dns clodflare
check "... is not stored" test "$(grep -c clodflare "$entry/request.json")" = 0
expect_exit 1 "a way that does not work" \
  "$CERTO" issue -d a.example.com -d b.example.com -d c.example.com --webroot "$TMP/web" --force
check "... does not count against the stored certificate" test "$(grep -c failures "$entry/status.json")" = 0
check "... which is renewed as before" "$CERTO" renew --force a.example.com
refused 64 "a name without -d" "foo.example" "$CERTO" issue foo.example "${standalone[@]}"
check_said "... the hint names -d" "-d foo.example"

# ---- NAME and -d NAME ----

for words in "info a.example.com" "info -d a.example.com" "renew --force -d a.example.com" "renew --force a.example.com" \
  "install-cert a.example.com --fullchain-file $TMP/full.pem" "install-cert -d a.example.com --fullchain-file $TMP/full.pem"; do
  # shellcheck disable=SC2086  # a list of words
  check "certo $words" "$CERTO" $words
done
expect_exit 66 "a name inside another certificate" "$CERTO" info b.example.com
check_said "... is found" "b.example.com is in the certificate a.example.com"
printf '#!/bin/sh\necho ran >>"%s/ran"\n' "$TMP" >"$TMP/hook.sh"
chmod 755 "$TMP/hook.sh"
check "deploy takes the bare name, too" "$CERTO" deploy a.example.com --hook "$TMP/hook.sh"
check "... and runs the hook" is "$(wc -l <"$TMP/ran")" 1
check "deploy --remove" "$CERTO" deploy -d a.example.com --hook "$TMP/hook.sh" --remove
check "a renewal does not run it again" "$CERTO" renew --force a.example.com
check "... really" is "$(wc -l <"$TMP/ran")" 1
refused 64 "a hook that the certificate does not have" "is not one of its deploy hooks" \
  "$CERTO" deploy -d a.example.com --hook "$TMP/hook.sh" --remove
check "a wildcard" "$CERTO" issue -d '*.wild.example.com' "${dns[@]}"
check "a name that it covers" "$CERTO" issue -d www.wild.example.com "${standalone[@]}"
check_said "... is reported" "www.wild.example.com: a wildcard of the certificate _wildcard.wild.example.com covers it already"
check "an international name" "$CERTO" issue -d bücher.example.com "${standalone[@]}"
check "... is known as it is written" "$CERTO" info bücher.example.com
check "... too" "$CERTO" renew --force bücher.example.com
check "revoke takes the bare name" "$CERTO" revoke bücher.example.com --yes
check "remove -d" "$CERTO" remove -d bücher.example.com --yes
