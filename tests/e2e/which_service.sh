#!/usr/bin/env bash
# --dns auto: the name servers of a zone in BIND tell the service. BIND's own servers stand for a service that recipes
# describe; records that are not TXT are written there, too.
TESTBED="bind pebble --pebble-dns bind"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
ns1=$BIND_NS1:$BIND_PORT
resolver=(--resolver "$ns1")
dnsupdate=(DNSUPDATE_NAMESERVER="$ns1" DNSUPDATE_TSIG_KEY="$TSIG_NAME" DNSUPDATE_TSIG_SECRET="$TSIG_SECRET"
  DNSUPDATE_TSIG_ALGORITHM="$TSIG_ALGORITHM")

# recipe NAME PATTERN...: a service with these name servers.
recipe() {
  local name=$1
  shift
  cat > "$CERTO_HOME/providers/$name.json" << END
{"recipe": 2, "name": "$name", "title": "The service $name", "docs": "https://$name.example/docs",
 "base_url": "https://127.0.0.1:1", "name_servers": [$(printf '"%s", ' "$@" | sed 's/, $//')],
 "settings": [{"name": "${name^^}_TOKEN", "about": "a token: https://$name.example/tokens"}],
 "auth": [{"headers": {"Token": "{${name^^}_TOKEN}"}}], "zone": {"find": "soa"},
 "records": {"mode": "append", "add": {"method": "POST", "url": "/{zone}/{sub}", "json": {"value": "{value}"}},
  "remove": {"method": "DELETE", "url": "/{zone}/{sub}/{value}"}}}
END
}

check "an account" "$CERTO" account new --agree-tos
mkdir -p "$CERTO_HOME/providers"
chmod 755 "$CERTO_HOME/providers"
servers=$(bind_tool dig +short -p "${ns1#*:}" "@${ns1%:*}" certo.test NS | sed 's/\.$//')

refused 78 "name servers that nobody knows are named" "does not know the service of its name servers" \
  "$CERTO" issue -d certo.test --dns auto "${resolver[@]}"
check_said "... all of them" "$(head -1 <<< "$servers")"
refused 78 "a name without a zone" "DNS shows no zone for it" \
  "$CERTO" issue -d no-such.invalid --dns auto "${resolver[@]}"

recipe first "$(sed 1q <<< "$servers")" "$(sed -n 2p <<< "$servers")"
refused 78 "a service without settings says what to set" "it is at The service first (--dns first)" \
  "$CERTO" issue -d certo.test --dns auto "${resolver[@]}"
check_said "... and where" "FIRST_TOKEN is a token: https://first.example/tokens"
recipe second '*.certo.test'
export FIRST_TOKEN=secret1 SECOND_TOKEN=secret2
refused 64 "two candidates are named" "The service first (--dns first) and The service second (--dns second)" \
  "$CERTO" issue -d certo.test --dns auto "${resolver[@]}" --no-input
check "... nothing is stored" test ! -e "$CERTO_HOME/certs/certo.test"
recipe first "$(sed 1q <<< "$servers")"
recipe second "$(sed -n 2p <<< "$servers")"
refused 64 "a zone at two services" "its zone certo.test is at The service first (--dns first) and The service second" \
  "$CERTO" issue -d certo.test --dns auto "${resolver[@]}"
check "providers for NAME shows the same" "$CERTO" providers for certo.test "${resolver[@]}"
check_said "... the zone" "certo.test"
check "... as JSON" "$CERTO" providers for certo.test "${resolver[@]}" --json
check "... with both" python3 -c '
import json, sys
seen = json.load(open(sys.argv[1]))
assert seen["zone"] == "certo.test" and [one["name"] for one in seen["providers"]] == ["first", "second"], seen
assert not any(one["all_servers"] for one in seen["providers"])' "$TMP/out"
check "--dns-zone names the zone that counts" "$CERTO" providers for else.where.invalid --dns-zone certo.test "${resolver[@]}"
check_said "... as it does for an order" "The service second"
inside=(unshare -m)
[ "$(id -u)" = 0 ] || inside=(unshare -rm)
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' > "$TMP/resolv.conf"
refused 69 "a resolver that does not answer" "127.0.0.1:1 and the resolvers in /etc/resolv.conf do not answer" "${inside[@]}" \
  sh -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$TMP/resolv.conf" "$CERTO" providers for certo.test --resolver 127.0.0.1:1
expect_exit 64 "a way that cannot be chosen by it" "$CERTO" providers for certo.test --webroot "$TMP"
for words in "search first --webroot $TMP" "guide --resolver 192.0.2.1" "cloudflare -d certo.test" "--dns cloudflare"; do
  # shellcheck disable=SC2086 # words
  expect_exit 64 "an option without a use: providers $words" "$CERTO" providers $words
done
expect_exit 64 "an import does not guess" "$CERTO" import --from lego "$TMP" --dns auto

# ---- the service is known, and its settings are given: the certificate, and its renewal ----

rm "$CERTO_HOME/providers/"*.json
unset FIRST_TOKEN SECOND_TOKEN
check "records of other types are written" env "${dnsupdate[@]}" "$CERTO" providers add dnsupdate -d certo.test \
  --type caa --value '0 issue "ca.test; accounturi=https://ca.test/1"' "${resolver[@]}" --json
check "... and reported as JSON" is "$(python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["certo"], d["type"])' < "$TMP/out")" "record/1 CAA"
check "... CAA" is "$(bind_tool dig +short -p "${ns1#*:}" "@${ns1%:*}" certo.test CAA)" \
  '0 issue "ca.test; accounturi=https://ca.test/1"'
check "... TLSA" env "${dnsupdate[@]}" "$CERTO" providers add dnsupdate -d _443._tcp.certo.test --type TLSA \
  --value '3 1 1 0D6FCE1F' "${resolver[@]}"
check "... and it stays" is "$(bind_tool dig +short -p "${ns1#*:}" "@${ns1%:*}" _443._tcp.certo.test TLSA)" "3 1 1 0D6FCE1F"
check "... until it is removed" env "${dnsupdate[@]}" "$CERTO" providers remove dnsupdate -d _443._tcp.certo.test \
  --type TLSA --value '3 1 1 0d6fce1f' "${resolver[@]}"
check "... alone" is "$(bind_tool dig +short -p "${ns1#*:}" "@${ns1%:*}" _443._tcp.certo.test TLSA)$(
  bind_tool dig +short -p "${ns1#*:}" "@${ns1%:*}" certo.test CAA | wc -l)" 1
check "... all of them" env "${dnsupdate[@]}" "$CERTO" providers remove dnsupdate -d certo.test \
  --type caa --value '0 issue "ca.test; accounturi=https://ca.test/1"' "${resolver[@]}"
refused 65 "a value that is none" "'0 is-sue x' is not the value of such a record" \
  env "${dnsupdate[@]}" "$CERTO" providers add dnsupdate -d certo.test --type caa --value '0 is-sue x'
refused 78 "a type that the provider cannot write" "duckdns: certo cannot write CAA records there" \
  env DUCKDNS_TOKEN=x "$CERTO" providers add duckdns -d certo.test --type caa --value '0 issue "ca.test"'
check_said "... and what it can" "it can write TXT"
