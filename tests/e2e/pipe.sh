#!/usr/bin/env bash
# keygen | csr | order | solve | fetch: joined by pipes and by files, on one host and on two.
TESTBED="pebble challtestsrv nginx"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
export STANDALONE="--standalone --listen 127.0.0.1:$PEBBLE_HTTP_PORT"
export DNS="--dns exec:$DNS_PROVIDER --resolver $DNS_ADDR --dns-env CHALLTESTSRV --dns-env DNS_ADDR"
cd "$TMP" || exit 1
pebble_root 0 >root.pem

# shell TEXT: one line as a person would type it; it fails if any part fails.
shell() {
  bash -c "set -o pipefail; $1"
}

mode() {
  stat -c %a "$1"
}

# ---- every key type, for certificate and account, by every way to prove a name ----

set_a web.example.com 127.0.0.2
number=0
for account in ec-256 ec-384 rsa-2048; do
  export CERTO_HOME=$TMP/of-$account
  check "an account with an $account key" \
    "$CERTO" account new --agree-tos --email admin@example.com --account-key-type "$account"
  for type in ec-256 ec-384 rsa-2048; do
    case $((number % 3)) in
      0) way="--webroot $WEBROOT" names="web.example.com" ;;
      1) way=$STANDALONE names="a.example.com b.example.com" ;;
      2) way=$DNS names="*.example.com example.com" ;;
    esac
    number=$((number + 1))
    set -f
    # shellcheck disable=SC2086  # a list of words
    options=$(printf " -d '%s'" $names)
    set +f
    rm -f www.key www.pem
    check "the pipe: $type, account $account, ${way%% *}" shell "'$CERTO' keygen -k $type -o www.key &&
      '$CERTO' csr --key www.key $options | '$CERTO' order | '$CERTO' solve $way | '$CERTO' fetch >www.pem"
    check "... signed by the CA" signed_by root.pem www.pem
    check "... for the requested names" is "$(names_in www.pem)" "$names"
    check "... and for the key" same_key www.key www.pem
  done
done
check "nothing is left in the webroot" is "$(find "$WEBROOT" -mindepth 1)" ""
check "nothing is left in the zone" is "$(dns_txt_count _acme-challenge.example.com)" 0

# ---- keys in files and in pipes ----

export CERTO_HOME=$TMP/of-ec-256
check "a key is written with a umask of 0" shell "umask 000; '$CERTO' keygen -o open.key"
check "... and is private all the same" is "$(mode open.key)" 600
check "a key goes through a pipe, and 'tee' keeps it" \
  shell "umask 077; '$CERTO' keygen | tee tee.key | '$CERTO' csr -d tee.example.com >tee.csr"
check "... in the request that openssl reads" openssl req -in tee.csr -noout -verify
refused 73 "a key is not overwritten" "open.key" "$CERTO" keygen -o open.key
check "unless told" "$CERTO" keygen -o open.key --force

# ---- a document is a bookmark: each stage can be repeated ----

"$CERTO" keygen -o twice.key
check "an order by names" shell "'$CERTO' order -d twice.example.com >twice.json"
check "... holds no secret" shell "! grep -q PRIVATE twice.json"
check "it is solved" shell "'$CERTO' solve $STANDALONE <twice.json >ready.json"
check "... and is ready" grep -q '"status":"ready"' ready.json
check "the same document again" shell "'$CERTO' solve $STANDALONE <twice.json >ready2.json"
check "... is still ready" grep -q '"status":"ready"' ready2.json
check "the document that came out, too" shell "'$CERTO' solve $STANDALONE ready.json >ready3.json"
refused 65 "without a CSR nothing is fetched" "contains no CSR" "$CERTO" fetch ready.json
check "fetched with the key" "$CERTO" fetch --key twice.key -o twice.pem ready.json
check "... signed by the CA" signed_by root.pem twice.pem
check "fetched again, from the first document" "$CERTO" fetch --key twice.key -o twice2.pem twice.json
check "... the same certificate" cmp twice.pem twice2.pem
refused 65 "a key that the certificate is not for" "another key" "$CERTO" fetch --key open.key -o other.pem twice.json
check "... wrote nothing" test ! -e other.pem
check "an order is inspected" shell "'$CERTO' inspect ready.json | grep -q twice.example.com"

# ---- account key here, DNS credentials on another host ----

"$CERTO" keygen -o split.key
check "order" shell "'$CERTO' csr --key split.key -d split.example.com -d '*.split.example.com' >split.csr &&
  '$CERTO' order <split.csr >split.json"
check "present on a host without an account" \
  shell "CERTO_HOME=$TMP/dnshost '$CERTO' present $DNS <split.json >presented.json"
check "... passes the document on unchanged" cmp split.json presented.json
check "... has no account key" is "$(find dnshost -name account.key)" ""
check "... leaves both records in the zone" is "$(dns_txt_count _acme-challenge.split.example.com)" 2
check "present again is not an error" shell "CERTO_HOME=$TMP/dnshost '$CERTO' present $DNS <split.json >presented.json"
check "... and adds nothing" is "$(dns_txt_count _acme-challenge.split.example.com)" 2
check "solve --no-present | fetch" shell "'$CERTO' solve --no-present --resolver $DNS_ADDR <split.json |
  '$CERTO' fetch --csr split.csr >split.pem"
check "... for both names" is "$(names_in split.pem)" "*.split.example.com split.example.com"
check "... leaves the records where they are" is "$(dns_txt_count _acme-challenge.split.example.com)" 2
check "cleanup" shell "CERTO_HOME=$TMP/dnshost '$CERTO' cleanup $DNS <split.json >cleaned.json"
check "... removes both" is "$(dns_txt_count _acme-challenge.split.example.com)" 0
check "cleanup again is not an error" shell "CERTO_HOME=$TMP/dnshost '$CERTO' cleanup $DNS <split.json >cleaned.json"
check "the journal of the DNS host is empty" is "$(find dnshost/presented -name '*.json' 2>/dev/null)" ""

# ---- a document that was opened on another host with the same account ----

mkdir -m 700 other
cp -a "$CERTO_HOME/accounts" other/
"$CERTO" keygen -o far.key
check "order and solve here" shell "'$CERTO' csr --key far.key -d far.example.com | tee far.csr | '$CERTO' order |
  '$CERTO' solve $STANDALONE >far.json"
export CERTO_HOME=$TMP/other
refused 65 "on another host its CSR is not trusted" "does not trust its CSR" "$CERTO" fetch far.json
check "but a CSR that is given is" "$CERTO" fetch --csr far.csr -o far.pem far.json
check "... signed by the CA" signed_by root.pem far.pem
check "so is a key" "$CERTO" fetch --key far.key -o far2.pem far.json
export CERTO_HOME=$TMP/of-ec-384
refused 78 "another account cannot take it over" "belongs to the account" "$CERTO" fetch --csr far.csr far.json
export CERTO_HOME=$TMP/of-ec-256

# ---- invalid documents ----

printf 'hello\n' >garbage
printf '{"certo":"list/1"}\n' >list.json
sed 's,order/1,order/0,' twice.json >old.json
head -c 200 twice.json >short.json
for command in solve fetch present cleanup; do
  case $command in
    solve) words=$STANDALONE ;;
    fetch) words="--key twice.key" ;;
    *) words=$DNS ;;
  esac
  for file in garbage list.json short.json; do
    # shellcheck disable=SC2086  # a list of words
    refused 65 "$command refuses $file" "" "$CERTO" $command $words "$file"
  done
  # shellcheck disable=SC2086
  refused 65 "$command refuses a document of another version" "order/0" "$CERTO" $command $words old.json
done

# ---- nobody reads the output ----

expect_exit 73 "keygen with stdout closed" shell "'$CERTO' keygen >&-"
expect_exit 73 "keygen onto a full disk" shell "'$CERTO' keygen >/dev/full"
check_said "... says so" "standard output"
expect_exit 73 "order onto a full disk" shell "'$CERTO' order -d full.example.com >/dev/full"
expect_exit 73 "fetch with stdout closed" shell "'$CERTO' fetch --key twice.key <twice.json >&-"
expect_exit 73 "help onto a full disk" shell "'$CERTO' help >/dev/full"
expect_exit 73 "list onto a full disk" shell "'$CERTO' list --json >/dev/full"
