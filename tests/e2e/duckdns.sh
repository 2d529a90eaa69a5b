#!/usr/bin/env bash
# dns-01 at a service that holds one value at a time: apex and wildcard are validated one after the other.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
certs=$CERTO_HOME/certs
duck=$TMP/duck
mkdir "$duck"
python3 "$SOURCE/tests/fake/duckdns.py" --dir "$duck" --token right me >"$duck/log" 2>&1 </dev/null &
printf '%s\n' "$!" >"$duck/pid"
lib_fakes="$lib_fakes $duck"
wait_until test -e "$duck/env" || exit 1
set -a
# shellcheck disable=SC1091
. "$duck/env"
set +a

# issue OPTION...: me.duckdns.org and all below it.
issue() {
  "$CERTO" issue -d me.duckdns.org -d '*.me.duckdns.org' --dns duckdns --resolver "$DNS_ADDR" "$@"
}

# made NUMBER PATTERN: so many lines of the service's changes match.
made() {
  is "$(grep -cx "$2" "$duck/changes" 2>/dev/null)" "$1"
}

nothing_is_journalled() {
  is "$(find "$CERTO_HOME/presented" -mindepth 1 2>/dev/null)" ""
}

check "an account" "$CERTO" account new --agree-tos

export DUCKDNS_TOKEN=wrong
refused 78 "a wrong token is one sentence and one hint" "duckdns: DuckDNS refused: me.duckdns.org" issue
check "... no journal is left" nothing_is_journalled
check "... nothing was changed" test ! -e "$duck/changes"

export DUCKDNS_TOKEN=right
check "apex and wildcard in one certificate" issue
check "... for both names" is "$(names_in "$certs/me.duckdns.org/live/cert.pem")" "*.me.duckdns.org me.duckdns.org"
check "... two values, one after the other" made 2 'me [A-Za-z0-9_-]*'
check "... and each was removed" made 2 me
check "... before the next was added" is "$(sed 's/ .*/ value/' "$duck/changes" | tr '\n' ',')" \
  "me value,me,me value,me,"
check "... no journal is left" nothing_is_journalled
check "... no record is left" is "$(dns_txt_count _acme-challenge.me.duckdns.org)" 0

unset DUCKDNS_TOKEN
check "renewal does the same, with the settings that were kept" "$CERTO" renew --force me.duckdns.org
check "... no record is left" is "$(dns_txt_count _acme-challenge.me.duckdns.org)" 0
check "... no journal is left" nothing_is_journalled
