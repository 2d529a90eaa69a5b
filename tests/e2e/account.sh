#!/usr/bin/env bash
# Accounts that the CA has forgotten or closed: the next command finds a way on.
TESTBED="pebble"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
web=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")

# pebble keeps everything in memory, so a new process knows no account.
restart_pebble() {
  local pid start arguments variables
  read -r pid start <"$TMP/testbed/pid/pebble"
  mapfile -d '' arguments <"/proc/$pid/cmdline"
  mapfile -d '' variables <"/proc/$pid/environ"
  kill "$pid"
  wait_until sh -c "! kill -0 $pid" || return 1
  env -i "${variables[@]}" "${arguments[@]}" >>"$TMP/testbed/log/pebble" 2>&1 </dev/null &
  pid=$!
  start=$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)
  printf '%s %s\n' "$pid" "$start" >"$TMP/testbed/pid/pebble"
  wait_until curl -sf --cacert "$PEBBLE_CA" "$PEBBLE_DIRECTORY" -o /dev/null
}
account_url() {
  sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$CERTO_HOME"/accounts/*/default/account.json
}
account_key() {
  openssl pkey -in "$(echo "$CERTO_HOME"/accounts/*/default/account.key)" -pubout | openssl sha256
}

# ---- several, of all types of key ----

export CERTO_HOME=$TMP/several
for type in ec-256 ec-384 ec-521 rsa-2048 rsa-3072; do
  check "an account with a key of type $type" "$CERTO" account new --agree-tos --account "$type" --account-key-type $type \
    --email "$type@example.com"
done
openssl genrsa -out "$TMP/rsa4096.pem" 4096 2>/dev/null
chmod 600 "$TMP/rsa4096.pem"
check "an account with a key of type rsa-4096" "$CERTO" account new --agree-tos --account-key "$TMP/rsa4096.pem"
check "a certificate by one of them" "$CERTO" issue -d several.example.com "${web[@]}" --account ec-521
check "... is renewed by it" "$CERTO" renew --force several.example.com -v
check_said "... and by no other" "$("$CERTO" account show --account ec-521 |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])')"
check "another key type for an account" "$CERTO" account rollover --account ec-384 --account-key-type ec-521
check "account list" "$CERTO" account list
check_said "... shows them" "ec-256@example.com" "rsa-2048" "valid"
check "... in JSON" "$CERTO" account list --json --account ec-521
check_said "... and who uses them" '"certo":"accounts/1"' '"certificates":["several.example.com"]' '"key_type":"ec-521"'
check "... only those of one CA" "$CERTO" account list --server letsencrypt
check_said "... which has none" "there are no accounts"
refused 64 "an option for a new account" "--email is for a new account" "$CERTO" account list --email a@example.com

# ---- recovered ----

cp "$CERTO_HOME"/accounts/*/rsa-2048/account.key "$TMP/lost.key"
export CERTO_HOME=$TMP/recovered
refused 64 "recover without a key" "--account-key is missing" "$CERTO" account recover
check "account recover" "$CERTO" account recover --account-key "$TMP/lost.key"
check_said "... says which" "is stored as 'default'"
check "... it is the account" "$CERTO" account show
check_said "... with its contact" "rsa-2048@example.com"
check "... again" "$CERTO" account recover --account-key "$TMP/lost.key"
"$CERTO" keygen -k ec-521 -o "$TMP/unknown.key"
refused 64 "another key under this name" "has another account called default" "$CERTO" account recover --account-key "$TMP/unknown.key"
refused 78 "a key without an account" "the CA knows no account of this key" \
  "$CERTO" account recover --account-key "$TMP/unknown.key" --account other
check "... leaves nothing" test ! -e "$(echo "$CERTO_HOME"/accounts/*/other/account.key)"
python3 - "$TMP/lost.key" >"$TMP/jwk.json" <<'PYTHON'
import base64, json, re, subprocess, sys
text = subprocess.run(["openssl", "rsa", "-in", sys.argv[1], "-noout", "-text"], check=True, capture_output=True, text=True).stdout
names = {"modulus": "n", "privateExponent": "d", "prime1": "p", "prime2": "q", "exponent1": "dp", "exponent2": "dq",
         "coefficient": "qi"}
jwk = {"kty": "RSA", "e": "AQAB"}
for name, digits in re.findall(r"(\w+):\n((?:    [0-9a-f:]+\n)+)", text):
    number = bytes.fromhex(re.sub(r"[\s:]", "", digits)).lstrip(b"\0")
    jwk[names[name]] = base64.urlsafe_b64encode(number).rstrip(b"=").decode()
print(json.dumps(jwk))
PYTHON
chmod 600 "$TMP/jwk.json"
check "a key as certbot keeps it" "$CERTO" account recover --account-key "$TMP/jwk.json" --account jwk
check "... is the same account" is "$("$CERTO" account show --account jwk)" "$("$CERTO" account show)"
export CERTO_HOME=$TMP/certo

# ---- forgotten ----

check "a certificate" "$CERTO" issue -d forgotten.example.com "${web[@]}" --agree-tos --email admin@example.com
key=$(account_key) url=$(account_url)
check "the CA loses its data" restart_pebble
check "renew, without a word about terms" "$CERTO" renew --force forgotten.example.com --no-input
check_said "... says that the account has another URL" "the CA no longer knows the account $url"
check "... with the same key" is "$(account_key)" "$key"
check "... and the new account is stored" test "$(account_url)" != "$url"
check "... with its contact" grep -q 'mailto:admin@example.com' "$CERTO_HOME"/accounts/*/default/account.json
check "account show" "$CERTO" account show

check "the CA loses its data again" restart_pebble
expect_exit 78 "account show makes no account" "$CERTO" account show
check_said "... and says how" "the CA no longer knows the account" "certo account new"
check "account new asks the CA" "$CERTO" account new --no-input
check_said "... and shows what it said" '"status":"valid"'
check "... with the same key" is "$(account_key)" "$key"

check "the CA loses its data once more" restart_pebble
check "several orders at once" "$CERTO" issue -d many.example.com -d a.example.com -d b.example.com "${web[@]}"
check "the CA loses its data a last time" restart_pebble
check "cron" "$CERTO" renew --all --force

# ---- closed elsewhere ----

cp -a "$CERTO_HOME" "$TMP/elsewhere"
check "the account is deactivated from another machine" "$CERTO" account deactivate --yes --home "$TMP/elsewhere"
expect_exit 78 "renew" "$CERTO" renew --force forgotten.example.com
check_said "... says what happened, and what helps" "deactivated" "certo account new"
refused 78 "account recover" "deactivated" "$CERTO" account recover --account-key "$(echo "$CERTO_HOME"/accounts/*/default/account.key)" --account again
expect_exit 78 "account show" "$CERTO" account show
check_said "... says so, too" "deactivated" "certo account new"
old=$(account_key)
check "account new makes another one" "$CERTO" account new --agree-tos
check "... with another key" test "$(account_key)" != "$old"
check "... and keeps the old one" test -s "$(echo "$CERTO_HOME"/accounts/*/default/closed-*.key)"
check "certificates are renewed with it" "$CERTO" renew --all --force
check "an account that certo itself deactivated" "$CERTO" account deactivate --yes
expect_exit 78 "... renews nothing" "$CERTO" renew --force forgotten.example.com
check_said "... says what helps" "certo account new"
check "... and another one takes its place" "$CERTO" account new --agree-tos
check "... for the same certificates" "$CERTO" renew --force forgotten.example.com
