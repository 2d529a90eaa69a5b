#!/usr/bin/env bash
# acme.sh's spelling against a real CA: the lines that people have in their scripts, and the exit codes that these expect.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
certs=$CERTO_HOME/certs
standalone=(--standalone --local-address 127.0.0.1 --httpport "$PEBBLE_HTTP_PORT" --cert-profile default)

serial() {
  openssl x509 -noout -serial -in "$certs/$1/live/cert.pem"
}

# has_key NAME WORD: openssl describes its key with this word.
has_key() {
  openssl pkey -noout -text -in "$certs/$1/live/key.pem" | grep -q "$2"
}

set_a a.example.com 127.0.0.1
set_a b.example.com 127.0.0.1

check "--register-account registers, and agrees to the terms as acme.sh does" "$CERTO" --register-account -m admin@example.com
check "--issue with a key of another kind" "$CERTO" --issue -d a.example.com -d b.example.com "${standalone[@]}" -k 2048
check "... has both names" is "$(names_in "$certs/a.example.com/live/cert.pem")" "a.example.com b.example.com"
expect_exit 2 "... again, it is not due: 2" "$CERTO" --issue -d a.example.com -d b.example.com "${standalone[@]}"
check "... and 0 if that is a success" "$CERTO" --issue -d a.example.com -d b.example.com "${standalone[@]}" --treat-skip-as-success
before=$(serial a.example.com)
expect_exit 2 "--renew: not due, 2" "$CERTO" --renew -d a.example.com --ecc
check "--renew --force renews" "$CERTO" --renew -d a.example.com --force
check "... it is another one" test "$before" != "$(serial a.example.com)"
check "--cron with the home folder in front, as in crontabs" "$CERTO" --home "$CERTO_HOME" --cron
check "--list" "$CERTO" --list
check_said "... shows it" a.example.com
check "--info" "$CERTO" --info -d a.example.com
check "an option without effect is reported" "$CERTO" --list --days 60
check_said "... with the option's name" "--days: ignored:"
expect_exit 64 "an option that would change the certificate is refused" "$CERTO" --issue -d a.example.com --standalone --extended-key-usage serverAuth
expect_exit 3 "records by hand: 3, as acme.sh says it" "$CERTO" --issue -d c.example.com --dns --no-input \
  --yes-I-know-dns-manual-mode-enough-go-ahead-please
check "--issue and --install-cert on one line do both" "$CERTO" --issue -d b.example.com "${standalone[@]}" --install-cert \
  --key-file "$TMP/b.key" --fullchain-file "$TMP/b.pem" --reloadcmd "touch '$TMP/reloaded'"
check "... the pair is in place" same_key "$TMP/b.key" "$TMP/b.pem"
check "... and the server was reloaded" test -e "$TMP/reloaded"
check "--install-cert of what is in the store" "$CERTO" --install-cert -d a.example.com --ecc --certpath "$TMP/a.pem"
check "... is there" test -s "$TMP/a.pem"
check "--issue with a key of the other type" "$CERTO" --issue -d a.example.com "${standalone[@]}" -k ec-256
check_said "... is a second certificate, as in acme.sh" "this one is a.example.com-ecc"
check "... with its own key" has_key a.example.com-ecc "NIST CURVE"
check "... next to the RSA one" has_key a.example.com modulus
check "--info --ecc is of the one" "$CERTO" --info -d a.example.com --ecc
check_said "... really" "a.example.com-ecc" "ec-256"
check "--renew --ecc too" "$CERTO" --renew -d a.example.com --ecc --force
check_said "... says so" "a.example.com-ecc: renewed"
cd "$TMP" || exit
check "--to-pkcs12 with a password" "$CERTO" --to-pkcs12 -d a.example.com --password geheim
check_said "... warns of it" "other users can read a command line"
check "... opens with it" openssl pkcs12 -in a.example.com.pfx -passin pass:geheim -noout

# a folder as acme.sh leaves it
mkdir -p acme/old.example.com_ecc acme/ca/ca.example/directory
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=old.example.com -days 30 \
  -addext subjectAltName=DNS:old.example.com -keyout acme/old.example.com_ecc/old.example.com.key \
  -out acme/old.example.com_ecc/fullchain.cer 2>/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out acme/ca/ca.example/directory/account.key
printf "ACCOUNT_URL='https://ca.example/acct/1'\n" >acme/ca/ca.example/directory/ca.conf
printf "LOG_LEVEL='1'\n" >acme/account.conf
printf "Le_Domain='old.example.com'\nLe_Alt='no'\nLe_Webroot='/srv/www'\nLe_API='https://ca.example/directory'\n" \
  >acme/old.example.com_ecc/old.example.com.conf
before=$(find acme -type f -exec sha256sum {} + | sort)
check "certo import takes over acme.sh's folder" "$CERTO" import --from acme.sh acme
check_said "... and says what" "accounts: https://ca.example/directory" "certificates: old.example.com"
check "... the pair is in the store" same_key "$certs/old.example.com/live/key.pem" acme/old.example.com_ecc/fullchain.cer
check "... the folder did not change" is "$(find acme -type f -exec sha256sum {} + | sort)" "$before"
check "... again there is nothing new" "$CERTO" import --from acme.sh acme
check_said "... which is reported" "there was nothing new to import"

check "--set-default-ca" "$CERTO" --set-default-ca --server "$PEBBLE_DIRECTORY"
check "... is kept" grep -qx "server = $PEBBLE_DIRECTORY" "$CERTO_HOME/certo.conf"
check "--remove" "$CERTO" --remove -d a.example.com
check "... and it is gone" test ! -e "$certs/a.example.com"

