#!/usr/bin/env bash
# Imports folders of certbot, lego and acme.sh: their certificates are renewed with their accounts, by their
# methods, and installed to their files.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
certs=$CERTO_HOME/certs
old=$TMP/old # the state folder of another certo: the account and the certificates of the other clients
ca=${PEBBLE_DIRECTORY#https://}
for name in bot acme lego lego2; do set_a $name.example.com 127.0.0.1; done
cd "$TMP" || exit

serial() {
  openssl x509 -noout -serial -in "$1"
}

# account_url OPTION...
account_url() {
  "$CERTO" account show "$@" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])'
}

# jwk: the RSA key on stdin, as certbot keeps it.
jwk() {
  openssl pkey -noout -text | python3 -c '
import base64, json, re, sys
names = {"modulus": "n", "privateExponent": "d", "prime1": "p", "prime2": "q", "exponent1": "dp", "exponent2": "dq",
         "coefficient": "qi"}
key = {"kty": "RSA", "e": "AQAB"}
for name, digits in re.findall(r"^(\w+):\n((?:    [0-9a-f:]+\n)+)", sys.stdin.read(), re.M):
    number = bytes.fromhex(re.sub("[^0-9a-f]", "", digits)).lstrip(b"\0")
    key[names[name]] = base64.urlsafe_b64encode(number).decode().rstrip("=")
json.dump(key, sys.stdout)'
}

# contents FOLDER: of all files, and the targets of links.
contents() {
  find "$1" -type f -exec sha256sum {} + -o -type l -printf '%p %l\n' | sort
}

check "an RSA key for the account" "$CERTO" keygen -k rsa-2048 -o account.key
check "... which another client registers" "$CERTO" account new --home "$old" --agree-tos --account-key account.key
url=$(account_url --home "$old" --account-key account.key)
for name in bot acme lego lego2; do
  check "... and $name.example.com" "$CERTO" issue --home "$old" --account-key account.key -d $name.example.com \
    -k "$([ $name = bot ] && echo rsa-2048 || echo ec-256)" --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
done

# certbot, as version 2.1 leaves it
account=le/accounts/$ca/8d624a3992bb296dc441906350462b07
mkdir -p "$account" le/archive/bot.example.com le/live/bot.example.com le/renewal le/renewal-hooks/deploy
jwk <account.key >"$account/private_key.json"
printf '{"body": {}, "uri": "%s"}' "$url" >"$account/regr.json"
cp "$old/certs/bot.example.com/live/key.pem" le/archive/bot.example.com/privkey1.pem
cp "$old/certs/bot.example.com/live/fullchain.pem" le/archive/bot.example.com/fullchain1.pem
for part in privkey fullchain; do
  ln -s ../../archive/bot.example.com/${part}1.pem le/live/bot.example.com/$part.pem
done
printf '#!/bin/sh\n' >le/renewal-hooks/deploy/tell
cat >le/renewal/bot.example.com.conf <<END
# renew_before_expiry = 30 days
version = 2.1.0
archive_dir = $TMP/le/archive/bot.example.com

# Options used in the renewal process
[renewalparams]
account = 8d624a3992bb296dc441906350462b07
server = $PEBBLE_DIRECTORY
authenticator = standalone
http01_port = $PEBBLE_HTTP_PORT
http01_address = 127.0.0.1
key_type = rsa
renew_hook = '''echo "\$RENEWED_DOMAINS, it's" >$TMP/told'''
END
before=$(contents le)
: >le/.certbot.lock
coproc holder { exec python3 -c '
import fcntl, sys
with open("le/.certbot.lock", "w") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    print("locked", flush=True)
    sys.stdin.read()'; }
# shellcheck disable=SC2154 # made by coproc
read -r _ <&"${holder[0]}"
expect_exit 75 "while certbot holds its lock: later" "$CERTO" import --from certbot le
check_said "... which is reported" "certbot is running there"
eval "exec ${holder[1]}>&-"
wait
rm le/.certbot.lock

check "certbot's folder" "$CERTO" import --from certbot le
check_said "... what was imported" "accounts: $PEBBLE_DIRECTORY" "certificates: bot.example.com"
check_said "... and what was not" "le/renewal-hooks/deploy/tell: to run it for every certificate" "le/live/NAME/: servers"
check "... the folder did not change" is "$(contents le)" "$before"
check "... it is the account" is "$(account_url)" "$url"
check "... nothing is due" "$CERTO" renew --all
check "... and no hook ran" test ! -e told
before=$(serial "$certs/bot.example.com/live/cert.pem")
check "it is renewed" "$CERTO" renew --force bot.example.com
check "... it is another one" test "$before" != "$(serial "$certs/bot.example.com/live/cert.pem")"
check "... by the same account" is "$(account_url)" "$url"
check "... with an RSA key" grep -q '"key_type": "rsa-2048"' "$certs/bot.example.com/request.json"
check "... and certbot's hook ran" is "$(cat told)" "bot.example.com, it's"
check "the same again" "$CERTO" import --from certbot le
check_said "... adds nothing" "there was nothing new to import" "bot.example.com: is in the store already"

# lego, as version 4.9 leaves it
account=lego/accounts/$(tr : _ <<<"${ca%%/*}")/me@example.com
mkdir -p "$account/keys" lego/certificates
cp account.key "$account/keys/me@example.com.key"
printf '{"email": "me@example.com", "registration": {"body": {"status": "valid"}, "uri": "%s"}}' "$url" \
  >"$account/account.json"
for name in lego lego2; do
  cp "$old/certs/$name.example.com/live/key.pem" lego/certificates/$name.example.com.key
  cp "$old/certs/$name.example.com/live/fullchain.pem" lego/certificates/$name.example.com.crt
  printf '{"domain": "%s.example.com", "certUrl": "https://%s/cert/1"}' $name "${ca%%/*}" \
    >lego/certificates/$name.example.com.json
done
before=$(contents lego)
expect_exit 1 "lego's folder, of a CA that is not in certo's table" "$CERTO" import --from lego lego
check_said "... must be named" "which CA is ${ca%%:*}_"
check "... and said" "$CERTO" import --from lego lego --server "$PEBBLE_DIRECTORY"
check_said "... how its names are proven is not known" "--cert-name 'lego.example.com' --webroot DIR"
check "... one of them, with the way" "$CERTO" import --from lego lego --server "$PEBBLE_DIRECTORY" \
  --cert-name lego.example.com --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
check_said "... is here" "certificates: lego.example.com"
check "... the other is not" test ! -e "$certs/lego2.example.com"
check "... the folder did not change" is "$(contents lego)" "$before"
check "it is renewed" "$CERTO" renew --force lego.example.com
check "... by the same account" is "$(account_url)" "$url"

# acme.sh, with files of a server
folder=acme/acme.example.com_ecc
mkdir -p "$folder" "acme/ca/$ca" server
cp account.key "acme/ca/$ca/account.key"
printf "ACCOUNT_URL='%s'\n" "$url" >"acme/ca/$ca/ca.conf"
printf "LOG_LEVEL='1'\n" >acme/account.conf
cp "$old/certs/acme.example.com/live/key.pem" $folder/acme.example.com.key
cp "$old/certs/acme.example.com/live/fullchain.pem" $folder/fullchain.cer
cp $folder/acme.example.com.key server/key.pem
cp $folder/fullchain.cer server/full.pem
chmod 640 server/key.pem
coded() { printf "__ACME_BASE64__START_%s__ACME_BASE64__END_" "$(printf %s "$1" | base64 -w0)"; }
cat >$folder/acme.example.com.conf <<END
Le_Domain='acme.example.com'
Le_Alt='no'
Le_Webroot='no'
Le_LocalAddress='127.0.0.1'
Le_HTTPPort='$PEBBLE_HTTP_PORT'
Le_API='$PEBBLE_DIRECTORY'
Le_PreHook='$(coded "echo pre >>'$TMP/ran'")'
Le_PostHook='$(coded "echo post >>'$TMP/ran'")'
Le_RenewHook='$(coded "echo renew >>'$TMP/ran'")'
Le_RealKeyPath='$TMP/server/key.pem'
Le_RealFullChainPath='$TMP/server/full.pem'
Le_ReloadCmd='$(coded "echo reload >>'$TMP/ran'")'
END
before=$(contents acme)
check "acme.sh's folder" "$CERTO" import --from acme.sh acme
check_said "... is here" "certificates: acme.example.com"
check "... the folder did not change" is "$(contents acme)" "$before"
before=$(contents server)
check "the hourly run" "$CERTO" cron
check "install-cert" "$CERTO" install-cert -d acme.example.com
check_said "... finds everything in place" "nothing to do, it is installed"
check "... so the server's files did not change" is "$(contents server)" "$before"
check "... and no command ran" test ! -e ran
check "a renewal" "$CERTO" renew --force acme.example.com
check "... puts the key where acme.sh put it" cmp server/key.pem "$certs/acme.example.com/live/key.pem"
check "... and the chain" cmp server/full.pem "$certs/acme.example.com/live/fullchain.pem"
check "... with the previous mode" is "$(stat -c %a server/key.pem)" 640
check "... hooks and reload command run in their order" is "$(tr '\n' ' ' <ran)" "pre reload renew post "

# ---- a folder of another user, who would choose what certo runs ----

if [ "$(id -u)" = 0 ]; then
  export CERTO_HOME=$TMP/certo-foreign
  certs=$CERTO_HOME/certs
  cp -a acme foreign
  chown -R nobody foreign
  expect_exit 77 "a folder of another user" "$CERTO" import --from acme.sh foreign
  check_said "... is refused, with all that it would run and write" "foreign belongs to another user" \
    "acme.example.com: pre hook: echo pre" "acme.example.com: deploy hook: echo renew" \
    "acme.example.com: post hook: echo post" "acme.example.com: reload command: echo reload" \
    "acme.example.com: installed to: $TMP/server/key.pem" "--yes"
  check "... nothing is imported" test ! -e "$certs"
  chown -R root foreign
  chown nobody foreign/account.conf
  expect_exit 77 "... one file of another user in it" "$CERTO" import --from acme.sh foreign
  chown root foreign/account.conf
  chmod 666 "foreign/acme.example.com_ecc/acme.example.com.conf"
  expect_exit 77 "... one that others can write to" "$CERTO" import --from acme.sh foreign
  chmod 600 "foreign/acme.example.com_ecc/acme.example.com.conf"
  mkdir theirs
  mv foreign theirs/foreign
  chown nobody theirs
  expect_exit 77 "... a folder above it" "$CERTO" import --from acme.sh theirs/foreign
  check "--yes takes it over" "$CERTO" import --from acme.sh theirs/foreign --yes
  check_said "... and lists the commands again" "acme.example.com: reload command: echo reload"
fi

# ---- without --from ----

export CERTO_HOME=$TMP/certo-dry
check "what an import would store" "$CERTO" import acme --dry-run
check_said "... of the client that the folder belongs to" "acme.sh's folder" "certificates: acme.example.com"
check "... is not stored" test ! -e "$CERTO_HOME/certs"
check "without --from" "$CERTO" import acme
check_said "... certo recognises the client" "certificates: acme.example.com"
mkdir -p empty/certificates
expect_exit 1 "a folder of which nothing can be taken" "$CERTO" import empty
check_said "... is no success" "there was nothing new to import"
expect_exit 65 "a folder of no client" "$CERTO" import "$TMP/home"
check_said "... says which there are" "not a folder of acme.sh, certbot or lego"

# ---- files that cannot be read ----

export CERTO_HOME=$TMP/certo-odd
cp -a acme odd
rm odd/account.conf
mkdir odd/account.conf "odd/other.example.com" "odd/ca/broken"
mkfifo odd/other.example.com/other.example.com.conf odd/ca/broken/account.key
check "one odd file does not end an import" "$CERTO" import --from acme.sh odd
check_said "... and each is named" "certificates: acme.example.com" "odd/account.conf" "odd/ca/broken" \
  "odd/other.example.com"
