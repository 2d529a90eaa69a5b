#!/usr/bin/env bash
# certo issue: every way to prove a name, stored files, a second run, and refusals of the CA.
TESTBED="pebble challtestsrv nginx --shortlived"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
certs=$CERTO_HOME/certs
log=$TMP/testbed/log/pebble
pebble_root 0 >"$TMP/root.pem"

# issue OPTION...: with the terms agreed to and a profile, because pebble chooses any if the order names none.
issue() {
  "$CERTO" issue --agree-tos --profile default "$@"
}

requests() {
  grep -c 'calling handler' "$log"
}

mode() {
  stat -c %a "$1"
}

# good NAME NAMES: the live certificate of NAME is whole and for NAMES.
good() {
  signed_by "$TMP/root.pem" "$certs/$1/live/fullchain.pem" && same_key "$certs/$1/live/key.pem" "$certs/$1/live/cert.pem" &&
    is "$(names_in "$certs/$1/live/cert.pem")" "$2"
}

# ---- ways ----

set_a web.example.com 127.0.0.2
check "through a running web server" issue -d web.example.com --webroot "$WEBROOT" --json
check_said "... says so in JSON" '{"certo":"issue/1","changed":true,"name":"web.example.com","names":["web.example.com"]' \
  '"not_after":"' '"renew_at":"' "\"key\":\"$certs/web.example.com/live/key.pem\"" \
  "\"fullchain\":\"$certs/web.example.com/live/fullchain.pem\""
check "... and it is good" good web.example.com web.example.com
check "... its key is private" is "$(mode "$certs/web.example.com/live/key.pem")" 600
check "... nothing is left in the webroot" is "$(find "$WEBROOT" -mindepth 1)" ""
check "by its own web server" issue -d own.example.com -d own.example.net "${standalone[@]}" -vv --log "$TMP/log"
check_said "... -vv shows each step, and who asked what" "standalone: 127.0.0.1 asked GET /.well-known/acme-challenge/" ": 200 OK" \
  "the CA has opened the order" "proving own.example.net by http-01" "the CA has validated all names" "sending the CSR" \
  "downloaded the certificate" "it is live now"
check "... and so does the log" grep -q "debug: standalone: 127.0.0.1 asked GET /" "$TMP/log"
check "... and it is good" good own.example.com "own.example.com own.example.net"
check "wildcard and base" issue -d '*.wild.example.com' -d wild.example.com "${dns[@]}"
check "... are stored under a plain name" good _wildcard.wild.example.com '*.wild.example.com wild.example.com'
check "... no record is left" is "$(dns_txt_count _acme-challenge.wild.example.com)" 0
check "names in capital letters, in one -d" issue -d 'CAPS.Example.COM,b.caps.example.com' "${standalone[@]}"
check "... are stored in small letters" good caps.example.com 'b.caps.example.com caps.example.com'
check "a name in another script" issue -d bücher.example.com "${standalone[@]}"
check "... is stored in ASCII" good xn--bcher-kva.example.com xn--bcher-kva.example.com
many=() list=
for number in $(seq 100 199); do
  many+=(-d "n$number.example.com")
  list="$list n$number.example.com"
done
check "a hundred names in one order, by DNS" issue "${many[@]}" --cert-name many -k ec-384 "${dns[@]}"
check "... all in it" good many "${list# }"

# shellcheck disable=SC2016 # the inner shell expands it
check "on a terminal" python3 "$SOURCE/tests/e2e/on-terminal" "(never shown)" true sh -c \
  'stty cols 200; export TERM=xterm; exec "$@"' sh "$CERTO" issue --agree-tos --profile default -d t1.example.com \
  -d t2.example.com "${dns[@]}"
check_said "... live lines show a DNS provider at work, and count" "adding 2 records" "0 of 2 names validated"

# ---- again ----

before=$(requests)
check "the same command again has nothing to do" issue -d own.example.com -d own.example.net "${standalone[@]}" --json
check_said "... says so in JSON" '"changed":false' '"renew_at"'
live=$(readlink "$certs/own.example.com/live")
check "... and again" issue -d own.example.com -d own.example.net "${standalone[@]}"
check_said "... in words" "nothing to do" "--force"
check "... leaves the certificate" is "$(readlink "$certs/own.example.com/live")" "$live"
check "... opens no order" is "$(tail -n +"$((before + 1))" <(grep 'calling handler' "$log") | grep -c order-plz)" 0
check "--force gets another one" issue -d own.example.com -d own.example.net "${standalone[@]}" --force
check "... which is another one" test "$(readlink "$certs/own.example.com/live")" != "$live"
check "more names under the same first one" issue -d own.example.com -d more.example.com --yes "${standalone[@]}"
check "... are one certificate" good own.example.com 'more.example.com own.example.com'
check "another key type" issue -d own.example.com -d more.example.com -k rsa-2048 "${standalone[@]}"
check "... renews it" grep -q 'rsaEncryption' <(openssl x509 -in "$certs/own.example.com/live/cert.pem" -noout -text)
check "--cert-name" issue -d own.example.com --cert-name mine "${standalone[@]}"
check "... is its name" good mine own.example.com
check "... and the other did not change" good own.example.com 'more.example.com own.example.com'

# ---- the same names once more, and the production CA after a test CA ----

check "two names" issue -d order-a.example.com -d order-b.example.com "${standalone[@]}"
check "... in another order" issue -d order-b.example.com -d order-a.example.com "${standalone[@]}"
check "... are one certificate" test ! -e "$certs/order-b.example.com"

stage=https://stage.example/directory
cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [
  {"name": "letsencrypt", "title": "The real one", "directory": "$PEBBLE_DIRECTORY", "staging": "stage"},
  {"name": "stage", "title": "Its test server", "directory": "$stage"}]}
SERVERS
sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$stage\"|" "$certs/order-a.example.com/request.json"
check "who leaves --staging out gets a real certificate" env -u CERTO_SERVER \
  "$CERTO" issue --agree-tos --profile default -d order-a.example.com -d order-b.example.com "${standalone[@]}"
check_said "... which is reported" "is from the test server $stage; now from $PEBBLE_DIRECTORY"
rm "$CERTO_HOME/servers.json"

# ---- certo.conf ----

echo "server = letsencrypt" >"$CERTO_HOME/certo.conf"
check "the CA in certo.conf applies to new certificates" env -u CERTO_SERVER \
  "$CERTO" issue --force -d order-a.example.com -d order-b.example.com "${standalone[@]}"
check "... not to one from another CA" grep -qF "\"$PEBBLE_DIRECTORY\"" "$certs/order-a.example.com/request.json"
rm "$CERTO_HOME/certo.conf"

# ---- profiles ----

check "a profile" "$CERTO" issue -d short.example.com --profile shortlived "${standalone[@]}" --agree-tos
check "... gives six days" openssl x509 -in "$certs/short.example.com/live/cert.pem" -noout -checkend 432000
expect_exit 1 "... and not seven" openssl x509 -in "$certs/short.example.com/live/cert.pem" -noout -checkend 604800
refused 78 "an unknown profile" "nonsense" "$CERTO" issue -d p.example.com --profile nonsense "${standalone[@]}"
check "... keeps nothing" test ! -e "$certs/p.example.com/live"

# ---- what fails ----

mkdir "$TMP/elsewhere"
set_a lost.example.com 127.0.0.2
refused 1 "a webroot that nobody serves" "lost.example.com" issue -d lost.example.com --webroot "$TMP/elsewhere"
check_said "... in the CA's words, with the file" "404" "certo wrote $TMP/elsewhere/.well-known/acme-challenge/"
check "... nothing is left there" is "$(find "$TMP/elsewhere" -mindepth 1)" ""
check "... no certificate is kept" test ! -e "$certs/lost.example.com/live"
check "... and list does not show it" "$CERTO" list --names
check "... really" test "$(grep -cx lost.example.com "$TMP/out")" = 0
set_a nowhere.example.com 127.0.0.9
refused 1 "a name that points nowhere" "nowhere.example.com" issue -d nowhere.example.com "${standalone[@]}"
check_said "... in the CA's words" "connection"
refused 1 "a name that the CA's policy refuses" "blocked.example" issue -d blocked.example "${standalone[@]}"
check "an account that has proven nothing" new_account
live=$(readlink "$certs/web.example.com/live")
set_a web.example.com 127.0.0.9
refused 1 "a renewal that fails" "web.example.com" issue -d web.example.com --webroot "$WEBROOT" --force
check "... leaves the certificate" is "$(readlink "$certs/web.example.com/live")" "$live"
check "... and nothing in the webroot" is "$(find "$WEBROOT" -mindepth 1)" ""
set_a web.example.com 127.0.0.2
check "... and works when the name points here again" issue -d web.example.com --webroot "$WEBROOT" --force
mkdir -p "$TMP/shared/acme-challenge"
ln -s "$TMP/shared" "$WEBROOT/.well-known"
check "a link of this user in the place of .well-known is followed" issue -d web.example.com --webroot "$WEBROOT" --force
check "... and nothing is left behind it" is "$(find "$TMP/shared" -type f)" ""
check "the challenge folder itself" issue -d web.example.com --challenge-dir "$TMP/shared/acme-challenge" --force
check "... and nothing is left in it" is "$(find "$TMP/shared" -type f)" ""
check "... and it is renewed that way" "$CERTO" renew --force web.example.com
refused 78 "a challenge folder that is not there" "$TMP/gone" issue -d web.example.com --challenge-dir "$TMP/gone" --force
if [ "$(id -u)" = 0 ]; then
  chown -h nobody: "$WEBROOT/.well-known"
  refused 77 "a link of another user to a folder of root" "leads to a folder of root" \
    issue -d web.example.com --webroot "$WEBROOT" --force
  chown nobody: "$TMP/shared"
  check "a link to a folder of its own owner" issue -d web.example.com --webroot "$WEBROOT" --force
fi
rm "$WEBROOT/.well-known"
check "back to the webroot" issue -d web.example.com --webroot "$WEBROOT" --force
refused 69 "a first issue whose CA is not there" "cannot connect" \
  issue -d first.example.com --webroot "$WEBROOT" --deploy-hook true --server https://127.0.0.1:1/directory
check "... leaves no folder" test ! -e "$certs/first.example.com"
refused 78 "a first issue that cannot work here" "$TMP/gone" issue -d first.example.com --challenge-dir "$TMP/gone"
check "... leaves none either" test ! -e "$certs/first.example.com"
check "... so that status does not know of it" sh -c '! "$0" status --no-probe | grep first.example.com' "$CERTO"
refused 64 "a wildcard by a file" "wildcard" issue -d '*.example.com' --webroot "$WEBROOT"

# ---- the account ----

check "account show" "$CERTO" account show
check_said "... is JSON" '"status":"valid"' '"directory"' 'shortlived'
url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$TMP/out")
check "account new again finds the same account" "$CERTO" account new --agree-tos
check_said "... account" "$url"
check "account update" "$CERTO" account update --email new@example.com
check_said "... changes the contact" 'mailto:new@example.com'
keys=$(cat "$CERTO_HOME"/accounts/*/*/account.key)
check "account rollover" "$CERTO" account rollover
check "... has a new key" test "$keys" != "$(cat "$CERTO_HOME"/accounts/*/*/account.key)"
check "... which the CA knows" "$CERTO" account show
check_said "... for the same account" "$url" 'mailto:new@example.com'
check "... and issues with" issue -d after.example.com "${standalone[@]}"
refused 64 "account deactivate asks first" "" "$CERTO" account deactivate --no-input
check "account deactivate" "$CERTO" account deactivate --yes
check_said "... is final" '"status":"deactivated"'
refused 78 "... nothing is issued after it" "deactivated" issue -d gone.example.com "${standalone[@]}"

# ---- a CA with several roots, which requires an external account ----

"$SOURCE/scripts/testbed.sh" start "$TMP/testbed2" pebble challtestsrv --eab --alternates 1 >&2
trap '"$SOURCE/scripts/testbed.sh" stop "$TMP/testbed2"; lib_end' EXIT
set -a
# shellcheck disable=SC1091
. "$TMP/testbed2/env"
set +a
export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA CERTO_HOME=$TMP/certo2
certs=$CERTO_HOME/certs
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
refused 78 "a CA that requires an external account" "bound to an external account" issue -d eab.example.com "${standalone[@]}"
check_said "... and the hint names the options" "--eab-kid"
umask 077
printf '%s\n' "$PEBBLE_EAB_KEY" >"$TMP/hmac"
printf 'AAAA\n' >"$TMP/wrong"
expect_exit 1 "a wrong HMAC key" issue -d eab.example.com "${standalone[@]}" --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/wrong"
check "with --eab-kid" issue -d eab.example.com "${standalone[@]}" --eab-kid "$PEBBLE_EAB_KID" --eab-hmac-file "$TMP/hmac"
pebble_root 1 >"$TMP/other.pem"
other=$(openssl x509 -in "$TMP/other.pem" -noout -subject -nameopt multiline | sed -n 's/ *commonName *= //p')
check "--preferred-chain" issue -d chain.example.com "${standalone[@]}" --preferred-chain "$other"
check "... is taken" signed_by "$TMP/other.pem" "$certs/chain.example.com/live/fullchain.pem"
check "a chain that does not exist is not a failure" \
  issue -d any.example.com "${standalone[@]}" --preferred-chain "No Such Root"
check_said "... and reports the chain in use" "No Such Root"
pebble_root 0 >"$TMP/root2.pem"
check "... the default chain of the CA" signed_by "$TMP/root2.pem" "$certs/any.example.com/live/fullchain.pem"
