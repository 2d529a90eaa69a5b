#!/usr/bin/env bash
# A CA that refuses 15 % of good nonces (RFC 8555 section 6.5): nobody notices.
TESTBED="pebble-nonces challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_NONCES_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
check "an account" "$CERTO" account new --agree-tos
for number in 1 2 3 4 5; do
  check "certificate $number" "$CERTO" issue -d "n$number.example.com" -d "m$number.example.com" --standalone \
    --listen "127.0.0.1:$PEBBLE_HTTP_PORT" --log "$TMP/log"
  check "... said nothing of nonces" is "$(grep -ci nonce "$TMP/err")" 0
done
check "and there were nonces refused" grep -q ': 400' "$TMP/log"
check "rollover and deactivation" "$CERTO" account rollover
check "... as it was meant" "$CERTO" account deactivate --yes
