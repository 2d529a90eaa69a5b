#!/usr/bin/env bash
# dns-01 by the built-in provider for dynamic updates: certo changes real zones in BIND and Knot, and pebble reads the
# slower of the two. Nothing in between is faked. ns2 gets a change 2 seconds after ns1.
TESTBED="bind pebble --pebble-dns knot --bind-lag 4"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
resolver=(--resolver "$BIND_NS1:$BIND_PORT")
ns1=$BIND_NS1:$BIND_PORT ns2=$BIND_NS2:$BIND_PORT
kept=$CERTO_HOME/credentials/dnsupdate

issue() {
  "$CERTO" issue --dns dnsupdate "${resolver[@]}" "$@"
}

# put SERVER NAME VALUE: adds a foreign TXT value.
put() {
  printf 'server %s %s\nupdate add %s 5 TXT "%s"\nsend\n' "${1%:*}" "${1#*:}" "$2" "$3" |
    bind_tool nsupdate -k "$TSIG_KEYFILE"
}

# serial SERVER ZONE: it grows by one with each UPDATE message that changes something.
serial() {
  bind_tool dig +short -p "${1#*:}" "@${1%:*}" "$2" SOA | cut -d' ' -f3
}

has_value() {
  [ -n "$(txt_values "$ns1" "$1")" ]
}

check "an account" "$CERTO" account new --agree-tos

refused 78 "without settings" "dnsupdate: DNSUPDATE_NAMESERVER is not set" issue -d certo.test

# ---- wildcard and apex, next to a foreign value ----

export DNSUPDATE_NAMESERVER=$ns1 DNSUPDATE_TSIG_KEY=$TSIG_NAME DNSUPDATE_TSIG_SECRET=$TSIG_SECRET \
  DNSUPDATE_TSIG_ALGORITHM=$TSIG_ALGORITHM
check "a foreign value" put "$ns1" _acme-challenge.certo.test foreign
before=$(serial "$ns1" certo.test)
SECONDS=0
check "wildcard and apex in one certificate" issue -d certo.test -d '*.certo.test' -vv
took=$SECONDS
check_said "... both name servers were asked" \
  "TXT _acme-challenge.certo.test at $ns1" "TXT _acme-challenge.certo.test at $ns2"
check "... which took as long as the slower one needs" test "$took" -ge 1 -a "$took" -lt 30
check "... for both names" is "$(names_in "$CERTO_HOME/certs/certo.test/live/cert.pem")" "*.certo.test certo.test"
check "... one UPDATE adds both values, one removes them" is "$(($(serial "$ns1" certo.test) - before))" 2
check "... the foreign value is still there, and ours are gone" \
  is "$(txt_values "$ns1" _acme-challenge.certo.test)" foreign
check "... the settings are kept, 0600" is "$(stat -c %a "$kept")" 600
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown, not even by -vv" \
  sh -c '! grep -qF "$0" "$1" "$2"' "$TSIG_SECRET" "$TMP/out.last" "$TMP/err.last"
expect_exit 1 "without the wait, the CA refuses" issue -d d.certo.test --propagation none
check "... the record is removed again" is "$(txt_values "$ns1" _acme-challenge.d.certo.test)" ""

names=()
for i in {1..20}; do names+=(-d "n$i.certo.test"); done
before=$(serial "$ns1" certo.test)
check "twenty names of one zone" issue "${names[@]}"
check "... are two UPDATEs" is "$(($(serial "$ns1" certo.test) - before))" 2
check "a CNAME is followed to the name that holds the values" issue -d alias.certo.test

unset DNSUPDATE_NAMESERVER DNSUPDATE_TSIG_KEY DNSUPDATE_TSIG_SECRET DNSUPDATE_TSIG_ALGORITHM
check "renewal needs no environment" "$CERTO" renew --force certo.test
check "... and leaves no value of ours" is "$(txt_values "$ns1" _acme-challenge.certo.test)" foreign

# ---- dns-persist-01: the record stays, and the CA reads it here ----

persist() { "$CERTO" persist --dns dnsupdate "${resolver[@]}" "$@"; }
record_of() { txt_values "$ns1" "_validation-persist.$1"; }
check "a foreign value at the record's name" put "$ns1" _validation-persist.a.certo.test foreign
check "certo persist publishes the record" persist -d a.certo.test -d d.certo.test
persistent=$(record_of d.certo.test)
check "... next to the foreign value" is "$(record_of a.certo.test | wc -w)" "$(($(wc -w <<<"$persistent") + 1))"
check "the CA accepts it" "$CERTO" issue --cert-name persist -d a.certo.test -d d.certo.test --dns-persist "${resolver[@]}"
check "... and it stays" is "$(record_of d.certo.test)" "$persistent"
check "one that ends, for the wildcard" persist -d d.certo.test --wildcard --until 400d
check_said "... takes the place of the first" "removed, the new one replaces it"
check "... and is the only one" \
  is "$(record_of d.certo.test | sed 's/[0-9]*$/T/')" "$persistent; policy=wildcard; persistUntil=T"
check "the CA accepts it, too" "$CERTO" issue --cert-name wild -d '*.d.certo.test' --dns-persist "${resolver[@]}"
check "--remove removes both" persist -d a.certo.test -d d.certo.test --remove
check "... and nothing else" is "$(record_of a.certo.test)$(record_of d.certo.test)" foreign

# ---- other clients' names ----

rm "$kept"
check "acme.sh's settings, with a key file" env NSUPDATE_SERVER="$BIND_NS1" NSUPDATE_SERVER_PORT="$BIND_PORT" \
  NSUPDATE_KEY="$TSIG_KEYFILE" "$CERTO" issue -d a.certo.test --dns dns_nsupdate --no-save "${resolver[@]}"
check "... nothing is kept" test ! -e "$kept"

# ---- Knot is the primary of its own zone; lego's settings ----

export RFC2136_NAMESERVER=$ns2 RFC2136_TSIG_KEY=$TSIG_NAME. RFC2136_TSIG_SECRET=$TSIG_SECRET \
  RFC2136_TSIG_ALGORITHM=$TSIG_ALGORITHM.
check "a foreign value in Knot" put "$ns2" _acme-challenge.knot.test foreign
before=$(serial "$ns2" knot.test)
check "wildcard and apex in Knot's zone" \
  "$CERTO" issue -d knot.test -d '*.knot.test' --dns rfc2136 --no-save --resolver "$ns2"
check "... are two UPDATEs" is "$(($(serial "$ns2" knot.test) - before))" 2
check "... and the foreign value stays" is "$(txt_values "$ns2" _acme-challenge.knot.test)" foreign
unset RFC2136_NAMESERVER RFC2136_TSIG_KEY RFC2136_TSIG_SECRET RFC2136_TSIG_ALGORITHM

# ---- what a server refuses ----

export DNSUPDATE_NAMESERVER=$ns1 DNSUPDATE_TSIG_KEY=$TSIG_NAME DNSUPDATE_TSIG_SECRET=$TSIG_SECRET
before=$(serial "$ns1" certo.test)
refused 78 "a wrong secret" "secret" env DNSUPDATE_TSIG_SECRET=AAAA "$CERTO" issue -d b.certo.test --dns dnsupdate \
  "${resolver[@]}"
refused 78 "a key that the server does not know" "BADKEY" env DNSUPDATE_TSIG_KEY=other-key \
  "$CERTO" issue -d b.certo.test --dns dnsupdate "${resolver[@]}"
refused 78 "another algorithm than the key's" "hmac-sha512" env DNSUPDATE_TSIG_ALGORITHM=hmac-sha512 \
  "$CERTO" issue -d b.certo.test --dns dnsupdate "${resolver[@]}"
refused 78 "no key, and a server that requires one" "_acme-challenge.b.certo.test" \
  env -u DNSUPDATE_TSIG_KEY -u DNSUPDATE_TSIG_SECRET "$CERTO" issue -d b.certo.test --dns dnsupdate "${resolver[@]}"
check "... none of them is kept" test ! -e "$kept"
refused 78 "a name that the server's policy does not give to the key" "_acme-challenge.nobody.certo.test" \
  issue -d nobody.certo.test
refused 1 "a zone that the server does not have" "no zone for _acme-challenge.elsewhere.test" issue -d elsewhere.test
refused 69 "a server that does not run" "127.0.0.1:1" env DNSUPDATE_NAMESERVER=127.0.0.1:1 \
  "$CERTO" issue -d b.certo.test --dns dnsupdate "${resolver[@]}"
check "... nothing was changed" is "$(serial "$ns1" certo.test)" "$before"

# ---- a run that is killed ----

"$CERTO" issue -d b.certo.test --dns dnsupdate "${resolver[@]}" --propagation wait=60 >"$TMP/out" 2>"$TMP/err" &
pid=$!
check "a run that is killed leaves its record" wait_until has_value _acme-challenge.b.certo.test
kill -9 "$pid"
wait "$pid" 2>/dev/null
check "the next run removes it" issue -d c.certo.test
check "... really" is "$(txt_values "$ns1" _acme-challenge.b.certo.test)" ""
