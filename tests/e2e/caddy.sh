#!/usr/bin/env bash
# The same against another implementation, Caddy's acme_server: it leaves a failed challenge pending, and has no ARI.
TESTBED="caddy challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$CADDY_DIRECTORY CERTO_CA_BUNDLE=$CADDY_CA
certs=$CERTO_HOME/certs
dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
standalone=(--standalone --listen "$CADDY_HTTP_ADDR:$CADDY_HTTP_PORT")

# good NAME NAMES: the live certificate of NAME is whole and for NAMES.
good() {
  signed_by "$CADDY_ROOT" "$certs/$1/live/fullchain.pem" && same_key "$certs/$1/live/key.pem" "$certs/$1/live/cert.pem" &&
    is "$(names_in "$certs/$1/live/cert.pem")" "$2"
}

# The address and its port 80 are free for root only; others see that these checks failed, not that they passed.
check "port 80 of a loopback address is free" test -n "$CADDY_HTTP_ADDR"
check "an account" "$CERTO" account new --agree-tos --email admin@example.com
check "http-01 for an address" "$CERTO" issue -d "$CADDY_HTTP_ADDR" "${standalone[@]}"
check "... is good" good "$CADDY_HTTP_ADDR" "$CADDY_HTTP_ADDR"
check "tls-alpn-01 for an address" \
  "$CERTO" issue -d "$CADDY_HTTP_ADDR" --alpn --listen "$CADDY_HTTP_ADDR:443" --cert-name alpn
check "... is good" good alpn "$CADDY_HTTP_ADDR"
check "dns-01, wildcard and base" "$CERTO" issue -d '*.example.com' -d example.com "${dns[@]}"
check "... is good" good _wildcard.example.com '*.example.com example.com'
check "... and left no record" is "$(dns_txt_count _acme-challenge.example.com)" 0
check "the pipe" bash -c "set -o pipefail; cd '$TMP' && '$CERTO' keygen -k ec-384 -o pipe.key &&
  '$CERTO' csr --key pipe.key -d pipe.example.com | '$CERTO' order |
  '$CERTO' solve --dns exec:$DNS_PROVIDER --resolver $DNS_ADDR --dns-env CHALLTESTSRV --dns-env DNS_ADDR | '$CERTO' fetch -o pipe.pem"
check "... is good" same_key "$TMP/pipe.key" "$TMP/pipe.pem"
check "... is signed" signed_by "$CADDY_ROOT" "$TMP/pipe.pem"

# ---- a validation that fails: the challenge stays pending, with an error in it ----

mkdir "$TMP/elsewhere"
SECONDS=0
refused 1 "a validation that fails" "$CADDY_HTTP_ADDR" \
  "$CERTO" issue -d "$CADDY_HTTP_ADDR" --webroot "$TMP/elsewhere" --cert-name other
check_said "... in the CA's words" "connection"
check "... ends soon" test "$SECONDS" -lt 30
check "... leaves nothing" is "$(find "$TMP/elsewhere" -mindepth 1)" ""
check "... keeps nothing" test ! -e "$certs/other/live"

# ---- renewal ----

live=$(readlink "$certs/example.com/live" "$certs/_wildcard.example.com/live")
check "nothing is due" "$CERTO" renew --all
check_said "... says so" "_wildcard.example.com: not due"
check "renew --force" "$CERTO" renew --all --force
check "... changed it" test "$live" != "$(readlink "$certs/_wildcard.example.com/live")"
check "... and is good" good _wildcard.example.com '*.example.com example.com'
check "... the address too" good "$CADDY_HTTP_ADDR" "$CADDY_HTTP_ADDR"
