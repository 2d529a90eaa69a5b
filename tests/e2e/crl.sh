#!/usr/bin/env bash
# CRLs: a certificate that its CA has revoked is renewed at once, and what a server of CRLs sends otherwise changes
# nothing. openssl signs the CRLs with the key of the fake CA.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

entry=$CERTO_HOME/certs/a.example.com
server=$TMP/crl
mkdir -p "$TMP/web" "$server"
printf 'file' >"$server/mode"
: >"$server/crl"
fake_run "$server" crl.py || exit 1
fake_start "$TMP/ca" good --crl "$FAKE_CRL" || exit 1
export CERTO_SERVER=$FAKE_DIRECTORY CERTO_CA_BUNDLE=$FAKE_CA CERTO_ALLOW_HTTP_LOOPBACK=yes

serial() { openssl x509 -in "$entry/live/cert.pem" -noout -serial | cut -d= -f2; }
requests() { wc -l <"$server/requests"; }
# A run of the schedule that looks at everything, as after a day.
daily() {
  rm -f "$entry/status.json"
  : >"$server/requests"
  "$CERTO" cron "$@"
}
forget() { rm -rf "$CERTO_HOME/crls"; }
serves() { printf '%s' "$1" >"$server/mode"; }

mkdir "$TMP/openssl"
cat >"$TMP/openssl/conf" <<CONF
[ca]
default_ca = own
[own]
database = $TMP/openssl/index
crlnumber = $TMP/openssl/number
default_md = sha256
[shard]
issuingDistributionPoint = critical, @point
[point]
fullname = URI:$FAKE_CRL
onlyuser = TRUE
[other_shard]
issuingDistributionPoint = critical, @other_point
[other_point]
fullname = URI:http://crl.example/8.crl
[indirect]
issuingDistributionPoint = critical, @indirect_point
[indirect_point]
indirectCRL = TRUE
CONF
printf '01\n' >"$TMP/openssl/number"
# crl KEY OPTION...: signs a CRL that lists the serial numbers in $revoked.
revoked=
crl() {
  local key=$1 one
  shift
  for one in $revoked; do
    printf 'R\t301231235959Z\t261130000000Z,keyCompromise\t%s\tunknown\t/CN=x\n' "$one"
  done >"$TMP/openssl/index"
  : >"$TMP/openssl/index.attr"
  openssl ca -batch -config "$TMP/openssl/conf" -gencrl -keyfile "$key" -cert "$TMP/issuer.pem" -crldays 7 "$@" \
    -out "$TMP/openssl/pem" 2>"$TMP/openssl/log" || cat "$TMP/openssl/log" >&2
  openssl crl -in "$TMP/openssl/pem" -outform DER -out "$server/crl"
}
own=$TMP/ca/tls/intermediate.key

check "a certificate" "$CERTO" issue -d a.example.com --webroot "$TMP/web" --agree-tos
cp "$entry/live/chain.pem" "$TMP/issuer.pem"
first=$(serial)

# ---- not revoked ----

revoked=0123456789ABCDEF
crl "$own" -crlexts shard
check "a CRL that lists another certificate" daily
check "... changes nothing" is "$(serial)" "$first"
check "... and was fetched" is "$(requests)" 1
check "the next day's run" daily -v
check "... takes the one that is kept, because it is new" is "$(requests)" 0
check "... which only its owner reads" is "$(stat -c %a "$CERTO_HOME/crls"/*.crl)" 600
printf 'damaged' >"$(echo "$CERTO_HOME/crls"/*.crl)"
check "a damaged one" daily
check "... is fetched again" is "$(requests)" 1
check "no run asks within a day" "$CERTO" cron
check "... because nothing has changed" is "$(requests)" 1

# ---- a server that is broken or hostile ----

revoked=$first
# quiet NAME TEXT: the certificate stays, the run succeeds, prints nothing, and -v says why.
quiet() {
  forget
  check "$1" daily
  check "... is no failure" test ! -s "$TMP/err"
  check "... and changes nothing" is "$(serial)" "$first"
  forget
  check "... with -v" daily -v
  check_said "... it says why" "a.example.com: no CRL: $FAKE_CRL: " "$2"
  check "... and is not revoked" test ! -e "$entry/live/revoked"
}
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$TMP/openssl/other.key" 2>/dev/null
openssl req -x509 -new -key "$TMP/openssl/other.key" -subj "/CN=certo fake intermediate" -out "$TMP/openssl/other.pem" -utf8
good=$TMP/issuer.pem
cp "$TMP/openssl/other.pem" "$TMP/issuer.pem"
crl "$TMP/openssl/other.key" -crlexts shard
cp "$entry/live/chain.pem" "$good"
quiet "a CRL by another key" "the CRL is not signed by the issuer of the certificate"
crl "$own" -crlexts other_shard
quiet "the CRL of another shard" "the CRL is for other URLs"
crl "$own" -crlexts indirect
quiet "an indirect CRL" "the CRL is for other certificates"
crl "$own" -crl_lastupdate 20240101000000Z -crl_nextupdate 20240108000000Z
quiet "a CRL that has ended" "the CRL has counted only until 2024-01-08T00:00:00Z"
crl "$own"
printf '<html>Sign in</html>' >"$server/crl"
quiet "HTML" "the CRL cannot be read"
: >"$server/crl"
quiet "nothing" "the CRL cannot be read"
crl "$own" -crlexts shard
serves 404
quiet "an error" "it answers with HTTP status 404"
serves redirect
quiet "a redirect" "it answers with HTTP status 302"
serves to-file
quiet "a redirect to a file" "it answers with HTTP status 302"
serves huge
quiet "a CRL without end" "its reply is longer than 10240 KiB"
serves slow
SECONDS=0
quiet "a server that does not answer" "within"
check "... holds nothing up for long" test "$SECONDS" -lt 45
serves file
forget
check "an address of this machine is not asked" env -u CERTO_ALLOW_HTTP_LOOPBACK "$CERTO" cron -v
rm "$entry/status.json"
: >"$server/requests"
check "... by a run without --allow-http-loopback" env -u CERTO_ALLOW_HTTP_LOOPBACK "$CERTO" cron -v
check_said "... and -v says so" "no CRL: $FAKE_CRL: it is not a usable URL: it leads to this machine"
check "... at all" is "$(requests)" 0

# ---- revoked ----

check "a run that sees the revocation" daily
check_said "... renews at once, and says why" "a.example.com: its CA revoked it at 2026-11-30T00:00:00Z (keyCompromise); it will be renewed" \
  "a.example.com: renewed"
second=$(serial)
check "... with another certificate" test "$first" != "$second"
check "... once" daily
check "... because the CRL does not list the new one" is "$(serial)" "$second"
expect_exit 1 "the revoked one does not come back" "$CERTO" rollback a.example.com
check_said "... by rollback" "was revoked"

# ---- a CA that is down then ----

revoked="$first $second"
crl "$own" -crlexts shard
forget
fake_stop "$TMP/ca"
expect_exit 69 "a revocation while the CA is down" daily
check "... is a failure that waits" test -s "$entry/status.json"
check "list" "$CERTO" list
check_said "... shows why" "it was revoked"
check "list as JSON" "$CERTO" list --json
check_said "... too" '"renew_because":"it was revoked"'
check "info" "$CERTO" info a.example.com
check_said "... shows it" "it was revoked"
expect_exit 1 "status" "$CERTO" status
check_said "... is critical" "the live certificate was revoked"
check_said "... with what to do" "certo renew"
