#!/usr/bin/env bash
# dns-01 by the built-in provider for httpreq, lego's protocol: a service of the user adds the values.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
fake_run "$TMP/service" httpreq.py --user certo --password 'se:cret' || exit 1
requests=$TMP/service/requests.jsonl
kept=$CERTO_HOME/credentials/httpreq

issue() {
  "$CERTO" issue --dns httpreq --resolver "$DNS_ADDR" "$@"
}

# asked [WORD]: how many requests the service got, or how many with WORD in them.
asked() {
  grep -c -- "${1-}" "$requests"
}

check "an account" "$CERTO" account new --agree-tos

refused 78 "without settings" "httpreq: HTTPREQ_ENDPOINT is not set" issue -d example.com

export HTTPREQ_ENDPOINT=$FAKE_HTTPREQ HTTPREQ_USERNAME=certo HTTPREQ_PASSWORD='se:cret'
"$DNS_PROVIDER" present _acme-challenge.example.com foreign
check "wildcard and apex in one certificate" issue -d example.com -d '*.example.com' -vv
check "... for both names" is "$(names_in "$CERTO_HOME/certs/example.com/live/cert.pem")" "*.example.com example.com"
check "... each value is presented" is "$(asked '"path": "/dns/present"')" 2
check "... and cleaned up" is "$(asked '"path": "/dns/cleanup"')" 2
check "... a foreign value is still there" is "$(txt_values "$DNS_ADDR" _acme-challenge.example.com)" foreign
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown, not even by -vv" \
  sh -c '! grep -qF "$0" "$1" "$2"' "$HTTPREQ_PASSWORD" "$TMP/out" "$TMP/err"
# Existing services check the type, and a body of exactly these two members.
check "... as lego sends it" python3 - "$requests" <<'PYTHON'
import json, sys
for line in open(sys.argv[1]):
    request = json.loads(line)
    change = json.loads(request["body"])
    assert request["type"].startswith("application/json"), request
    assert sorted(change) == ["fqdn", "value"] and len(change["value"]) == 43, request
    assert change["fqdn"] == "_acme-challenge.example.com.", request
PYTHON

unset HTTPREQ_ENDPOINT HTTPREQ_USERNAME HTTPREQ_PASSWORD
check "renewal needs no environment" "$CERTO" renew --force example.com

# ---- settings that are no longer needed ----

expect_exit 64 "settings in use are not forgotten without a question" "$CERTO" providers forget httpreq
check_said "... with the certificate" "example.com is renewed with them" "--yes"
check "... and stay" test -e "$kept"
expect_exit 66 "settings that nobody stored" "$CERTO" providers forget cloudflare
expect_exit 66 "settings of another account" "$CERTO" providers forget httpreq.work
check "with --yes they are forgotten" "$CERTO" providers forget httpreq --yes
check "... and gone" test ! -e "$kept"
expect_exit 66 "... so that the same again finds none" "$CERTO" providers forget httpreq

# ---- what goes wrong ----

export HTTPREQ_ENDPOINT=$FAKE_HTTPREQ HTTPREQ_USERNAME=certo HTTPREQ_PASSWORD='se:cret'
expect_exit 78 "a wrong password" env HTTPREQ_PASSWORD=wrong "$CERTO" issue -d wrong.example.com --dns httpreq \
  --resolver "$DNS_ADDR"
check_said "... which is reported" "httpreq: the credentials are refused" "came from the environment"
check "... is not kept" test ! -e "$kept"
: >"$requests"
expect_exit 78 "a user without a password" env -u HTTPREQ_PASSWORD "$CERTO" issue -d half.example.com --dns httpreq \
  --resolver "$DNS_ADDR"
check "... is not sent" is "$(asked '"authorization": "')" 0
expect_exit 1 "a name that the service refuses" issue -d refused.example.com
check_said "... in its words" "this name is not for you"
expect_exit 69 "a broken service" issue -d broken.example.com
expect_exit 69 "a service that does not answer" env HTTPREQ_ENDPOINT=http://127.0.0.1:1 \
  "$CERTO" issue -d gone.example.com --dns httpreq --resolver "$DNS_ADDR"
expect_exit 78 "a password does not cross the network unencrypted" env HTTPREQ_ENDPOINT=http://httpreq.example.com \
  "$CERTO" issue -d plain.example.com --dns httpreq --resolver "$DNS_ADDR"
check_said "... which is reported" "http is allowed for a loopback address only"
expect_exit 78 "lego's RAW mode" env HTTPREQ_MODE=RAW \
  "$CERTO" issue -d raw.example.com --dns httpreq --resolver "$DNS_ADDR"
check_said "... is named" "HTTPREQ_MODE" "RAW"
