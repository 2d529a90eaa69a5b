#!/usr/bin/env bash
# dns-01 by the built-in provider for PowerDNS: certo changes a real zone by the server's HTTP API, and pebble
# reads the same server. Nothing in between is faked.
TESTBED="pdns pebble --pebble-dns pdns"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
key=$PDNS_API_KEY url=$PDNS_API_URL
unset PDNS_API_KEY PDNS_API_URL
resolver=(--resolver "$PDNS_DNS")
kept=$CERTO_HOME/credentials/pdns

api() {
  local method=$1 path=$2
  shift 2
  curl -sS --fail --noproxy '*' -m 10 -X "$method" -H "X-API-Key: $key" "$@" "$url/api/v1/servers/localhost/zones$path"
}

# values NAME: the TXT values of NAME that PowerDNS answers with, on one line.
values() {
  txt_values "$PDNS_DNS" "$1"
}

# put NAME VALUE...: makes these the TXT RRset of NAME.
put() {
  local name=$1 value records=
  shift
  for value in "$@"; do records="$records${records:+,}{\"content\":\"\\\"$value\\\"\",\"disabled\":false}"; done
  api PATCH /pdns.test. -d "{\"rrsets\":[{\"name\":\"$name.\",\"type\":\"TXT\",\"ttl\":5,\"changetype\":\"REPLACE\",
    \"records\":[$records]}]}"
}

serial() {
  api GET /pdns.test. | python3 -c 'import json, sys; print(json.load(sys.stdin)["serial"])'
}

check "an account" "$CERTO" account new --agree-tos

refused 78 "without settings" "pdns: PDNS_API_URL and PDNS_API_KEY are not set" \
  "$CERTO" issue -d pdns.test --dns pdns "${resolver[@]}"

export PDNS_API_URL=$url PDNS_API_KEY=wrong
refused 78 "a wrong key is one sentence and one hint" "pdns: the credentials are refused" \
  "$CERTO" issue -d pdns.test --dns pdns "${resolver[@]}"
check_said "... which says where it came from" "came from the environment"
check "... no journal is left" is "$(find "$CERTO_HOME/presented" -mindepth 1)" ""
check "... is not kept" test ! -e "$kept"

export PDNS_API_KEY=$key
put _acme-challenge.pdns.test foreign
before=$(serial)
check "wildcard and apex in one certificate" \
  "$CERTO" issue -d pdns.test -d '*.pdns.test' --dns dns_pdns "${resolver[@]}" -vv
check_said "... the settings are stored, and certo reports it" "the settings of pdns are stored in $kept"
check "... for both names" is "$(names_in "$CERTO_HOME/certs/pdns.test/live/cert.pem")" "*.pdns.test pdns.test"
check "... one change adds both values, one removes them" is "$(($(serial) - before))" 2
check "... the foreign value is still there, and ours are gone" is "$(values _acme-challenge.pdns.test)" foreign
check "... 0600" is "$(stat -c %a "$kept")" 600
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown, not even by -vv" sh -c '! grep -qF "$0" "$1" "$2"' "$key" "$TMP/out" "$TMP/err"

unset PDNS_API_KEY PDNS_API_URL
check "renewal needs no environment" "$CERTO" renew --force pdns.test
check "... and leaves no value of ours" is "$(values _acme-challenge.pdns.test)" foreign

names=()
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do names+=(-d "n$i.pdns.test"); done
before=$(serial)
check "twenty names of one zone" "$CERTO" issue "${names[@]}" --dns pdns "${resolver[@]}"
check "... are two changes" is "$(($(serial) - before))" 2

check "a zone that is named" "$CERTO" issue -d zone.pdns.test --dns pdns --dns-zone pdns.test "${resolver[@]}"
check "... is the only one that certo reads" grep -q '"zone": "pdns.test"' "$CERTO_HOME/certs/zone.pdns.test/request.json"
check "... is not kept with the credentials" test "$(grep -c ZONE "$kept")" = 0
refused 78 "a zone that does not hold the name" "is not in the zone elsewhere.test" \
  "$CERTO" issue -d zone2.pdns.test --dns pdns --dns-zone elsewhere.test "${resolver[@]}"
check "a name in a zone of its own below" "$CERTO" issue -d www.sub.pdns.test --dns pdns "${resolver[@]}"
refused 1 "a name that is in none of the server's zones" "there is no zone for _acme-challenge.elsewhere.test" \
  "$CERTO" issue -d elsewhere.test --dns pdns "${resolver[@]}"

rm "$kept"
printf 'PDNS_Url=%s\nPDNS_Token="%s"\n' "$url" "$key" >"$TMP/settings"
chmod 644 "$TMP/settings"
refused 78 "a file of settings that others can read" "others can read it" \
  "$CERTO" issue -d file.pdns.test --dns pdns --dns-credentials "$TMP/settings" "${resolver[@]}"
chmod 600 "$TMP/settings"
check "settings in a file, by acme.sh's names" \
  "$CERTO" issue -d file.pdns.test --dns pdns --dns-credentials "$TMP/settings" "${resolver[@]}"
check "... which the renewal uses" "$CERTO" renew --force file.pdns.test
check "... nothing is copied" test ! -e "$kept"
printf '%s' "$key" >"$TMP/key"
check "a key in a file, and --no-save" env PDNS_API_URL="$url" PDNS_API_KEY_FILE="$TMP/key" \
  "$CERTO" issue -d save.pdns.test --dns pdns --no-save "${resolver[@]}"
check "... nothing is kept" test ! -e "$kept"

# ---- a run that is killed, a server that is gone ----

export PDNS_API_URL=$url PDNS_API_KEY=$key
"$CERTO" issue -d killed.pdns.test --dns pdns "${resolver[@]}" --propagation wait=60 >"$TMP/out" 2>"$TMP/err" &
pid=$!
tries=0
until [ -n "$(values _acme-challenge.killed.pdns.test)" ] || [ "$tries" -gt 200 ]; do
  tries=$((tries + 1))
  sleep 0.05
done
check "a run that is killed leaves its record" test -n "$(values _acme-challenge.killed.pdns.test)"
kill -9 "$pid"
wait "$pid" 2>/dev/null
check "the next run removes it" "$CERTO" issue -d next.pdns.test --dns pdns "${resolver[@]}"
check "... really" is "$(values _acme-challenge.killed.pdns.test)" ""

export PDNS_API_URL=http://127.0.0.1:1
expect_exit 69 "a server that does not answer" "$CERTO" issue -d gone.pdns.test --dns pdns "${resolver[@]}"
check_said "... which is reported" "pdns: 127.0.0.1:1: cannot connect"
export PDNS_API_URL=http://pdns.example.com
expect_exit 78 "a key does not cross the network unencrypted" \
  "$CERTO" issue -d gone.pdns.test --dns pdns "${resolver[@]}"
check_said "... which is reported" "http is allowed for a loopback address only"

check "certo providers lists it" "$CERTO" providers
check_said "... with its kind and aliases" "pdns" "built-in" "dns_pdns powerdns"
check "certo providers NAME" "$CERTO" providers powerdns
check_said "... shows the settings, and their names in other clients" PDNS_API_KEY "api-key in pdns.conf" PDNS_Token
refused 78 "certo providers with a typo" "there is no DNS provider 'pdn'" "$CERTO" providers pdn

# ---- a provider is tried before the first certificate ----

export PDNS_API_KEY=$key PDNS_API_URL=$url
rm -f "$kept"
put _acme-challenge.tried.pdns.test foreign
check "certo providers test" "$CERTO" providers test pdns -d tried.pdns.test "${resolver[@]}"
check_said "... prints what to paste into a report" "paste these lines" "pdns (built-in)" "two values at _acme-challenge.example.com"
check_said "... reports the delays" "were seen by all name servers after" "and the other stayed"
check "... leaves foreign values" is "$(values _acme-challenge.tried.pdns.test)" foreign
check "... and keeps no settings" test ! -e "$kept"
expect_exit 1 "a zone that does not exist" "$CERTO" providers test pdns -d elsewhere.org "${resolver[@]}"
check_said "... is told" "pdns: there is no zone for _acme-challenge.elsewhere.org in this account"
check "... may be reported, too, without the domain" bash -c 'grep -q "paste these lines" "$1" && ! grep -q elsewhere "$1"' bash "$TMP/out"
