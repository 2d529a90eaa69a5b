#!/usr/bin/env bash
# Real servers on loopback for the end-to-end tests.
#
#   scripts/testbed.sh fetch [pebble|caddy|nginx|bind|pdns|moto|tls-servers|endpoints|promtool|chromium|php-fpm|newer-libc|
#                            nginx-newer|machine]...
#   scripts/testbed.sh start DIR [--nonce-reject N] [--authz-reuse N] [--alternates N]
#                                [--chain-length N] [--shortlived] [--eab] [--strict] [--always-valid]
#                                [--pebble-dns HOST:PORT|bind|knot|pdns] [--bind-port N] [--bind-lag SECONDS]
#                                [SERVER...]
#   scripts/testbed.sh stop DIR
#   scripts/testbed.sh systemd-analyze ARGUMENT...
#
# SERVER is pebble, pebble-nonces, challtestsrv, nginx, caddy, bind, pdns, moto, tls-servers, endpoints, promtool,
# chromium, php-fpm, newer-libc or nginx-newer; without any: pebble challtestsrv nginx. scripts/testbed/ has a file for
# each. A missing server is fetched before it is started; `fetch` without a name fetches the first five packages only.
# TESTBED_DEPOT is the folder of fetched servers (build/testbed). `start` writes DIR/env, shell assignments with all
# addresses and paths:
#
#   TESTBED_CA              PEM of the CA that signed the HTTPS certificates of pebble and Caddy, made for DIR
#   PEBBLE_DIRECTORY        pebble's directory URL; PEBBLE_CA is TESTBED_CA
#   PEBBLE_MGMT             its management URL: roots/0, intermediates/0, cert-status-by-serial/HEX
#   PEBBLE_HTTP_PORT        where it connects for http-01
#   PEBBLE_TLS_PORT         where it connects for tls-alpn-01
#   PEBBLE_EAB_KID, PEBBLE_EAB_KEY   with --eab
#   PEBBLE_NONCES_DIRECTORY, PEBBLE_NONCES_MGMT   pebble-nonces: a second pebble that refuses 15 % of good nonces
#   CHALLTESTSRV            management URL of pebble's DNS server
#   DNS_ADDR                that DNS server, UDP and TCP. It answers A (127.0.0.1 by default), AAAA (none by
#                           default), TXT, CNAME and CAA for every name, and NOTIMP to SOA and NS: there are
#                           no zones in it, so a propagation check falls back to asking it as a resolver
#   DNS_OVER_HTTPS          the same server by RFC 8484, with a certificate of TESTBED_CA
#   NGINX_ADDR, WEBROOT     nginx on 127.0.0.2:$PEBBLE_HTTP_PORT serves DIR/webroot, so a name whose A record is
#                           set to 127.0.0.2 is validated through nginx and every other one at 127.0.0.1
#   CADDY_DIRECTORY         Caddy's acme_server; CADDY_CA is TESTBED_CA, CADDY_ROOT the root it issues under
#   CADDY_HTTP_ADDR, CADDY_HTTP_PORT   see below; empty where this user may not listen on port 80
#   BIND_NS1, BIND_NS2, BIND_PORT, BIND_ZONE   ns1 is BIND, the primary of certo.test; ns2 is Knot, which
#                           transfers from it, at the same port of 127.0.0.12. pid/bind-ns2 is its process id
#   KNOT_ZONE               knot.test: Knot itself is the primary, at BIND_NS2, for TXT updates with the same key
#   TSIG_NAME, TSIG_ALGORITHM, TSIG_SECRET, TSIG_KEYFILE   in certo.test it may change TXT records only, and only
#                           _acme-challenge of certo.test, a, b, c, d, www, mail, target and n1 to n20 below it.
#                           _acme-challenge.alias is a CNAME to _acme-challenge.target, that of circle one in a
#                           circle, and that of own a zone of its own
#   BIND_TOOLS, BIND_LIBRARIES   the folder of nsupdate and dig, and what they need as LD_LIBRARY_PATH
#   PDNS_DNS                PowerDNS, primary of pdns.test and of sub.pdns.test below it
#   PDNS_API_URL, PDNS_API_KEY   its HTTP API; log/pdns has the requests
#   MOTO_URL                Route 53 as moto plays it, without a zone; log/moto has the requests. No name server
#                           shows its records, so a CA needs --always-valid
#   TLS_SERVERS, TLS_SERVERS_LIBRARIES, NGINX_PROGRAM, NGINX_LIBRARIES   the folder that apache2, haproxy and
#                           postfix are unpacked in, and what LD_LIBRARY_PATH needs; the test starts them itself.
#                           Postfix needs usr/lib/postfix of that folder there, too
#   NGINX_NEWER             the program of the nginx of the next Debian release; it needs no LD_LIBRARY_PATH
#   ENDPOINTS, ENDPOINTS_LIBRARIES   the folder that Dovecot, PostgreSQL and MariaDB are unpacked in, the same way
#   PROMTOOL                Prometheus' checker of metrics
#   PHP_FPM, PHP_FPM_LIBRARIES   PHP's FastCGI server, and what LD_LIBRARY_PATH needs
#   CHROMIUM, CHROMIUM_LIBRARIES   the browser without a screen, and what LD_LIBRARY_PATH needs
#
# Caddy and http-01: its server (smallstep's library) connects to port 80 of the name, resolved by the
# system's resolver; the port cannot be set, `resolvers` is used for TXT records only, and proxy variables are
# not read. So dns-01 goes through challtestsrv with any name; http-01 and tls-alpn-01 work for an IP
# identifier of the loopback network. CADDY_HTTP_ADDR is such an address with ports 80 and 443 free. Root may
# listen there.
#
# No fixed sleeps, no fixed ports, and nothing is installed but openssl, python3 and curl, if a server needs
# them and they are missing: daemons are unpacked, because installing one would start it.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/scripts
depot=${TESTBED_DEPOT:-$root/build/testbed}

die() {
  printf 'testbed: %s\n' "$*" >&2
  exit 1
}

. "$here/testbed/fetch.sh"
. "$here/testbed/processes.sh"
. "$here/testbed/certificates.sh"
. "$here/testbed/pebble.sh"
. "$here/testbed/nginx.sh"
. "$here/testbed/caddy.sh"
. "$here/testbed/bind.sh"
. "$here/testbed/pdns.sh"
. "$here/testbed/moto.sh"
. "$here/testbed/tls-servers.sh"
# shellcheck source=testbed/endpoints.sh
. "$here/testbed/endpoints.sh"
# shellcheck source=testbed/newer-libc.sh
. "$here/testbed/newer-libc.sh"
# shellcheck source=testbed/nginx-newer.sh
. "$here/testbed/nginx-newer.sh"
. "$here/testbed/systemd.sh"
# shellcheck source=testbed/machine.sh
. "$here/testbed/machine.sh"

# A start that fails leaves no server behind.
failed() {
  [ "$1" = 0 ] || (stop "$dir") || true
  exit "$1"
}

wanted() {
  case " $servers " in *" $1 "*) return 0 ;; esac
  return 1
}

# packages_of SERVER...: the packages to fetch for them.
packages_of() {
  local server
  for server in "$@"; do
    case $server in
      pebble-nonces | challtestsrv) printf 'pebble\n' ;;
      tls-servers) printf '%s\n' nginx tls-servers ;;
      newer-libc) printf '%s\n' newer-libc ;;
      *) printf '%s\n' "$server" ;;
    esac
  done | sort -u
}

start() {
  [ $# -gt 0 ] || die "usage: testbed.sh start DIR [SERVER...]"
  local given=$1 server
  shift
  servers=
  nonce_reject=0
  authz_reuse=0
  shortlived=
  alternates=0
  chain_length=1
  eab=false
  strict=
  always_valid=
  pebble_dns=
  bind_port=
  bind_lag=0
  while [ $# -gt 0 ]; do
    case $1 in
      --nonce-reject) nonce_reject=${2:?a number is missing} && shift ;;
      --authz-reuse) authz_reuse=${2:?a number is missing} && shift ;;
      --alternates) alternates=${2:?a number is missing} && shift ;;
      --chain-length) chain_length=${2:?a number is missing} && shift ;;
      --pebble-dns) pebble_dns=${2:?an address is missing} && shift ;;
      --bind-lag) bind_lag=${2:?a number is missing} && shift ;;
      --bind-port) bind_port=${2:?a number is missing} && shift ;;
      --eab) eab=true ;;
      --shortlived) shortlived=1 ;;
      --strict) strict=1 ;;
      --always-valid) always_valid=1 ;;
      pebble | pebble-nonces | challtestsrv | nginx | caddy | bind | pdns | moto | tls-servers | endpoints | promtool | chromium | php-fpm | newer-libc | nginx-newer) servers="$servers $1" ;;
      *) die "unknown server or flag: $1" ;;
    esac
    shift
  done
  servers=${servers:- pebble challtestsrv nginx}
  # Names are resolved for pebble and Caddy by challtestsrv.
  case $servers in *pebble* | *caddy*) wanted challtestsrv || servers="$servers challtestsrv" ;; esac
  # shellcheck disable=SC2046  # a list of words
  fetch $(packages_of $servers)

  mkdir -p "$given"
  dir=$(cd "$given" && pwd)
  mkdir -p "$dir/log" "$dir/pid"
  [ -z "$(ls "$dir/pid")" ] || die "$dir is in use: stop it first"
  trap 'failed $?' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  : >"$dir/env.new"
  # shellcheck disable=SC2046  # a list of numbers
  set -- $(free_ports 14)
  [ $# = 14 ] || die "cannot find free ports"
  dns_port=$1 dns_management_port=$2 http_port=$3 tls_port=$4 pebble_port=$5 pebble_management_port=$6
  nonces_port=$7 nonces_management_port=$8 caddy_port=$9
  bind_port=${bind_port:-${10}} pdns_port=${11} pdns_api_port=${12} moto_port=${13} doh_port=${14}
  case $pebble_dns in
    '') pebble_dns=127.0.0.1:$dns_port ;;
    bind) pebble_dns=127.0.0.1:$bind_port ;;
    knot) pebble_dns=127.0.0.12:$bind_port ;;
    pdns) pebble_dns=127.0.0.1:$pdns_port ;;
  esac
  eab_kid=certo-test
  eab_key=1CjqsVeHwbH2W2F5b2H7PuYcpXnL3K7pbK7fj-S2A-lwHvsHQH6y6_mQz_SigfzHO1W46xL8ybg6n27Z5KIS4w

  make_certificates
  tell TESTBED_CA "$dir/tls/ca.pem" PEBBLE_HTTP_PORT "$http_port" PEBBLE_TLS_PORT "$tls_port"
  # Starts all of them before it waits for the first.
  for server in $servers; do "start_$server"; done
  for server in $servers; do "wait_$server"; done
  mv "$dir/env.new" "$dir/env"
}

case ${1-} in
  fetch)
    shift
    for server in "$@"; do
      case $fetchable in *" $server "*) ;; *) die "not a server that is fetched: $server;$fetchable" ;; esac
    done
    # shellcheck disable=SC2086  # a list of words
    if [ $# -gt 0 ]; then fetch "$@"; else fetch $usual_servers; fi
    ;;
  start) shift && start "$@" ;;
  stop)
    [ $# = 2 ] || die "usage: testbed.sh stop DIR"
    [ ! -d "$2" ] || stop "$(cd "$2" && pwd)"
    ;;
  systemd-analyze) shift && systemd_analyze "$@" ;;
  *)
    die "usage: testbed.sh fetch [SERVER...] | systemd-analyze ARGUMENT... | start DIR [SERVER...] | stop DIR"
    ;;
esac
