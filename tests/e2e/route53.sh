#!/usr/bin/env bash
# The built-in provider for Route 53 against moto, which keeps zones as Route 53 does and shows them by its API only.
# So pebble accepts every challenge, and the test reads the records from the API.
TESTBED="moto pebble nginx --always-valid"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA AWS_EC2_METADATA_DISABLED=true
api=$MOTO_URL/2013-04-01
apex=_acme-challenge.example.com
route53=(--dns route53 --resolver "$DNS_ADDR")

# request METHOD PATH [XML]: moto requires a type and a credential scope that names the service.
request() {
  local scope=AKIDEXAMPLE/20260101/us-east-1/route53/aws4_request
  curl -sS --fail --noproxy '*' -m 10 -X "$1" "$api/$2" ${3:+--data "$3"} -H 'Content-Type: application/xml' \
    -H "Authorization: AWS4-HMAC-SHA256 Credential=$scope, SignedHeaders=host, Signature=0"
}

# make_zone NAME: prints its id.
make_zone() {
  request POST hostedzone "<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">
    <Name>$1.</Name><CallerReference>$1</CallerReference></CreateHostedZoneRequest>" |
    sed -n 's#.*<Id>/hostedzone/\(.*\)</Id>.*#\1#p'
}

# put ZONE NAME VALUE: makes VALUE the TXT RRset of NAME.
put() {
  request POST "hostedzone/$1/rrset" "<ChangeResourceRecordSetsRequest
    xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes><Change><Action>UPSERT</Action>
    <ResourceRecordSet><Name>$2.</Name><Type>TXT</Type><TTL>77</TTL><ResourceRecords><ResourceRecord>
    <Value>\"$3\"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch>
    </ChangeResourceRecordSetsRequest>"
}

# rrsets ZONE: each TXT RRset on a line: the name, the TTL, the values.
rrsets() {
  request GET "hostedzone/$1/rrset" | python3 -c '
import sys, xml.etree.ElementTree as tree
for rrset in tree.parse(sys.stdin).findall(".//{*}ResourceRecordSet"):
    if rrset.findtext("{*}Type") == "TXT":
        values = sorted(value.text for value in rrset.findall(".//{*}Value"))
        print(rrset.findtext("{*}Name"), rrset.findtext("{*}TTL"), *values)'
}

# values_of ORDER: the values that an order needs, quoted as in Route 53, sorted, on one line.
values_of() {
  python3 -c '
import json, sys
order = json.load(open(sys.argv[1]))
print(*sorted("\"%s\"" % challenge["present"]["value"] for authorization in order["authorizations"]
              for challenge in authorization["challenges"] if challenge["type"] == "dns-01"))' "$1"
}

# changes: how many ChangeResourceRecordSets calls moto got.
changes() {
  grep -c 'POST /2013-04-01/hostedzone/[^ ]*/rrset' "$TMP/testbed/log/moto"
}

opened() { "$CERTO" order -d example.com -d '*.example.com' >"$TMP/order.json"; }
present() { "$CERTO" present "${route53[@]}" "$@" "$TMP/order.json"; }
cleanup() { "$CERTO" cleanup "${route53[@]}" "$@" "$TMP/order.json"; }

zone=$(make_zone example.com)
check "a zone" test -n "$zone"
check "an account" "$CERTO" account new --agree-tos
check "an order for wildcard and apex" opened
ours=$(values_of "$TMP/order.json")

# ---- an empty name ----

export AWS_ENDPOINT_URL_ROUTE_53=$MOTO_URL AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret-of-the-test
before=$(changes)
check "present" present -vv
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown, not even by -vv" \
  sh -c '! grep -qF "$0" "$1" "$2"' "$AWS_SECRET_ACCESS_KEY" "$TMP/out" "$TMP/err"
check "... both values are one RRset" is "$(rrsets "$zone" | cut -d' ' -f1,3-)" "$apex. $ours"
check "... by one call" is "$(($(changes) - before))" 1
check "present again" present
check "... changes nothing" is "$(($(changes) - before))" 1
check "cleanup" cleanup
check "... removes the RRset with its last value" is "$(rrsets "$zone")" ""
check "... by one call" is "$(($(changes) - before))" 2
check "cleanup again" cleanup
check "... changes nothing" is "$(($(changes) - before))" 2

# ---- next to a foreign value ----

put "$zone" "$apex" foreign >"$TMP/put"
check "present next to a foreign value" present
check "... three values, and the TTL as it was" \
  is "$(rrsets "$zone")" "$apex. 77 $(printf '%s\n' $ours '"foreign"' | sort | tr '\n' ' ' | sed 's/ $//')"
check "cleanup beside it" cleanup
check "... did not change it" is "$(rrsets "$zone")" "$apex. 77 \"foreign\""

# ---- a certificate from start to end ----

issue() {
  "$CERTO" issue "${route53[@]}" --propagation none "$@"
}
names=()
for i in {1..20}; do names+=(-d "n$i.example.com"); done
before=$(changes)
check "twenty names of one zone" issue "${names[@]}"
check "... are two calls" is "$(($(changes) - before))" 2
check "... and leave nothing" is "$(rrsets "$zone")" "$apex. 77 \"foreign\""
# moto lists a zone for its own name only, but Route 53 also lists those below it, so this zone is given by its id.
below=$(make_zone sub.example.com)
expect_exit 0 "an order for a name below" "$CERTO" order -d www.sub.example.com
mv "$TMP/out" "$TMP/order.json"
export AWS_HOSTED_ZONE_ID=$below
check "a zone by its id" present
check "... gets the value" is "$(rrsets "$below" | cut -d' ' -f1,3-)" \
  "_acme-challenge.www.sub.example.com. $(values_of "$TMP/order.json")"
check "... and it is removed" cleanup
check "... really" is "$(rrsets "$below")" ""
check "... the zone above never had it" is "$(rrsets "$zone")" "$apex. 77 \"foreign\""
unset AWS_HOSTED_ZONE_ID
refused 1 "a name that is in none of the zones" "_acme-challenge.elsewhere.org" issue -d elsewhere.org

# ---- sources of credentials and of the address ----

unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL_ROUTE_53
rm -rf "$CERTO_HOME/credentials"
export ROUTE53_BASE_URL=$api AWS_SHARED_CREDENTIALS_FILE=$TMP/credentials
cat >"$AWS_SHARED_CREDENTIALS_FILE" <<'CREDENTIALS'
[default]
# nothing here
[web]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret-of-the-profile
CREDENTIALS
chmod 600 "$AWS_SHARED_CREDENTIALS_FILE"
AWS_PROFILE=web check "a profile of the shared credentials file" issue -d profile.example.com
check "... is kept for a timer, which has no AWS_PROFILE" \
  env -u AWS_PROFILE -u AWS_SHARED_CREDENTIALS_FILE "$CERTO" renew --force profile.example.com
rm -rf "$CERTO_HOME/credentials"
AWS_PROFILE=nobody refused 78 "a missing profile" "nobody" issue -d nobody.example.com
unset AWS_SHARED_CREDENTIALS_FILE
refused 78 "no source of credentials" "AWS_ACCESS_KEY_ID is not set" issue -d nothing.example.com
printf '{"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"secret-of-the-task","Token":"t"}' >"$WEBROOT/task"
check "the role of a container" env AWS_CONTAINER_CREDENTIALS_FULL_URI="http://$NGINX_ADDR/task" \
  "$CERTO" issue "${route53[@]}" --propagation none -d container.example.com
check "... is requested each time, because it expires" is "$(grep -c 'GET /task' "$TMP/testbed/log/nginx-access")" 2
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret-of-the-test
refused 69 "a service that does not answer" "127.0.0.1:1" \
  env ROUTE53_BASE_URL=http://127.0.0.1:1 "$CERTO" issue "${route53[@]}" -d gone.example.com
