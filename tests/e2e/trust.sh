#!/usr/bin/env bash
# Secrets that others can read, and programs that others can exchange, are refused at every door that takes them.
TESTBED="pebble"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
check "a certificate" "$CERTO" issue -d a.example.com "${standalone[@]}" --agree-tos

orders() {
  grep -c 'calling handler.*order-plz' "$TMP/testbed/log/pebble"
}

# ---- secrets in files ----

echo 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W' >"$TMP/hmac"
echo secret >"$TMP/password"
echo 'DNSUPDATE_NAMESERVER=192.0.2.1' >"$TMP/settings"
chmod 644 "$TMP/hmac" "$TMP/password" "$TMP/settings"
refused 78 "an HMAC key that others can read" "$TMP/hmac: others can read it" \
  "$CERTO" account new --account other --eab-kid kid --eab-hmac-file "$TMP/hmac" --agree-tos
refused 78 "a PKCS#12 password that others can read" "$TMP/password: others can read it" \
  "$CERTO" install-cert -d a.example.com --pfx-file "$TMP/a.pfx" --pfx-password-file "$TMP/password"
check "... nothing is written" test ! -e "$TMP/a.pfx"
refused 78 "settings of a provider that others can read" "$TMP/settings: others can read it" \
  "$CERTO" issue -d b.example.com --dns dnsupdate --dns-credentials "$TMP/settings"
chmod 600 "$TMP/password"
check "a password that only its owner can read" \
  "$CERTO" install-cert -d a.example.com --pfx-file "$TMP/a.pfx" --pfx-password-file "$TMP/password"
check "... opens the file" openssl pkcs12 -in "$TMP/a.pfx" -passin "file:$TMP/password" -noout

# ---- programs ----

asked=$(orders)
mkdir -p "$TMP/open/bin"
printf '#!/bin/sh\ntouch "$TMP/ran"\n' >"$TMP/open/bin/hook"
chmod 755 "$TMP/open/bin/hook"
chmod 777 "$TMP/open"
for option in --pre-hook --deploy-hook --post-hook; do
  refused 78 "$option in a folder whose ancestor others can write to" "$TMP/open: others can write to it" \
    "$CERTO" issue -d c.example.com "${standalone[@]}" "$option" "$TMP/open/bin/hook"
  refused 78 "... also with an argument" "$TMP/open: others can write to it" \
    "$CERTO" issue -d c.example.com "${standalone[@]}" "$option" "$TMP/open/bin/hook now"
  refused 78 "... also through a shell" "$TMP/open: others can write to it" \
    "$CERTO" issue -d c.example.com "${standalone[@]}" "$option" "sh -c '$TMP/open/bin/hook now'"
done
refused 78 "exec: below such a folder" "$TMP/open: others can write to it" \
  "$CERTO" issue -d c.example.com --dns "exec:$TMP/open/bin/hook"
refused 78 "a reload command below such a folder" "$TMP/open: others can write to it" \
  "$CERTO" install-cert -d a.example.com --fullchain-file "$TMP/full.pem" --reloadcmd "$TMP/open/bin/hook now"
check "... no order was made" is "$(orders)" "$asked"
check "... and nothing ran" test ! -e "$TMP/ran"
