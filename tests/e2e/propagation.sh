#!/usr/bin/env bash
# dns-01 in a zone with two name servers: certo asks the CA when all of them show the record, and not before.
# ns2 gets a change 6 seconds after ns1. The CA itself queries ns1 only.
TESTBED="bind pebble --pebble-dns bind --bind-lag 6"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
resolver=(--resolver "$BIND_NS1:$BIND_PORT")

# provider NAME SECONDS: a program that changes ns1, and says that its records show within SECONDS.
provider() {
  cat >"$TMP/$1" <<PROVIDER
#!/bin/sh
# Changes the primary, which notifies the secondary.
limit=$2
PROVIDER
  cat >>"$TMP/$1" <<'PROVIDER'
case $1 in
  describe)
    echo '{"certo-dns":1,"settings":["BIND_NS1","BIND_PORT","TSIG_KEYFILE","BIND_TOOLS","BIND_LIBRARIES"],'
    echo "\"propagation\":$limit}"
    exit
    ;;
  present) change="update add $2 5 TXT \"$3\"" ;;
  cleanup) change="update delete $2 TXT \"$3\"" ;;
  *) exit 64 ;;
esac
printf 'server %s %s\n%s\nsend\n' "$BIND_NS1" "$BIND_PORT" "$change" |
  LD_LIBRARY_PATH=$BIND_LIBRARIES "$BIND_TOOLS/nsupdate" -k "$TSIG_KEYFILE"
PROVIDER
  chmod 755 "$TMP/$1"
}
provider patient 60
provider hasty 2
sed '/^printf/,$d' "$TMP/hasty" >"$TMP/idle" # changes nothing
chmod 755 "$TMP/idle"
seen=(--dns-env BIND_NS1 --dns-env BIND_PORT --dns-env TSIG_KEYFILE --dns-env BIND_TOOLS --dns-env BIND_LIBRARIES)
patient=(--dns "exec:$TMP/patient" "${resolver[@]}" "${seen[@]}")
hasty=(--dns "exec:$TMP/hasty" --no-save "${resolver[@]}" "${seen[@]}")

# records ADDRESS NAME: how many TXT records a name server has.
records() {
  DNS_ADDR=$1:$BIND_PORT "$DNS_PROVIDER" list "$2" | wc -l | tr -d ' '
}

# not_asked_for PATTERN: -vv showed no question for such a name to a resolver ("at ADDRESS" follows other names).
not_asked_for() {
  ! grep -Eq "DNS [A-Z]+ $1: " "$TMP/err.last"
}

check "an account" "$CERTO" account new --agree-tos

SECONDS=0
check "wildcard and base, when both name servers show both values" \
  "$CERTO" issue -d certo.test -d '*.certo.test' "${patient[@]}" -vv
took=$SECONDS
check_said "... both were asked" "$BIND_NS1" "$BIND_NS2"
check "... and no resolver, for a record that did not exist yet" not_asked_for '_acme-challenge\.certo\.test'
check "... which took as long as ns2 needs" test "$took" -ge 4 -a "$took" -lt 40
check "... and ns1 no longer has a record" is "$(records "$BIND_NS1" _acme-challenge.certo.test)" 0

# One notification is for all changes before it: the next record must not come to ns2 with the last removal.
ns2_has_none() { [ "$(records "$BIND_NS2" _acme-challenge.certo.test)" = 0 ]; }
check "ns2 hears of the removal" wait_until ns2_has_none
SECONDS=0
refused 69 "ns2 does not show it in time" "ns2.certo.test ($BIND_NS2) has no such record" \
  "$CERTO" issue -d a.certo.test "${hasty[@]}"
took=$SECONDS
check_said "... names the record" "_acme-challenge.a.certo.test"
check "... after the time that the provider names" test "$took" -ge 1 -a "$took" -lt 15
check "... the record is removed again" is "$(records "$BIND_NS1" _acme-challenge.a.certo.test)" 0
check "... nothing is kept" test ! -e "$CERTO_HOME/certs/a.certo.test/live"
refused 69 "a provider that does nothing" "has no such record, and 1 more answer" \
  "$CERTO" issue -d b.certo.test --dns "exec:$TMP/idle" --no-save "${resolver[@]}" "${seen[@]}"

SECONDS=0
check "--propagation none does not wait" "$CERTO" issue -d b.certo.test "${hasty[@]}" --propagation none
check "... really" test "$SECONDS" -lt 5
SECONDS=0
check "--propagation wait=1 waits that long" "$CERTO" issue -d c.certo.test "${hasty[@]}" --propagation wait=1
check "... really" test "$SECONDS" -ge 1 -a "$SECONDS" -lt 6
check "... and it is kept for renewal" "$CERTO" renew --force c.certo.test
for policy in wait=-1 wait=x wait=999999 never; do
  refused 64 "--propagation $policy" "$policy" "$CERTO" issue -d d.certo.test "${hasty[@]}" --propagation "$policy"
done
refused 64 "--resolver that is no address" "nonsense" \
  "$CERTO" issue -d d.certo.test --dns "exec:$TMP/hasty" "${seen[@]}" --resolver nonsense:x
check "a CNAME is followed to the zone that holds the records" \
  "$CERTO" issue -d alias.certo.test "${patient[@]}" --propagation none -vv
check_said "... which -vv shows" "_acme-challenge.target.certo.test"
SECONDS=0
refused 1 "CNAMEs that lead in a circle" "its CNAMEs lead in a circle" \
  "$CERTO" issue -d circle.certo.test "${patient[@]}"
check "... at once" test "$SECONDS" -lt 10
check "a record in a zone of its own, which the same servers hold" \
  "$CERTO" issue -d own.certo.test "${hasty[@]}"
expect_exit 1 "a name that the provider must not change" "$CERTO" issue -d nobody.certo.test "${hasty[@]}"
check_said "... in the program's words" "present _acme-challenge.nobody.certo.test: update failed: REFUSED"

# ---- a resolver that does not answer; a name server that has gone ----

SECONDS=0
check "a resolver that does not answer does not stop it: the CA decides" \
  "$CERTO" issue -d d.certo.test --dns "exec:$TMP/hasty" "${seen[@]}" --resolver 127.0.0.1:1
check_said "... with a warning" "the CA is asked all the same"
check "... does not delay for long" test "$SECONDS" -lt 30
read -r pid _ <"$TMP/testbed/pid/bind-ns2"
kill "$pid"
SECONDS=0
check "a name server that is down does not delay" "$CERTO" issue -d d.certo.test "${hasty[@]}"
check "... really" test "$SECONDS" -lt 15
check "no record is left" is "$(records "$BIND_NS1" _acme-challenge.d.certo.test)" 0
