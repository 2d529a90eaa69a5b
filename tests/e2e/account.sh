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
