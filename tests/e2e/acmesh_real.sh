#!/usr/bin/env bash
# Scripts of acme.sh, unchanged, change real name servers, and pebble reads those: dns_nsupdate changes BIND, dns_knot
# changes Knot. Two values at one name, and a renewal in an empty environment.
TESTBED="bind pebble --pebble-dns knot"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

depot=${TESTBED_DEPOT:-$SOURCE/build/testbed}
"$SOURCE/scripts/testbed.sh" fetch acmesh >&2 || exit 1
export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
ns1=$BIND_NS1:$BIND_PORT ns2=$BIND_NS2:$BIND_PORT

# The tools as programs on PATH.
mkdir "$TMP/bin"
knot_tools=$depot/knot-tools/usr
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/nsupdate "$@"\n' "$BIND_LIBRARIES" "$BIND_TOOLS" >"$TMP/bin/nsupdate"
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/bin/knsupdate "$@"\n' \
  "$(echo "$knot_tools"/lib/*-linux-gnu):$(echo "$depot"/knot/usr/lib/*-linux-gnu)" "$knot_tools" >"$TMP/bin/knsupdate"
chmod 755 "$TMP/bin"/*
export PATH=$TMP/bin:$PATH

mkdir -p "$HOME/.acme.sh"
cp -R "$depot/acmesh/usr/share/acme.sh/dnsapi" "$HOME/.acme.sh/dnsapi"
chmod -R go-w "$HOME/.acme.sh"

in_empty_environment() {
  env -i PATH="$PATH" HOME="$HOME" "$CERTO" --home "$CERTO_HOME" "$@"
}

check "an account" "$CERTO" account new --agree-tos

# ---- dns_nsupdate ----

expect_exit 78 "a script without settings fails" "$CERTO" issue -d certo.test --dns acmesh:dns_nsupdate --resolver "$ns1"
check_said "... and the hint leads to them" "certo providers acmesh:dns_nsupdate"
export NSUPDATE_SERVER=$BIND_NS1 NSUPDATE_SERVER_PORT=$BIND_PORT NSUPDATE_KEY=$TSIG_KEYFILE
check "wildcard and apex by dns_nsupdate: two values at one name" \
  "$CERTO" issue -d certo.test -d '*.certo.test' --dns acmesh:dns_nsupdate --resolver "$ns1" -vv
check "... for both names" is "$(names_in "$CERTO_HOME/certs/certo.test/live/cert.pem")" "*.certo.test certo.test"
check "... and removes them" is "$(txt_values "$ns1" _acme-challenge.certo.test)" ""
check "... the settings are kept, mode 600" is "$(stat -c %a "$CERTO_HOME/credentials/acmesh-dns_nsupdate")" 600
check "... by the name that acme.sh gives them" \
  grep -q '^SAVED_NSUPDATE_SERVER=' "$CERTO_HOME/credentials/acmesh-dns_nsupdate"
unset NSUPDATE_SERVER NSUPDATE_SERVER_PORT NSUPDATE_KEY
check "a renewal in an empty environment" in_empty_environment renew --force certo.test

# ---- dns_knot ----

export KNOT_SERVER="$BIND_NS2 $BIND_PORT" KNOT_KEY="$TSIG_ALGORITHM:$TSIG_NAME $TSIG_SECRET"
check "wildcard and apex by dns_knot" \
  "$CERTO" issue -d knot.test -d '*.knot.test' --dns dns_knot --resolver "$ns2" --resolver "$ns1" -vv
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown" sh -c '! grep -qF "$0" "$1" "$2"' "$TSIG_SECRET" "$TMP/out" "$TMP/err"
check "... and removes them" is "$(txt_values "$ns2" _acme-challenge.knot.test)" ""
unset KNOT_SERVER KNOT_KEY
check "a renewal by dns_knot in an empty environment" in_empty_environment renew --force knot.test

# ---- what can be wrong ----

mkdir -p "$CERTO_HOME/providers"
script() {
  printf '%s\n' "dns_bad_info='Bad" "Options:" " BAD_Token A token" "'" "dns_bad_add() {" "$1" "}" "dns_bad_rm() {" "return 0" "}" \
    >"$CERTO_HOME/providers/dns_bad.sh"
  chmod 644 "$CERTO_HOME/providers/dns_bad.sh"
}
bad() {
  BAD_Token=secret-of-the-test "$CERTO" issue -d bad.certo.test --dns dns_bad --resolver "$ns1" -f "$@"
}
script "_no_such_helper x || return 1"
expect_exit 78 "a helper that nobody knows" bad
check_said "... is named" "dns_bad: add _acme-challenge.bad.certo.test: it calls _no_such_helper"
script "no-such-jq . || return 1"
expect_exit 78 "a program that is missing" bad
check_said "... is named" "it needs the program no-such-jq" "install no-such-jq"
script '_err "refused: $BAD_Token"; return 1'
expect_exit 1 "a script that prints its secret" bad
check_said "... is masked" "dns_bad: add _acme-challenge.bad.certo.test: refused: ***"
script "_sleep 90000"
expect_exit 69 "a script that sleeps too long" bad
check_said "... is told" "it wants to wait for 90000 s"
script 'HTTPS_INSECURE=1; _get "https://${PEBBLE_MGMT#https://}/roots/0" || return 1'
expect_exit 1 "a server that nobody vouches for" bad --dns-env PEBBLE_MGMT
check_said "... is refused, whatever the script says" "HTTPS_INSECURE is not obeyed: put the root certificate of the server into a file"
script 'response=$(_get "$PEBBLE_MGMT/roots/0") && _err "$(echo "$response" | head -n 1)"; return 1'
expect_exit 1 "its root in CA_BUNDLE" env CA_BUNDLE="$PEBBLE_CA" BAD_Token=x "$CERTO" issue -d bad.certo.test --dns dns_bad \
  --resolver "$ns1" -f --dns-env PEBBLE_MGMT
check_said "... makes it work" "BEGIN CERTIFICATE"
chmod 666 "$CERTO_HOME/providers/dns_bad.sh"
refused 78 "a script that others can change" "dns_bad.sh" bad
chmod 644 "$CERTO_HOME/providers/dns_bad.sh"
check "certo providers shows a script's settings" "$CERTO" providers dns_bad
check_said "... by its own words" "Bad: --dns dns_bad" "BAD_Token (needed)" "A token"
refused 78 "a script that is nowhere" "no script dns_nowhere.sh of acme.sh" \
  "$CERTO" issue -d bad.certo.test --dns dns_nowhere --resolver "$ns1" -f
