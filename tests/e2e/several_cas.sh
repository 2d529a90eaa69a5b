#!/usr/bin/env bash
# Several CAs in order, what a CA offers, and authorizations that are ended.
TESTBED="pebble pebble-nonces --strict --authz-reuse 100"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA
umask 077
mkdir -p "$CERTO_HOME" "$TMP/web"
first=$PEBBLE_DIRECTORY second=$PEBBLE_NONCES_DIRECTORY
cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [
  {"name": "one", "title": "The First", "directory": "$first", "staging": "trial"},
  {"name": "two", "title": "The Second", "directory": "$second"},
  {"name": "trial", "directory": "${first/127.0.0.1/localhost}"},
  {"name": "away", "directory": "https://127.0.0.1:1/dir"}]}
SERVERS
web=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
request() { cat "$CERTO_HOME/certs/$1/request.json"; }
issued_by() { "$CERTO" info "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["issued_by"])'; }
end_first() {
  local pid
  read -r pid _ <"$TMP/testbed/pid/pebble"
  kill "$pid"
}

# ---- what a CA offers ----

check "the list of CAs" "$CERTO" ca
check_said "... has those of servers.json" "one" "The First" "letsencrypt" "external account, by --email"
check "... in JSON" "$CERTO" ca --json
check_said "... with the test servers" '"test_server":"trial"' '"certo":"cas/1"'
check "what one offers" "$CERTO" ca one
check_said "... its profiles and terms" "The First (one)" "default: ninety days" "terms of service" "not required"
check "... in JSON" "$CERTO" ca "$first" --json
check_said "... of the same CA" '"name":"one"' '"renewal_information":true' '"key_change":true' '"challenge_types_seen":[]'
check "... its test server" "$CERTO" ca one --staging
check_said "... is one" "it is a test CA"
refused 64 "an unknown CA" "there is no CA 'ones'" "$CERTO" ca ones
expect_exit 69 "a CA that is down" "$CERTO" ca away
check "nothing was stored" test ! -e "$CERTO_HOME/accounts"

# ---- in order ----

refused 64 "a real and a test CA" "is a test CA" "$CERTO" issue -d a.example.com "${web[@]}" --server one,trial --agree-tos
refused 64 "two CAs where one is asked" "names several" "$CERTO" order -d a.example.com --server one,two --agree-tos
refused 78 "terms of a CA are settled before the first order" "terms" \
  "$CERTO" issue -d a.example.com "${web[@]}" --server one,two --no-input
check "a certificate with two CAs" "$CERTO" issue -d a.example.com "${web[@]}" --server one,two --agree-tos
check "... from the first" is "$(issued_by a.example.com)" "$first"
check "... an account at both" is "$(ls "$CERTO_HOME/accounts" | wc -l)" 2
check "... remembers them" grep -qF "\"$second\"" <(request a.example.com)
check "info" "$CERTO" info a.example.com
check_said "... shows both" "$first, then $second"
check "the challenge types are known now" "$CERTO" ca one
check_said "... from that order" "dns-01, dns-account-01" "http-01" "your accounts"

fake_start "$TMP/fake" good || exit 1
cat "$PEBBLE_CA" "$FAKE_CA" >"$TMP/both.pem"
profiled=("$CERTO" issue -d p.example.com "${web[@]}" --agree-tos --ca-bundle "$TMP/both.pem")
refused 78 "a profile that the second CA lacks is found at issue" "$first: this CA has no profile 'shortlived'" \
  "${profiled[@]}" --server "$FAKE_DIRECTORY,one" --profile shortlived
check "... before an order" test ! -e "$CERTO_HOME/certs/p.example.com/live"
check "a preferred one may be missing" "${profiled[@]}" --server "one,$FAKE_DIRECTORY" --preferred-profile shortlived

check "the first one is away" end_first
check "a renewal" "$CERTO" renew --force a.example.com --no-input
check_said "... says why the next one is asked" "a.example.com: $first: " "asking the next CA, $second"
check "... is by the second" is "$(issued_by a.example.com)" "$second"
check "... and the list stays" grep -qF "\"directory\": \"$first\"" <(request a.example.com)
check "it is not due again" "$CERTO" renew a.example.com
check_said "... as the second CA says" "not due until"
check "it can be revoked at the CA that issued it" "$CERTO" revoke -d a.example.com --yes

# ---- a CA that limits or refuses ----

fake_start "$TMP/ca" limited-far || exit 1
cat "$PEBBLE_CA" "$FAKE_CA" >"$TMP/both.pem"
export CERTO_CA_BUNDLE=$TMP/both.pem
check "a CA that limits" "$CERTO" issue -d b.example.com "${web[@]}" --server "$FAKE_DIRECTORY,two" --agree-tos
check "... is passed over" is "$(issued_by b.example.com)" "$second"
fake_stop "$TMP/ca" && rm -r "$TMP/ca"
fake_start "$TMP/ca" refused-name || exit 1
cat "$PEBBLE_CA" "$FAKE_CA" >"$TMP/both.pem"
check "a CA that refuses" "$CERTO" issue -d c.example.com "${web[@]}" --server "$FAKE_DIRECTORY,two" --agree-tos
check "... is passed over" is "$(issued_by c.example.com)" "$second"
expect_exit 1 "all refuse" "$CERTO" issue -d blocked.example "${web[@]}" --server "$FAKE_DIRECTORY,two" --agree-tos
check_said "... and each says why" "none of its 2 CAs gave it" "$FAKE_DIRECTORY: " "$second: "
fake_stop "$TMP/ca" && rm -r "$TMP/ca"
fake_start "$TMP/ca" good || exit 1
cat "$PEBBLE_CA" "$FAKE_CA" >"$TMP/both.pem"
before=$(grep -c new-order "$TMP/testbed/log/pebble-nonces")
expect_exit 1 "a DNS program that fails" "$CERTO" issue -d d.example.com --dns exec:/bin/false --server "$FAKE_DIRECTORY,two" --agree-tos
check "... is not tried at the next CA" is "$(grep -c new-order "$TMP/testbed/log/pebble-nonces")" "$before"

# back: the first of c's CAs works again
sed -i "s|\"directory\": \"[^\"]*\"|\"directory\": \"$FAKE_DIRECTORY\"|" "$CERTO_HOME/certs/c.example.com/request.json"
check "a CA that works again" "$CERTO" renew --force c.example.com --agree-tos
check "... issues again" is "$(issued_by c.example.com)" "$FAKE_DIRECTORY"
sed -i "s|\"fallbacks\": \[|&\"${first/127.0.0.1/localhost}\",|" "$CERTO_HOME/certs/c.example.com/request.json"
refused 64 "a test CA that was written into request.json" "is a test CA" "$CERTO" renew --force c.example.com

# ---- defaults ----

check "account default takes several" "$CERTO" account default --server two,away
check "... for the next certificate" "$CERTO" issue -d e.example.com "${web[@]}" --agree-tos
check_said "... and mentions the one that is away" "https://127.0.0.1:1/dir" "there is no account yet"
check "... which is remembered" grep -qF "https://127.0.0.1:1/dir" <(request e.example.com)
check "commands for one CA take the first" "$CERTO" account show
check "CERTO_SERVER" env CERTO_SERVER=away,two "$CERTO" issue -d f.example.com "${web[@]}" --agree-tos
check "... the same" is "$(issued_by f.example.com)" "$second"
check "account default has an inverse" "$CERTO" account default --server ''
check "... which removes the line" test ! -s "$CERTO_HOME/certo.conf"
rm "$CERTO_HOME/certo.conf"

# ---- authorizations ----

export CERTO_SERVER=two
reused() { "$CERTO" order -d "$1" --json | grep -q '"status":"valid"'; }
check "a proof is used again" reused e.example.com
check "account deauthorize" "$CERTO" account deauthorize e.example.com f.example.com
check_said "... says what it did" "e.example.com: deactivated"
expect_exit 1 "... the next order proves it again" reused e.example.com
check "account deauthorize again" "$CERTO" account deauthorize e.example.com
check_said "... finds none" "no valid authorization"
check "--deactivate-authorizations" "$CERTO" issue -d g.example.com "${web[@]}" --deactivate-authorizations
expect_exit 1 "... deactivates them" reused g.example.com
check "... is stored" grep -q '"deactivate_authorizations": true' <(request g.example.com)
check "... a renewal" "$CERTO" renew --force g.example.com
expect_exit 1 "... deactivates them, too" reused g.example.com
check "--keep-authorizations" "$CERTO" issue -d g.example.com "${web[@]}" --keep-authorizations --force
check "... ends it" reused g.example.com
