# shellcheck shell=bash
# Two name servers with dynamic updates (RFC 2136): BIND and Knot.

# start_bind: two name servers at one port, of two makes. BIND listens on addresses of an interface only,
# which 127.0.0.1 alone is, so Knot is the second. BIND has no pattern for "_acme-challenge anywhere": the
# names are listed.
start_bind() {
  local secret name names=
  secret=$(openssl rand -base64 32)
  mkdir -p "$dir/bind" "$dir/knot"
  (
    umask 077
    printf 'key "certo-test" {\n  algorithm hmac-sha256;\n  secret "%s";\n};\n' "$secret" >"$dir/bind/key"
  )
  cat >"$dir/bind/zone" <<'ZONE'
$ORIGIN certo.test.
$TTL 5
@ IN SOA ns1 hostmaster 1 60 10 3600 5
@ IN NS ns1
@ IN NS ns2
@ IN A 127.0.0.1
* IN A 127.0.0.1
ns1 IN A 127.0.0.1
ns2 IN A 127.0.0.12
www IN A 127.0.0.2
_acme-challenge.alias IN CNAME _acme-challenge.target
_acme-challenge.circle IN CNAME _acme-challenge.circle2
_acme-challenge.circle2 IN CNAME _acme-challenge.circle
_acme-challenge.own IN NS ns1
ZONE
  cat >"$dir/bind/own" <<'ZONE'
$ORIGIN _acme-challenge.own.certo.test.
$TTL 5
@ IN SOA ns1.certo.test. hostmaster.certo.test. 1 60 10 3600 5
@ IN NS ns1.certo.test.
ZONE
  for name in '' a. b. c. d. www. mail. target. $(printf 'n%d. ' {1..20}); do
    names="$names grant certo-test name _acme-challenge.${name}certo.test. TXT;"
  done
  for name in a d; do names="$names grant certo-test name _validation-persist.$name.certo.test. TXT;"; done
  cat >"$dir/bind/named.conf" <<CONFIG
include "$dir/bind/key";
options {
  directory "$dir/bind";
  pid-file "$dir/bind/named.pid";
  session-keyfile "$dir/bind/session.key";
  lock-file none;
  listen-on port $bind_port { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  empty-zones-enable no;
};
controls { };
logging {
  channel log { stderr; severity info; };
  category default { log; };
};
zone "certo.test" {
  type primary;
  file "zone";
  notify explicit;
  notify-delay $bind_lag;
  also-notify { 127.0.0.12 port $bind_port; };
  allow-transfer { 127.0.0.0/8; };
  update-policy {$names grant certo-test name certo.test. CAA; grant certo-test name _443._tcp.certo.test. TLSA; };
};
zone "_acme-challenge.own.certo.test" {
  type primary;
  file "own";
  update-policy { grant certo-test name _acme-challenge.own.certo.test. TXT; };
};
CONFIG
  sed 's/certo\.test/knot.test/; s/127\.0\.0\.1$/127.0.0.12/; /ns2/d' "$dir/bind/zone" >"$dir/knot/knot.test.zone"
  cat >"$dir/knot/knot.conf" <<CONFIG
server:
    rundir: "$dir/knot"
    listen: 127.0.0.12@$bind_port
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stdout
    any: info
database:
    storage: "$dir/knot"
key:
  - id: certo-test
    algorithm: hmac-sha256
    secret: $secret
remote:
  - id: ns1
    address: 127.0.0.1@$bind_port
acl:
  - id: notified
    address: 127.0.0.1
    action: notify
  - id: updated
    key: certo-test
    action: update
    update-type: TXT
template:
  - id: default
    storage: "$dir/knot"
zone:
  - domain: certo.test
    master: ns1
    acl: notified
  - domain: knot.test
    acl: updated
CONFIG
  launch bind-ns1 env LD_LIBRARY_PATH="$(libraries bind)" \
    "$depot/bind/usr/sbin/named" -4 -f -n 1 -c "$dir/bind/named.conf"
  # The secondary asks at its start and every ten seconds, and gets notified of changes, so the primary must
  # start first.
  wait_port bind-ns1 127.0.0.1 "$bind_port"
  launch bind-ns2 env LD_LIBRARY_PATH="$(libraries knot)" "$depot/knot/usr/sbin/knotd" -c "$dir/knot/knot.conf"
  tell BIND_NS1 127.0.0.1 BIND_NS2 127.0.0.12 BIND_PORT "$bind_port" BIND_ZONE certo.test KNOT_ZONE knot.test \
    TSIG_NAME certo-test TSIG_ALGORITHM hmac-sha256 TSIG_SECRET "$secret" TSIG_KEYFILE "$dir/bind/key" \
    BIND_TOOLS "$depot/bind/usr/bin" BIND_LIBRARIES "$(libraries bind)"
}

# Waits until the secondary has transferred the zone.
wait_bind() {
  local tries=0
  wait_port bind-ns2 127.0.0.12 "$bind_port"
  until grep -q 'AXFR, incoming, .*finished' "$dir/log/bind-ns2"; do
    alive bind-ns2 || die "bind-ns2 ended: $(tail -n 1 "$dir/log/bind-ns2")"
    tries=$((tries + 1))
    [ "$tries" -lt 500 ] || die "ns2 did not transfer the zone, see $dir/log/bind-ns2"
    sleep 0.03
  done
}
