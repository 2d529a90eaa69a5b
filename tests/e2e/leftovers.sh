#!/usr/bin/env bash
# Records of a dead run that cannot be removed: they do not delay the requested work, certo waits
# longer after each failure, and `certo cleanup --forget` ends it.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)

# service NAME: a DNS service that logs its calls. While the file deadly exists, it kills certo after it added a record;
# while NAME.broken exists, it fails to remove one; while NAME.hang exists as well, it hangs instead.
service() {
  cat >"$TMP/$1" <<SCRIPT
#!/bin/sh
[ "\$1" != describe ] || exit 64
echo "\$1" >>"$TMP/$1.log"
[ "\$1" != cleanup ] || [ ! -e "$TMP/$1.broken" ] || { echo "service unavailable" >&2; exit 1; }
[ "\$1" != cleanup ] || [ ! -e "$TMP/$1.hang" ] || exec sleep 300
"$DNS_PROVIDER" "\$@" || exit
[ "\$1" != present ] || [ ! -e "$TMP/deadly" ] || kill -9 \$PPID
SCRIPT
  chmod 755 "$TMP/$1"
}

issue() {
  "$CERTO" issue --agree-tos "$@"
}

# leave NAME SERVICE: a run that dies and leaves a record of NAME.
leave() {
  touch "$TMP/deadly"
  expect_exit 137 "a run for $1 dies after it has added its record" issue -d "$1" --dns "exec:$TMP/$2" --resolver "$DNS_ADDR" \
    --dns-env CHALLTESTSRV --dns-env DNS_ADDR
  rm "$TMP/deadly"
  : >"$TMP/$2.log"
}

calls() {
  wc -l <"$TMP/$1.log" | tr -d ' '
}

journals() {
  find "$CERTO_HOME/presented" -name '*.json' | wc -l | tr -d ' '
}

# due: ends the pause after the last failure.
due() {
  sed -i 's/"retry_at": "20/"retry_at": "19/' "$CERTO_HOME"/presented/*.json
}

# took SECONDS COMMAND...: succeeds in less time.
took() {
  local limit=$1 begin=$SECONDS
  shift
  "$@" && [ $((SECONDS - begin)) -lt "$limit" ]
}

says_nothing() {
  [ -z "$("$@" 2>&1)" ]
}

service one
service two

leave one.example.com one
touch "$TMP/one.broken"
check "a service that fails does not delay another certificate" issue -d a.example.com "${dns[@]}"
check_said "... it is reported, with the command that ends it" "_acme-challenge.one.example.com: could not be removed" \
  "service unavailable" "certo cleanup --forget _acme-challenge.one.example.com"
check "... it was tried once" is "$(calls one)" 1
check "the next command" "$CERTO" cron
check "... does not try again" is "$(calls one)" 1
check "... and does not warn" says_nothing "$CERTO" cron
due
check "after the pause" "$CERTO" cron
check_said "... it is tried again, and the pause has grown" "tries again after 20 min"
check "... once" is "$(calls one)" 2

leave two.example.com two
due
rm "$TMP/one.broken"
touch "$TMP/one.hang" "$TMP/two.hang"
check "two services that hang do not delay beyond the deadline" took 40 "$CERTO" cron --deadline 10
check "... both were tried" is "$(calls one) $(calls two)" "3 1"
rm "$TMP/one.hang" "$TMP/two.hang"

check "a person gives up one" "$CERTO" cleanup --forget _acme-challenge.one.example.com
check "... its journal is gone" is "$(journals)" 1
due
check "the other one is removed when its service works again" "$CERTO" cron
check "... its record is gone" is "$(dns_txt_count _acme-challenge.two.example.com)" 0
check "... and its journal" is "$(journals)" 0
refused 66 "to forget a name that does not exist" "no earlier run has left" "$CERTO" cleanup --forget _acme-challenge.one.example.com
refused 64 "--forget with a DNS service" "--forget" "$CERTO" cleanup --forget x --dns x

printf '#!/no/such/interpreter\n' >"$TMP/broken-program"
chmod 755 "$TMP/broken-program"
refused 78 "a program that cannot be started" "broken-program" issue -d c.example.com --dns "exec:$TMP/broken-program"
check "... leaves no journal" is "$(journals)" 0
