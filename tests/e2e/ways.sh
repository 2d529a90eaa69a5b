#!/usr/bin/env bash
# Several ways in one certificate: each name is proven its own way, when it is issued and when it is renewed, and
# nothing is left when one of them fails.
TESTBED="pebble challtestsrv nginx"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
entry=$CERTO_HOME/certs/a.ways.example.com
second=$TMP/certo-dns-second
log=$TMP/second.log
pebble_root 0 >"$TMP/root.pem"
set_a b.ways.example.com 127.0.0.2 # where nginx serves $WEBROOT

# A second DNS service, which logs its calls, and can be out of order or kill its caller.
cat >"$second" <<SCRIPT
#!/bin/sh
[ "\$1" != describe ] || exit 64
echo "\$1 \$2" >>"$log"
[ "\$1" != present ] || [ ! -e "$TMP/deadly" ] || kill -9 \$PPID
[ "\$1" != present ] || [ ! -e "$TMP/broken" ] || { echo "out of order" >&2; exit 1; }
exec "$DNS_PROVIDER" "\$@"
SCRIPT
chmod 755 "$second"
ways=(-d a.ways.example.com -d '*.a.ways.example.com' --dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR -d b.ways.example.com --webroot "$WEBROOT"
  -d c.ways.example.com --dns "exec:$second" -d d.ways.example.com --standalone -d e.ways.example.com
  --listen "127.0.0.1:$PEBBLE_HTTP_PORT" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
names='*.a.ways.example.com a.ways.example.com b.ways.example.com c.ways.example.com d.ways.example.com e.ways.example.com'

issue() {
  "$CERTO" issue --agree-tos "$@"
}

good() {
  signed_by "$TMP/root.pem" "$entry/live/fullchain.pem" && same_key "$entry/live/key.pem" "$entry/live/cert.pem" &&
    is "$(names_in "$entry/live/cert.pem")" "$1"
}

# Neither a record nor a file nor a journal.
tidy() {
  local name
  for name in a c p r; do is "$(dns_txt_count "_acme-challenge.$name.ways.example.com")" 0 || return 1; done
  is "$(find "$WEBROOT" -mindepth 1)" "" && is "$(find "$CERTO_HOME/presented" -mindepth 1)" ""
}

asked_second() {
  tr '\n' ' ' <"$log"
  : >"$log"
}

# ---- issue and renew ----

check "two DNS services, a webroot and certo's own server in one certificate" issue "${ways[@]}"
check "... it is for all names" good "$names"
check "... each service got its own names" \
  is "$(asked_second)" "present _acme-challenge.c.ways.example.com cleanup _acme-challenge.c.ways.example.com "
check "... nothing is left" tidy
check "info shows the ways" "$CERTO" info a.ways.example.com
check_said "... and their names" "webroot $WEBROOT: b.ways.example.com" \
  "dns exec:$DNS_PROVIDER: a.ways.example.com, *.a.ways.example.com" "standalone 127.0.0.1:$PEBBLE_HTTP_PORT: the other names"
check "info --json has the request" "$CERTO" info a.ways.example.com --json
check_said "... with the ways" '"ways":[{"identifiers":["a.ways.example.com","*.a.ways.example.com"],"method":"dns"'
check "the same command again has nothing to do" issue "${ways[@]}"
check_said "... and says so" "nothing to do"
live=$(readlink "$entry/live")
check "an account that has proven nothing" new_account
check "renew" "$CERTO" renew --force a.ways.example.com
check "... makes another one" test "$(readlink "$entry/live")" != "$live"
check "... for all names" good "$names"
check "... by the same ways" \
  is "$(asked_second)" "present _acme-challenge.c.ways.example.com cleanup _acme-challenge.c.ways.example.com "
check "... and leaves nothing" tidy

# ---- other settings ----

live=$(readlink "$entry/live")
check "a name that is proven in another way" issue -d a.ways.example.com -d '*.a.ways.example.com' -d c.ways.example.com \
  --dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR -d b.ways.example.com --webroot "$WEBROOT" --resolver "$DNS_ADDR" \
  --dns-env CHALLTESTSRV --dns-env DNS_ADDR --yes
check "... is a new certificate" test "$(readlink "$entry/live")" != "$live"
check "... without the names that were left out" good '*.a.ways.example.com a.ways.example.com b.ways.example.com c.ways.example.com'
check "... proven the new way" is "$(asked_second)" ""
check "fewer names keep their ways" issue --force --yes -d a.ways.example.com -d b.ways.example.com
check "... and are proven by them" good 'a.ways.example.com b.ways.example.com'
check "... and only these are stored" "$CERTO" info a.ways.example.com --json
check_said "... of them" '"ways":[{"identifiers":["a.ways.example.com"],"method":"dns"' '"way":{"method":"webroot"'
sed -i '/"a.ways.example.com"/s/a\.ways/x.ways/2g;/"ways": \[/,$s/"a\.ways/"x.ways/' "$entry/request.json"
refused 65 "a name in request.json that the certificate is not for" "x.ways.example.com is not in" \
  "$CERTO" renew --force a.ways.example.com
sed -i 's/"x\.ways/"a.ways/' "$entry/request.json"
check "the original request.json" "$CERTO" renew --force a.ways.example.com

# ---- what fails ----

check "another one" new_account
touch "$TMP/broken"
expect_exit 1 "a way that fails" issue "${ways[@]}" --force
check_said "... says so" "_acme-challenge.c.ways.example.com: out of order"
check "... removes the records of the others" tidy
rm "$TMP/broken"
check "... and works when it is fixed" issue "${ways[@]}"
check "... for all names" good "$names"
check "... leaving nothing" tidy
check "yet another one" new_account
touch "$TMP/deadly"
: >"$log"
expect_exit 137 "a run that is killed in its second way" issue "${ways[@]}" --force
rm "$TMP/deadly"
check "... leaves its order" test -s "$entry/next/order.json"
check "... and the records that it added" is "$(dns_txt_count _acme-challenge.a.ways.example.com)" 2
orders=$(grep -c order-plz "$TMP/testbed/log/pebble")
: >"$log"
check "the same again" issue "${ways[@]}" --force
check "... is for all names" good "$names"
check "... opens no second order" is "$(grep -c order-plz "$TMP/testbed/log/pebble")" "$orders"
check "... removes everything" tidy
check "... by both services, equal records once" is "$(asked_second)" "present _acme-challenge.c.ways.example.com \
cleanup _acme-challenge.c.ways.example.com "
refused 64 "two ways for the same names" "exclude each other" issue -d f.example.com --dns x --webroot "$WEBROOT"
refused 64 "a way without a name before it" "before --webroot" issue --webroot "$WEBROOT" -d f.example.com --standalone
refused 64 "a wildcard by a file" "*.f.example.com is a wildcard" \
  issue -d '*.f.example.com' --webroot "$WEBROOT" -d f.example.com --dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR

# ---- pipes ----

"$CERTO" keygen -o "$TMP/pipe.key"
"$CERTO" csr --key "$TMP/pipe.key" -d a.ways.example.com -d b.ways.example.com -o "$TMP/pipe.csr"
"$CERTO" order <"$TMP/pipe.csr" >"$TMP/order.json"
refused 64 "a name that the order is not for" "not for c.ways.example.com" \
  "$CERTO" solve -d c.ways.example.com --standalone -d b.ways.example.com --webroot "$WEBROOT" "$TMP/order.json"
check "solve by two ways" "$CERTO" solve -d b.ways.example.com --webroot "$WEBROOT" -d a.ways.example.com \
  --dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR "$TMP/order.json"
check_said "... makes the order ready" '"status":"ready"'
check "... leaving nothing" tidy

# Names that were not proven before: the CA may call those valid at once, and then there is nothing to present.
"$CERTO" csr --key "$TMP/pipe.key" -d p.ways.example.com -d '*.p.ways.example.com' -d b.ways.example.com \
  -d r.ways.example.com -o "$TMP/split.csr"
"$CERTO" order <"$TMP/split.csr" >"$TMP/split.json"
split=(-d b.ways.example.com --webroot "$WEBROOT" -d r.ways.example.com --dns "exec:$second" -d p.ways.example.com
  -d '*.p.ways.example.com' --dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
: >"$log"
check "present by two DNS services" "$CERTO" present "${split[@]}" "$TMP/split.json"
check "... gives each its own records" is "$(asked_second)" "present _acme-challenge.r.ways.example.com "
check "... which exist" is "$(dns_txt_count _acme-challenge.r.ways.example.com)" 1
check "... and the others too" is "$(dns_txt_count _acme-challenge.p.ways.example.com)" 2
check "solve --no-present waits for them, and does the rest itself" "$CERTO" solve --no-present "${split[@]}" "$TMP/split.json"
check_said "... the order is ready" '"status":"ready"'
check "cleanup" "$CERTO" cleanup "${split[@]}" "$TMP/split.json"
check "... removes everything" tidy
check "... each by its own" is "$(asked_second)" "cleanup _acme-challenge.r.ways.example.com "
refused 64 "present without a DNS service" "the DNS service is missing" "$CERTO" present --webroot "$WEBROOT" "$TMP/split.json"
refused 64 "... and for a name that the order is not for" "not for d.ways.example.com" \
  "$CERTO" present -d d.ways.example.com --dns x -d p.ways.example.com --dns y "$TMP/split.json"
