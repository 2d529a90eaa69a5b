#!/usr/bin/env bash
# Real servers on loopback for the end-to-end tests.
#
#   scripts/testbed.sh fetch
#   scripts/testbed.sh start DIR [--nonce-reject N] [--authz-reuse N] [--alternates N]
#                                [--chain-length N] [--eab] [--strict] [--pebble-dns HOST:PORT|bind|pdns]
#                                [--bind-port N] [--bind-lag SECONDS] [SERVER...]
#   scripts/testbed.sh stop DIR
#
# SERVER is pebble, pebble-nonces, challtestsrv, nginx, caddy, bind or pdns; without any: pebble challtestsrv nginx.
# `start` writes DIR/env, shell assignments that tell where everything is:
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
#   NGINX_ADDR, WEBROOT     nginx on 127.0.0.2:$PEBBLE_HTTP_PORT serves DIR/webroot, so a name whose A record is
#                           set to 127.0.0.2 is validated through nginx and every other one at 127.0.0.1
#   CADDY_DIRECTORY         Caddy's acme_server; CADDY_CA is TESTBED_CA, CADDY_ROOT the root it issues under
#   CADDY_HTTP_ADDR, CADDY_HTTP_PORT   see below; empty where this user may not listen on port 80
#   BIND_NS1, BIND_NS2, BIND_PORT, BIND_ZONE   ns1 is BIND, the primary of certo.test; ns2 is Knot, which
#                           transfers from it, at the same port of 127.0.0.12. pid/bind-ns2 is its process id
#   KNOT_ZONE               knot.test: Knot itself is the primary, at BIND_NS2, for TXT updates with the same key
#   TSIG_NAME, TSIG_ALGORITHM, TSIG_SECRET, TSIG_KEYFILE   in certo.test it may change TXT records only, and only
#                           _acme-challenge of certo.test, a, b, c, d, www, mail and target below it.
#                           _acme-challenge.alias is a CNAME to _acme-challenge.target
#   PDNS_DNS                PowerDNS, primary of pdns.test and of sub.pdns.test below it
#   PDNS_API_URL, PDNS_API_KEY   its HTTP API; log/pdns tells what was asked of it
#
# Caddy and http-01: its server (smallstep's library) connects to port 80 of the name, resolved by the system's
# resolver; the port cannot be set, `resolvers` is used for TXT records only, and proxy variables are not read.
# So dns-01 goes through challtestsrv with any name; http-01 and tls-alpn-01 work for an IP identifier of the
# loopback network. CADDY_HTTP_ADDR is such an address with ports 80 and 443 free. Root may listen there.
#
# No fixed sleeps, no fixed ports, and nothing is installed but what `fetch` names (python3, openssl, curl, and
# only where they are missing): daemons are unpacked, because installing one would start it.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
depot=$root/build/testbed
min_pebble=2.10
min_caddy=2.10

die() {
  printf 'testbed: %s\n' "$*" >&2
  exit 1
}

# ---------------------------------------------------------------- fetch

# The Debian mirror and the releases that this machine uses, one "site release component" a line.
own_sources() {
  # shellcheck disable=SC2016  # apt's own fields
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u
}

# apt_in NAME COMMAND ARGUMENT...: apt with the source list NAME and nothing of the machine's apt state except
# the list of installed packages. It needs no privilege and leaves the machine's own package lists alone.
apt_in() {
  local name=$1 command=$2
  shift 2
  "$command" -q \
    -o Dir::Etc::SourceList="$depot/apt/$name.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$depot/apt/$name" -o Dir::Cache="$depot/apt/cache-$name" \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
    -o APT::Get::List-Cleanup=false "$@"
}

apt_update() {
  mkdir -p "$depot/apt/$1/partial" "$depot/apt/cache-$1/archives/partial"
  apt_in "$1" apt-get update >"$depot/apt/$1.log" 2>&1 ||
    die "cannot read the package lists: $(grep -m1 '^[EW]:' "$depot/apt/$1.log")"
}

# unpack_newest PACKAGE MINIMUM FOLDER [RELEASE]: the newest version, out of RELEASE where it has one that is new
# enough. Minimum versions, because sid's files vanish with the next upload.
unpack_newest() {
  local package=$1 minimum=$2 folder=$3 release=${4-} version deb
  version=$(apt_in new apt-cache madison "$package" |
    awk -F'|' -v release="$release" 'release == "" || index($3, release) { gsub(/ /, "", $2); print $2; exit }')
  if [ -n "$release" ] && ! { [ -n "$version" ] && dpkg --compare-versions "$version" ge "$minimum"; }; then
    unpack_newest "$package" "$minimum" "$folder"
    return
  fi
  [ -n "$version" ] || die "this machine's Debian mirror has no $package"
  dpkg --compare-versions "$version" ge "$minimum" || die "$package $version found, at least $minimum is needed"
  rm -rf "$depot/deb" "$depot/${folder:?}" "$depot/$folder.new"
  mkdir -p "$depot/deb"
  (cd "$depot/deb" && apt_in new apt-get download "$package=$version") >"$depot/apt/$package.log" 2>&1 ||
    die "cannot download $package $version: $(grep -m1 '^E:' "$depot/apt/$package.log")"
  for deb in "$depot"/deb/*.deb; do
    dpkg -x "$deb" "$depot/$folder.new"
  done
  mv "$depot/$folder.new" "$depot/$folder"
  rm -rf "$depot/deb"
}

# unpack_own FOLDER PACKAGE...: packages of this machine's own release with those dependencies that it lacks.
unpack_own() {
  local folder=$1 deb
  shift
  rm -rf "$depot/apt/cache-own/archives" "$depot/${folder:?}" "$depot/$folder.new"
  mkdir -p "$depot/apt/cache-own/archives/partial" "$depot/$folder.new"
  apt_in own apt-get install --download-only --no-install-recommends --reinstall -y "$@" \
    >"$depot/apt/$folder.log" 2>&1 || die "cannot download $*: $(grep -m1 '^E:' "$depot/apt/$folder.log")"
  for deb in "$depot"/apt/cache-own/archives/*.deb; do
    dpkg -x "$deb" "$depot/$folder.new"
  done
  rm -rf "$depot/apt/cache-own/archives"
  mv "$depot/$folder.new" "$depot/$folder"
}

# The three programs that the tests call, installed only where they are missing.
need_programs() {
  local program missing=
  for program in python3 openssl curl; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || die "please install:$missing"
  # shellcheck disable=SC2086  # a list of words
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install $missing; } \
    >"$depot/install.log" 2>&1 || die "cannot install$missing, see $depot/install.log"
}

# The stamp tells what was fetched by which version of this script's fetch part.
stamp="5 pebble>=$min_pebble caddy>=$min_caddy nginx bind9 knot pdns"

fetched() {
  [ "$(cat "$depot/stamp" 2>/dev/null)" = "$stamp" ]
}

fetch() {
  local sources site keyring signed
  mkdir -p "$depot"
  exec 8>"$depot/lock"
  flock 8
  need_programs
  if fetched; then
    exec 8>&-
    return 0
  fi
  command -v apt-get >/dev/null || die "apt-get is needed to fetch the servers"
  sources=$(own_sources)
  site=${TESTBED_DEBIAN_SITE:-$(printf '%s\n' "$sources" | awk '$2 !~ /security|updates|backports/ { print $1; exit }')}
  [ -n "$site" ] || die "apt knows no Debian mirror on this machine"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  signed=
  [ ! -e "$keyring" ] || signed="[signed-by=$keyring]"
  mkdir -p "$depot/apt"
  printf 'deb %s %s %s main\n' "$signed" "$site" trixie-backports "$signed" "$site" sid >"$depot/apt/new.list"
  printf '%s\n' "$sources" | awk -v signed="$signed" 'NF == 3 { print "deb", signed, $1, $2, $3 }' \
    >"$depot/apt/own.list"
  apt_update new
  unpack_newest pebble "$min_pebble" pebble
  unpack_newest caddy "$min_caddy" caddy trixie-backports
  apt_update own
  unpack_own nginx nginx
  unpack_own bind bind9 bind9-utils bind9-dnsutils
  unpack_own knot knot
  unpack_own pdns pdns-server pdns-backend-sqlite3
  for program in pebble/usr/bin/pebble pebble/usr/bin/pebble-challtestsrv caddy/usr/bin/caddy \
    nginx/usr/sbin/nginx bind/usr/sbin/named knot/usr/sbin/knotd pdns/usr/sbin/pdns_server; do
    [ -x "$depot/$program" ] || die "the package of $program does not hold it"
  done
  "$depot/caddy/usr/bin/caddy" version >/dev/null || die "the fetched caddy does not run here"
  "$depot/pebble/usr/bin/pebble" -version >/dev/null || die "the fetched pebble does not run here"
  rm -rf "$depot/apt"
  printf '%s\n' "$stamp" >"$depot/stamp"
  exec 8>&-
}

# ---------------------------------------------------------------- processes

# The moment a process was started, so that a recycled process id is never signalled.
started_at() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# launch NAME PROGRAM ARGUMENT...: runs it in the background with its output in DIR/log/NAME.
launch() {
  local name=$1
  shift
  (
    # A pipe or lock of the caller must not stay open in a daemon.
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    exec "$@"
  ) >"$dir/log/$name" 2>&1 </dev/null &
  printf '%s %s\n' "$!" "$(started_at "$!")" >"$dir/pid/$name"
}

alive() {
  local pid start
  [ -e "$dir/pid/$1" ] || return 1
  read -r pid start <"$dir/pid/$1" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(started_at "$pid")" = "$start" ]
}

# wait_port NAME HOST PORT: until NAME accepts connections; 15 s for a slow machine.
wait_port() {
  local tries=0
  until (exec 3<>"/dev/tcp/$2/$3") 2>/dev/null; do
    alive "$1" || die "$1 did not start: $(tail -n 1 "$dir/log/$1")"
    tries=$((tries + 1))
    [ "$tries" -lt 500 ] || die "$1 does not listen on $2 port $3, see $dir/log/$1"
    sleep 0.03
  done
}

stop() {
  local file name pid tries
  dir=$1
  for file in "$dir"/pid/*; do
    [ -e "$file" ] || continue
    name=${file##*/}
    if alive "$name"; then
      read -r pid _ <"$file"
      kill "$pid" 2>/dev/null || true
    fi
  done
  for file in "$dir"/pid/*; do
    [ -e "$file" ] || continue
    name=${file##*/}
    read -r pid _ <"$file"
    tries=0
    while alive "$name"; do
      tries=$((tries + 1))
      # Nothing here has anything to save, and challtestsrv takes its time.
      [ "$tries" -ne 10 ] || kill -9 "$pid" 2>/dev/null || true
      [ "$tries" -lt 200 ] || die "$name (process $pid) does not end"
      sleep 0.03
    done
    rm -f "$file"
  done
}

# ---------------------------------------------------------------- what all servers need

# free_ports N: N numbers that are free for TCP and UDP on every address that a server here may take. They are
# drawn below the kernel's own range, so that no outgoing connection takes one between the look and the start.
free_ports() {
  python3 - "$1" <<'PYTHON'
import random, socket, sys
found = []
for port in random.sample(range(20000, 32000), 12000):
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for host in ("127.0.0.1", "127.0.0.2", "127.0.0.12"):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind((host, port))
    except OSError:
        continue
    found.append(str(port))
    if len(found) == int(sys.argv[1]):
        break
print(*found)
PYTHON
}

# A loopback address with ports 80 and 443 free for this user; nothing where that is not allowed.
free_low_address() {
  python3 - <<'PYTHON'
import random, socket
for _ in range(20):
    host = "127.%d.%d.%d" % (random.randint(16, 250), random.randint(1, 250), random.randint(1, 250))
    try:
        for port in (80, 443):
            with socket.socket() as probe:
                probe.bind((host, port))
    except PermissionError:
        break
    except OSError:
        continue
    print(host)
    break
PYTHON
}

# make_certificates: one CA, and one certificate for localhost that all HTTPS servers here use. Pebble's own test
# certificates are not in its package, and their private key is public.
make_certificates() {
  mkdir -p "$dir/tls"
  cat >"$dir/tls/openssl.cnf" <<'CONFIG'
[req]
distinguished_name = name
prompt = no
[name]
CN = certo testbed
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:0:0:0:0:0:0:0:1
extendedKeyUsage = serverAuth
CONFIG
  (
    cd "$dir/tls"
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf -extensions ca \
      -subj '/CN=certo testbed CA' -days 30 -keyout ca.key -out ca.pem
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf -subj '/CN=localhost' \
      -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 29 -extfile openssl.cnf \
      -extensions server -out server.pem
  ) >"$dir/log/openssl" 2>&1 || die "openssl cannot make certificates, see $dir/log/openssl"
}

# tell NAME VALUE...: one line of DIR/env for each pair.
tell() {
  while [ $# -gt 0 ]; do
    printf '%s=%q\n' "$1" "$2" >>"$dir/env.new"
    shift 2
  done
}

# libraries FOLDER: where the libraries of unpacked packages lie, for LD_LIBRARY_PATH.
libraries() {
  local path found=
  for path in "$depot/$1"/usr/lib/*-linux-gnu* "$depot/$1"/lib/*-linux-gnu*; do
    [ ! -d "$path" ] || found=$found${found:+:}$path
  done
  printf '%s' "$found"
}

# ---------------------------------------------------------------- the servers

start_challtestsrv() {
  launch challtestsrv "$depot/pebble/usr/bin/pebble-challtestsrv" -defaultIPv4 127.0.0.1 -defaultIPv6 '' \
    -dnsserver "127.0.0.1:$dns_port" -management "127.0.0.1:$dns_management_port" \
    -http01 '' -https01 '' -tlsalpn01 '' -doh ''
  tell CHALLTESTSRV "http://127.0.0.1:$dns_management_port" DNS_ADDR "127.0.0.1:$dns_port"
}

# start_pebble NAME PORT MANAGEMENT-PORT NONCE-REJECT. "Retry-After: 1" is the least that pebble can be told.
start_pebble() {
  local name=$1 port=$2 management=$3 nonces=$4 keys=
  [ "$eab" = false ] || keys="\"$eab_kid\": \"$eab_key\""
  cat >"$dir/$name.json" <<CONFIG
{
  "pebble": {
    "listenAddress": "127.0.0.1:$port",
    "managementListenAddress": "127.0.0.1:$management",
    "certificate": "$dir/tls/server.pem",
    "privateKey": "$dir/tls/server.key",
    "httpPort": $http_port,
    "tlsPort": $tls_port,
    "ocspResponderURL": "",
    "externalAccountBindingRequired": $eab,
    "externalAccountMACKeys": { $keys },
    "domainBlocklist": ["blocked.example"],
    "retryAfter": { "authz": 1, "order": 1 },
    "keyAlgorithm": "ecdsa",
    "profiles": {
      "default": { "description": "ninety days", "validityPeriod": 7776000 },
      "shortlived": { "description": "six days", "validityPeriod": 518400 }
    }
  }
}
CONFIG
  launch "$name" env PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT="$nonces" PEBBLE_AUTHZREUSE="$authz_reuse" \
    PEBBLE_ALTERNATE_ROOTS="$alternates" PEBBLE_CHAIN_LENGTH="$chain_length" \
    "$depot/pebble/usr/bin/pebble" -config "$dir/$name.json" -dnsserver "$pebble_dns" ${strict:+-strict}
}

start_nginx() {
  local user=
  mkdir -p "$dir/webroot" "$dir/nginx"
  # A worker that gives up root could not read a folder that mktemp made.
  [ "$(id -u)" != 0 ] || user='user root root;'
  cat >"$dir/nginx/nginx.conf" <<CONFIG
$user
daemon off;
worker_processes 1;
pid "$dir/nginx/nginx.pid";
error_log stderr;
events { worker_connections 256; }
http {
  access_log "$dir/log/nginx-access";
  client_body_temp_path "$dir/nginx/body";
  proxy_temp_path "$dir/nginx/proxy";
  fastcgi_temp_path "$dir/nginx/fastcgi";
  uwsgi_temp_path "$dir/nginx/uwsgi";
  scgi_temp_path "$dir/nginx/scgi";
  default_type text/plain;
  server {
    listen 127.0.0.2:$http_port;
    root "$dir/webroot";
  }
}
CONFIG
  launch nginx env LD_LIBRARY_PATH="$(libraries nginx)" \
    "$depot/nginx/usr/sbin/nginx" -e stderr -p "$dir/nginx" -c "$dir/nginx/nginx.conf"
  tell NGINX_ADDR "127.0.0.2:$http_port" WEBROOT "$dir/webroot"
}

start_caddy() {
  local low
  low=$(free_low_address)
  mkdir -p "$dir/caddy/home"
  cat >"$dir/caddy/Caddyfile" <<CONFIG
{
	admin off
	persist_config off
	auto_https off
	storage file_system "$dir/caddy"
	skip_install_trust
	pki {
		ca local {
			name "certo testbed Caddy CA"
		}
	}
}
https://127.0.0.1:$caddy_port, https://localhost:$caddy_port {
	bind 127.0.0.1
	tls "$dir/tls/server.pem" "$dir/tls/server.key"
	acme_server {
		resolvers 127.0.0.1:$dns_port
		allow_wildcard_names
	}
}
CONFIG
  # Caddy adds its root to the system's trust store unless told not to, and skip_install_trust counts only for a CA
  # that is described above. So look at what Caddy makes of it, before it runs as root.
  "$depot/caddy/usr/bin/caddy" adapt --config "$dir/caddy/Caddyfile" --adapter caddyfile 2>"$dir/log/caddy" |
    python3 -c 'import json, sys
sys.exit(json.load(sys.stdin)["apps"]["pki"]["certificate_authorities"]["local"]["install_trust"] is not False)' \
    2>>"$dir/log/caddy" || die "this Caddy would change the trust store of the system, it is not started"
  launch caddy env HOME="$dir/caddy/home" XDG_DATA_HOME="$dir/caddy/home" XDG_CONFIG_HOME="$dir/caddy/home" \
    "$depot/caddy/usr/bin/caddy" run --config "$dir/caddy/Caddyfile" --adapter caddyfile
  tell CADDY_DIRECTORY "https://127.0.0.1:$caddy_port/acme/local/directory" CADDY_CA "$dir/tls/ca.pem" \
    CADDY_ROOT "$dir/caddy/pki/authorities/local/root.crt" CADDY_HTTP_ADDR "$low" CADDY_HTTP_PORT "${low:+80}"
}

# start_bind: two name servers at one port, of two makes. BIND listens on addresses of an interface only, which
# 127.0.0.1 alone is, so Knot is the second. BIND has no pattern for "_acme-challenge anywhere": the names are listed.
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
ZONE
  for name in '' a. b. c. d. www. mail. target.; do
    names="$names grant certo-test name _acme-challenge.${name}certo.test. TXT;"
  done
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
  update-policy {$names };
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
  # Asked once at the start and once in ten seconds, and told of changes: so the primary must be there first.
  wait_port bind-ns1 127.0.0.1 "$bind_port"
  launch bind-ns2 env LD_LIBRARY_PATH="$(libraries knot)" "$depot/knot/usr/sbin/knotd" -c "$dir/knot/knot.conf"
  tell BIND_NS1 127.0.0.1 BIND_NS2 127.0.0.12 BIND_PORT "$bind_port" BIND_ZONE certo.test KNOT_ZONE knot.test \
    TSIG_NAME certo-test TSIG_ALGORITHM hmac-sha256 TSIG_SECRET "$secret" TSIG_KEYFILE "$dir/bind/key"
}

# The secondary has transferred the zone.
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

# start_pdns: its caches are off, because a test looks at a name right before and after it changes.
start_pdns() {
  local key modules
  key=$(openssl rand -hex 16)
  modules=$(printf '%s\n' "$depot"/pdns/usr/lib/*/pdns | head -n 1)
  mkdir -p "$dir/pdns"
  python3 - "$dir/pdns/zones.sqlite3" "$depot/pdns/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql" <<'PYTHON'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())
PYTHON
  cat >"$dir/pdns/pdns.conf" <<CONFIG
launch=gsqlite3
gsqlite3-database=$dir/pdns/zones.sqlite3
module-dir=$modules
socket-dir=$dir/pdns
local-address=127.0.0.1
local-port=$pdns_port
api=yes
api-key=$key
webserver=yes
webserver-address=127.0.0.1
webserver-port=$pdns_api_port
webserver-loglevel=normal
disable-syslog=yes
loglevel=5
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
receiver-threads=1
distributor-threads=1
CONFIG
  launch pdns env LD_LIBRARY_PATH="$(libraries pdns)" \
    "$depot/pdns/usr/sbin/pdns_server" --config-dir="$dir/pdns" --daemon=no --guardian=no --write-pid=no
  tell PDNS_DNS "127.0.0.1:$pdns_port" PDNS_API_URL "http://127.0.0.1:$pdns_api_port" \
    PDNS_API_KEY "$key"
}

# Both zones are made by the API that the tests use.
wait_pdns() {
  local zone key
  wait_port pdns 127.0.0.1 "$pdns_api_port"
  wait_port pdns 127.0.0.1 "$pdns_port"
  key=$(sed -n 's/^api-key=//p' "$dir/pdns/pdns.conf")
  for zone in pdns.test sub.pdns.test; do
    curl -sS --fail --noproxy '*' -m 10 -H "X-API-Key: $key" -o /dev/null -d "{
      \"name\": \"$zone.\", \"kind\": \"Native\", \"nameservers\": [\"ns1.$zone.\"],
      \"rrsets\": [{\"name\": \"ns1.$zone.\", \"type\": \"A\", \"ttl\": 5,
                   \"records\": [{\"content\": \"127.0.0.1\", \"disabled\": false}]}]}" \
      "http://127.0.0.1:$pdns_api_port/api/v1/servers/localhost/zones" >"$dir/log/pdns-zones" 2>&1 ||
      die "PowerDNS does not make $zone: $(cat "$dir/log/pdns-zones")"
  done
}

# ---------------------------------------------------------------- start

# A start that fails leaves no server behind.
failed() {
  [ "$1" = 0 ] || (stop "$dir") || true
  exit "$1"
}

wanted() {
  case " $servers " in *" $1 "*) return 0 ;; esac
  return 1
}

start() {
  [ $# -gt 0 ] || die "usage: testbed.sh start DIR [SERVER...]"
  local given=$1 server
  shift
  servers=
  nonce_reject=0
  authz_reuse=0
  alternates=0
  chain_length=1
  eab=false
  strict=
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
      --strict) strict=1 ;;
      pebble | pebble-nonces | challtestsrv | nginx | caddy | bind | pdns) servers="$servers $1" ;;
      *) die "unknown server or flag: $1" ;;
    esac
    shift
  done
  servers=${servers:- pebble challtestsrv nginx}
  # Names are resolved for pebble and Caddy by challtestsrv.
  case $servers in *pebble* | *caddy*) wanted challtestsrv || servers="$servers challtestsrv" ;; esac
  fetched || fetch

  mkdir -p "$given"
  dir=$(cd "$given" && pwd)
  mkdir -p "$dir/log" "$dir/pid"
  [ -z "$(ls "$dir/pid")" ] || die "$dir is in use: stop it first"
  trap 'failed $?' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  : >"$dir/env.new"
  # shellcheck disable=SC2046  # a list of numbers
  set -- $(free_ports 12)
  [ $# = 12 ] || die "cannot find free ports"
  dns_port=$1 dns_management_port=$2 http_port=$3 tls_port=$4 pebble_port=$5 pebble_management_port=$6
  nonces_port=$7 nonces_management_port=$8 caddy_port=$9
  bind_port=${bind_port:-${10}} pdns_port=${11} pdns_api_port=${12}
  case $pebble_dns in
    '') pebble_dns=127.0.0.1:$dns_port ;;
    bind) pebble_dns=127.0.0.1:$bind_port ;;
    pdns) pebble_dns=127.0.0.1:$pdns_port ;;
  esac
  eab_kid=certo-test
  eab_key=zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W

  make_certificates
  tell TESTBED_CA "$dir/tls/ca.pem" PEBBLE_HTTP_PORT "$http_port" PEBBLE_TLS_PORT "$tls_port"
  # All are started before the first is waited for.
  for server in $servers; do
    case $server in
      pebble)
        start_pebble pebble "$pebble_port" "$pebble_management_port" "$nonce_reject"
        tell PEBBLE_DIRECTORY "https://127.0.0.1:$pebble_port/dir" PEBBLE_CA "$dir/tls/ca.pem" \
          PEBBLE_MGMT "https://127.0.0.1:$pebble_management_port"
        [ "$eab" = false ] || tell PEBBLE_EAB_KID "$eab_kid" PEBBLE_EAB_KEY "$eab_key"
        ;;
      pebble-nonces)
        start_pebble pebble-nonces "$nonces_port" "$nonces_management_port" 15
        tell PEBBLE_NONCES_DIRECTORY "https://127.0.0.1:$nonces_port/dir" \
          PEBBLE_NONCES_MGMT "https://127.0.0.1:$nonces_management_port"
        wanted pebble || tell PEBBLE_CA "$dir/tls/ca.pem"
        ;;
      *) "start_$server" ;;
    esac
  done
  for server in $servers; do
    case $server in
      pebble) wait_port pebble 127.0.0.1 "$pebble_port" && wait_port pebble 127.0.0.1 "$pebble_management_port" ;;
      pebble-nonces) wait_port pebble-nonces 127.0.0.1 "$nonces_port" ;;
      challtestsrv)
        wait_port challtestsrv 127.0.0.1 "$dns_management_port" && wait_port challtestsrv 127.0.0.1 "$dns_port"
        ;;
      nginx) wait_port nginx 127.0.0.2 "$http_port" ;;
      caddy) wait_port caddy 127.0.0.1 "$caddy_port" ;;
      bind) wait_bind ;;
      pdns) wait_pdns ;;
    esac
  done
  mv "$dir/env.new" "$dir/env"
}

case ${1-} in
  fetch) fetch ;;
  start) shift && start "$@" ;;
  stop)
    [ $# = 2 ] || die "usage: testbed.sh stop DIR"
    [ ! -d "$2" ] || stop "$(cd "$2" && pwd)"
    ;;
  *) die "usage: testbed.sh fetch | start DIR [SERVER...] | stop DIR" ;;
esac
