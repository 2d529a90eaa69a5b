#!/usr/bin/env bash
# External accounts: the three algorithms, keys in the wrong form, and a CA that makes them for an address or an API key.
TESTBED="pebble pebble-nonces --eab --strict"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA CERTO_ALLOW_HTTP_LOOPBACK=yes
umask 077
mkdir -p "$CERTO_HOME"
web=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
printf '%s\n' "$PEBBLE_EAB_KEY" >"$TMP/hmac"

# new NAME ARGUMENT...: an account of this name at pebble.
new() {
  "$CERTO" account new --server "$PEBBLE_DIRECTORY" --agree-tos --account "$@"
}

# ---- said first ----

refused 78 "no external account" "bound to an external account" \
  "$CERTO" issue -d a.example.com "${web[@]}" --server "$PEBBLE_DIRECTORY"
check_said "... said before the terms are asked for" "--eab-kid KID and --eab-hmac-file FILE"

# ---- the key ----

wrong() { # NAME TEXT CONTENT: such a key is refused with TEXT
  printf '%b' "$3" >"$TMP/bad"
  refused 78 "$1" "$2" new bad --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/bad"
}
wrong "a key with a space" "character 4 is ' '" 'abc def\n'
wrong "a key in quotes" "character 1 is '\"'" '"abcd"\n'
wrong "two lines" "character 5 is '\\x0a'" 'abcd\nefgh\n'
wrong "a key that lacks its end" "its last characters are missing or wrong" "${PEBBLE_EAB_KEY:0:61}\n"
wrong "an empty file" "it is empty" '\n'
expect_exit 78 "a key in a file that others can read" sh -c 'chmod 644 "$1" && shift && "$@"' - "$TMP/hmac" \
  "$CERTO" account new --server "$PEBBLE_DIRECTORY" --agree-tos --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac"
chmod 600 "$TMP/hmac"
expect_exit 1 "another CA's key" env CERTO_EAB_HMAC=AAAA "$CERTO" account new --server "$PEBBLE_DIRECTORY" --agree-tos \
  --eab-kid "$PEBBLE_EAB_KID"
check_said "... and what to check" "--eab-kid, --eab-hmac-file and --eab-hmac-alg"
expect_exit 1 "an identifier that the CA does not know" new bad --eab-kid nobody --eab-hmac-file "$TMP/hmac"

# ---- the algorithms ----

for algorithm in HS256 HS384 hs512; do
  check "$algorithm" new "by-$algorithm" --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac" --eab-hmac-alg $algorithm
done
refused 64 "another algorithm" "--eab-hmac-alg" new bad --eab-kid x --eab-hmac-file "$TMP/hmac" --eab-hmac-alg RS256
base64=$(printf '%s=' "$PEBBLE_EAB_KEY" | tr -- '-_' '+/')
check "a key in ordinary base64" env CERTO_EAB_HMAC="$base64" "$CERTO" account new --server "$PEBBLE_DIRECTORY" \
  --agree-tos --account ordinary --eab-kid "$PEBBLE_EAB_KID"

# ---- a CA that makes external accounts ----

mkdir -p "$TMP/api"
fake_run "$TMP/api" eab.py --kid "$PEBBLE_EAB_KID" --key "$PEBBLE_EAB_KEY" --email "a+b@example.com" --api-key "k&1" || exit 1
table() { # BY-EMAIL BY-KEY
  cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [{"name": "zero", "title": "Zero", "directory": "$PEBBLE_DIRECTORY",
  "external_account": true, "eab_by_email": "$1", "eab_by_api_key": "$2", "eab_hint": "its site makes them"}]}
SERVERS
}
table "$FAKE_EAB_BY_EMAIL" "$FAKE_EAB_BY_KEY"
refused 78 "neither address nor key" "bound to an external account" "$CERTO" account new --server zero --agree-tos --account mail
check_said "... and both ways" "give --email ADDR or --eab-api-key-file FILE" "its site makes them"
refused 78 "terms are asked for before the address is sent" "terms" \
  "$CERTO" account new --server zero --no-input --email a+b@example.com --account mail
check "... so it was not sent" test ! -e "$TMP/api/requests.jsonl"
check "by e-mail address, with the first certificate" \
  "$CERTO" issue -d a.example.com "${web[@]}" --server zero --agree-tos --email a+b@example.com --account mail
check "... the address was encoded" grep -qF 'email=a%2Bb%40example.com' "$TMP/api/requests.jsonl"
check "... once" is "$(wc -l <"$TMP/api/requests.jsonl")" 1
check "... renewals need no more" "$CERTO" renew --force a.example.com --no-input
check "... and ask for none" is "$(wc -l <"$TMP/api/requests.jsonl")" 1
refused 78 "an address that the CA refuses" "was refused: invalid_email" \
  "$CERTO" account new --server zero --agree-tos --email other@example.com --account other
printf 'k&1\n' >"$TMP/key"
check "by API key" "$CERTO" account new --server zero --agree-tos --eab-api-key-file "$TMP/key" --account key -vv
check "... which is not shown" sh -c '! grep -q "k&1\|k%261" "$0" "$1"' "$TMP/out" "$TMP/err"
check "... from the environment" env CERTO_EAB_API_KEY="k&1" "$CERTO" account new --server zero --agree-tos --account key2
refused 78 "another API key" "was refused: invalid_access_key" \
  env CERTO_EAB_API_KEY=other "$CERTO" account new --server zero --agree-tos --account key3
check "values of one's own are used first" "$CERTO" account new --server zero --agree-tos --email other@example.com \
  --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac" --account own
for odd in "html 76" "empty 76" "list 76" "wrong 76" "broken 69"; do
  table "$FAKE_EAB_ODD/${odd% *}" "$FAKE_EAB_BY_KEY"
  expect_exit "${odd#* }" "an API that answers ${odd% *}" \
    "$CERTO" account new --server zero --agree-tos --email a+b@example.com --account odd
  check_said "... is named" "Zero: the external account"
done

# ---- each CA of a list needs one ----

both=$PEBBLE_DIRECTORY,$PEBBLE_NONCES_DIRECTORY
list=("$CERTO" issue -d list.example.com "${web[@]}" --server "$both" --account list --agree-tos)
check "an account at the first" new list --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac"
refused 78 "the second CA of a list requires one, too" "$PEBBLE_NONCES_DIRECTORY: " "${list[@]}"
check_said "... said at issue, with the way to it" "certo account new --server $PEBBLE_NONCES_DIRECTORY"
check "... before an order" test ! -e "$CERTO_HOME/certs/list.example.com/live"
check "that account" "$CERTO" account new --server "$PEBBLE_NONCES_DIRECTORY" --account list --agree-tos \
  --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac"
check "... and the list works" "${list[@]}"
