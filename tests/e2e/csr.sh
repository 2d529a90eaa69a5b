#!/usr/bin/env bash
# A certificate for a key that is elsewhere: certo has its CSR, and renews, installs, rolls back and revokes
# all the same.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
entry=$CERTO_HOME/certs/box.example.com
log=$TMP/testbed/log/pebble

# make_csr FILE NAME...: with a new key, FILE.key. It is RSA, which is not certo's default, because the default must
# not matter.
make_csr() {
  local file=$1 name names=()
  shift
  for name in "$@"; do names+=(-d "$name"); done
  "$CERTO" keygen -k rsa-2048 -o "$file.key" && "$CERTO" csr --key "$file.key" "${names[@]}" -o "$file"
}

live() {
  readlink "$entry/live"
}

good() {
  same_key "$TMP/box.csr.key" "$entry/live/cert.pem" && test ! -e "$entry/live/key.pem"
}

make_csr "$TMP/box.csr" box.example.com www.box.example.com

# ---- issue and renew ----

check "a certificate for a CSR" "$CERTO" issue --agree-tos --csr "$TMP/box.csr" "${standalone[@]}"
check_said "... says where it is" "box.example.com: certificate by" "$entry/live"
check "... is for its key, which is not in the store" good
check "... and its names" is "$(names_in "$entry/live/cert.pem")" "box.example.com www.box.example.com"
check "the same command again has nothing to do" \
  sh -c "'$CERTO' issue --csr - ${standalone[*]} <'$TMP/box.csr'"
check_said "... and says so" "nothing to do"
check "info" "$CERTO" info box.example.com
check_said "... reports where the key is" "the key is elsewhere"
before=$(live)
check "renew" "$CERTO" renew --force box.example.com
check "... makes another one" test "$(live)" != "$before"
check "... for the same key" good
rm "$entry/status.json"
check "cron finds it sound although its status is gone" "$CERTO" cron
check "... and is silent" test ! -s "$TMP/out" -a ! -s "$TMP/err"

# ---- installation, hooks, rollback ----

check "it is installed, without the key" "$CERTO" install-cert -d box.example.com --fullchain-file "$TMP/box.pem" \
  --target-dir "$TMP/box.d"
check "... as it is" cmp "$TMP/box.pem" "$entry/live/fullchain.pem"
check "... and as a folder" is "$(cd "$TMP/box.d" && echo ./*)" "./cert.pem ./chain.pem ./fullchain.pem"
refused 64 "the key cannot be installed" "certo does not have the private key" \
  "$CERTO" install-cert -d box.example.com --key-file "$TMP/box.key"
refused 64 "... nor when it is issued" "certo does not have the private key" \
  "$CERTO" issue --force --csr "$TMP/box.csr" "${standalone[@]}" --pem-file "$TMP/box.all"
check "a hook gets no path of a key" "$CERTO" issue --force --csr "$TMP/box.csr" "${standalone[@]}" \
  --deploy-hook "env >'$TMP/hook'"
check "... but the other paths" grep -q '^CERTO_FULLCHAIN_PATH=' "$TMP/hook"
check "... really" is "$(grep -c 'KEY_PATH=' "$TMP/hook")" 0
before=$(openssl x509 -noout -serial -in "$entry/live/cert.pem")
check "rollback" "$CERTO" rollback box.example.com
check "... is another one" test "$(openssl x509 -noout -serial -in "$entry/live/cert.pem")" != "$before"
check "... for the same key" good
check "revoke" "$CERTO" revoke -d box.example.com --yes

# ---- another CSR ----

make_csr "$TMP/new.csr" www.box.example.com box.example.com
check "a new CSR for these names" "$CERTO" issue --csr "$TMP/new.csr" "${standalone[@]}" --cert-name box.example.com
check "... takes effect at once" same_key "$TMP/new.csr.key" "$entry/live/cert.pem"
refused 64 "other names need another CSR" "was issued from a CSR" "$CERTO" issue -d box.example.com "${standalone[@]}"
refused 64 "... and so is another key" "was issued from a CSR" \
  "$CERTO" issue -d box.example.com -d www.box.example.com -k rsa-2048 "${standalone[@]}"
refused 64 "names together with a CSR" "--csr fixes the names and the key" \
  "$CERTO" issue --csr "$TMP/box.csr" -d box.example.com "${standalone[@]}"
check "a certificate with a key that certo made" "$CERTO" issue -d own.example.com "${standalone[@]}"
make_csr "$TMP/own.csr" own.example.com
refused 64 "... is not replaced by one without" "own.example.com is in the store" \
  "$CERTO" issue --csr "$TMP/own.csr" "${standalone[@]}"
echo "no CSR" >"$TMP/broken.csr"
refused 65 "a file that is not a CSR" "broken.csr" "$CERTO" issue --csr "$TMP/broken.csr" "${standalone[@]}"
expect_exit 65 "a missing file" "$CERTO" issue --csr "$TMP/absent.csr" "${standalone[@]}"
check "acme.sh's --sign-csr" "$CERTO" --sign-csr --csr "$TMP/own.csr" --standalone --local-address 127.0.0.1 \
  --httpport "$PEBBLE_HTTP_PORT" --home "$TMP/second" --server "$PEBBLE_DIRECTORY"
check "... keeps it, too" same_key "$TMP/own.csr.key" "$TMP/second/certs/own.example.com/live/cert.pem"

# ---- a run that dies ----

cat >"$TMP/deadly" <<SCRIPT
#!/bin/sh
[ "\$1" != describe ] || exit 64
[ "\$1" != present ] || [ ! -e "$TMP/armed" ] || kill -9 \$PPID
exec "$DNS_PROVIDER" "\$@"
SCRIPT
chmod 755 "$TMP/deadly"
make_csr "$TMP/late.csr" late.example.com
late=("$CERTO" issue --csr "$TMP/late.csr" --dns "exec:$TMP/deadly" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
touch "$TMP/armed"
expect_exit 137 "killed when the order is open" "${late[@]}"
rm "$TMP/armed"
orders=$(grep -c order-plz "$log")
check "the same command again continues" "${late[@]}"
check "... with the same order" is "$(grep -c order-plz "$log")" "$orders"
check "... for its key" same_key "$TMP/late.csr.key" "$CERTO_HOME/certs/late.example.com/live/cert.pem"
