#!/usr/bin/env bash
# certo status: real servers with every fault of a certificate, over IPv4 and IPv6, installed files that differ from the
# store, lists with bad lines, the formats for monitoring, and what cron tells others.
TESTBED="pebble challtestsrv tls-servers promtool"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C NO_COLOR=1

read -r good lone expired selfsigned other foreign ed hang plain mixed ours ping <<<"$(python3 -c '
import random, socket
found = []
while len(found) < 12:
    port = random.randrange(20000, 32000)
    try:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family) as probe:
                probe.bind((host, port))
        if port not in found: found.append(port)
    except OSError: pass
print(*found)')"

# ---- certificates: a root, an intermediate, and leaves with whatever is wrong about them

tls=$TMP/tls
mkdir -p "$tls"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
# ca NAME ISSUER-OR-EMPTY
ca() {
  key "$tls/$1.key"
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' >"$tls/ca.ext"
  openssl req -new -key "$tls/$1.key" -subj "/CN=$1" -out "$tls/$1.csr" 2>/dev/null
  if [ -n "${2-}" ]; then
    openssl x509 -req -in "$tls/$1.csr" -CA "$tls/$2.pem" -CAkey "$tls/$2.key" -CAcreateserial -days 300 \
      -extfile "$tls/ca.ext" -out "$tls/$1.pem" 2>/dev/null
  else
    openssl x509 -req -in "$tls/$1.csr" -signkey "$tls/$1.key" -days 300 -extfile "$tls/ca.ext" -out "$tls/$1.pem" 2>/dev/null
  fi
}
# leaf NAME ISSUER SAN [DAYS]
leaf() {
  key "$tls/$1.key"
  openssl req -new -key "$tls/$1.key" -subj "/CN=$1" -out "$tls/$1.csr" 2>/dev/null
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$3" >"$tls/leaf.ext"
  openssl x509 -req -in "$tls/$1.csr" -CA "$tls/$2.pem" -CAkey "$tls/$2.key" -CAcreateserial -days "${4:-90}" \
    -extfile "$tls/leaf.ext" -out "$tls/$1.pem" 2>/dev/null
  cat "$tls/$1.pem" "$tls/$2.pem" >"$tls/$1.full.pem"
}
ca root
ca intermediate root
ca foreign-root
leaf good intermediate DNS:localhost,IP:127.0.0.1
leaf second intermediate DNS:localhost
leaf wrong intermediate DNS:www.example.org
leaf foreign foreign-root DNS:localhost
# openssl of Debian 12 cannot make one that has expired with "x509 -req"
key "$tls/expired.key"
openssl req -new -key "$tls/expired.key" -subj /CN=expired -out "$tls/expired.csr" 2>/dev/null
mkdir "$tls/db" && : >"$tls/db/index" && echo 77 >"$tls/db/serial"
cat >"$tls/ca.cnf" <<CONFIG
[ca]
default_ca = here
[here]
database = $tls/db/index
new_certs_dir = $tls/db
serial = $tls/db/serial
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
subjectAltName = DNS:localhost
extendedKeyUsage = serverAuth
CONFIG
openssl ca -batch -config "$tls/ca.cnf" -cert "$tls/intermediate.pem" -keyfile "$tls/intermediate.key" \
  -in "$tls/expired.csr" -out "$tls/expired.pem" -notext -startdate 20260101000000Z -enddate 20260201000000Z 2>/dev/null
cat "$tls/expired.pem" "$tls/intermediate.pem" >"$tls/expired.full.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/self.key" -out "$tls/self.full.pem" \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 30 2>/dev/null
openssl req -x509 -newkey ed25519 -nodes -keyout "$tls/ed-ca.key" -out "$tls/ed-ca.pem" -subj /CN=ed-ca -days 30 2>/dev/null
leaf ed ed-ca DNS:localhost

# ---- nginx with all of them

web=$TMP/nginx
mkdir -p "$web" "$TMP/srv" "$TMP/ct"
server() { # LISTEN CERTIFICATE KEY
  printf 'server { listen %s ssl; ssl_certificate "%s"; ssl_certificate_key "%s"; return 204; }\n' "$@"
}
both() { # PORT NAME [CHAIN]
  server "127.0.0.1:$1" "${3:-$tls/$2.full.pem}" "$tls/$2.key"
  server "[::1]:$1" "${3:-$tls/$2.full.pem}" "$tls/$2.key"
}
cp "$tls/self.full.pem" "$TMP/srv/full.pem" && cp "$tls/self.key" "$TMP/srv/key.pem"
{
  [ "$(id -u)" != 0 ] || echo 'user root root;'
  cat <<CONFIG
daemon off;
pid "$web/pid";
error_log stderr;
events { worker_connections 512; }
http {
  access_log "$web/access";
  client_body_temp_path "$web/body"; proxy_temp_path "$web/proxy"; fastcgi_temp_path "$web/fastcgi";
  uwsgi_temp_path "$web/uwsgi"; scgi_temp_path "$web/scgi";
CONFIG
  both "$good" good
  both "$lone" good "$tls/good.pem"
  both "$expired" expired
  both "$selfsigned" self
  both "$other" wrong
  both "$foreign" foreign
  both "$ed" ed
  server "127.0.0.1:$mixed" "$tls/good.full.pem" "$tls/good.key"
  server "[::1]:$mixed" "$tls/second.pem" "$tls/second.key"
  server "127.0.0.1:$ours" "$TMP/srv/full.pem" "$TMP/srv/key.pem"
  printf 'server { listen 127.0.0.1:%s ssl; ssl_certificate "%s"; ssl_certificate_key "%s";
    location /ping/ { return 204; } location /ct/ { alias "%s/"; } }\n' "$ping" "$tls/good.full.pem" "$tls/good.key" "$TMP/ct"
  echo "server { listen 127.0.0.1:$plain; return 204; }"
  echo '}'
} >"$web/nginx.conf"
nginx() { LD_LIBRARY_PATH=$NGINX_LIBRARIES "$NGINX_PROGRAM" -e stderr -p "$web" -c "$web/nginx.conf" "$@"; }
LD_LIBRARY_PATH=$NGINX_LIBRARIES "$NGINX_PROGRAM" -e stderr -p "$web" -c "$web/nginx.conf" >"$web/log" 2>&1 &
nginx_pid=$!
# A server that accepts and says nothing.
python3 -c '
import socket, sys, time
held = []
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True: held.append(server.accept())' "$hang" &
hang_pid=$!
started="$nginx_pid $hang_pid"
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
check "nginx starts" wait_until listens "$good"
wait_until listens "$hang"

status() { "$CERTO" status --ca-bundle "$tls/root.pem" "$@"; }

# ---- one fault each

check "a sound server" status "localhost:$good"
check_said "is ok" "ok     localhost:$good  localhost, 127.0.0.1" "1 server: 1 ok"
check "its address" status "127.0.0.1:$good"
fault() { # NAME PORT TEXT...
  local name=$1 port=$2
  shift 2
  expect_exit 1 "$name" status "localhost:$port"
  check_said "$name is said, with what to do" "$@" "1 server: 1 crit"
}
fault "a chain without its intermediate" "$lone" "it sends its certificate alone, without that of CN=intermediate" "fullchain.pem"
fault "an expired certificate" "$expired" "its certificate expired" "renew it"
fault "a self-signed certificate" "$selfsigned" "its certificate is self-signed"
fault "a certificate for another name" "$other" "its certificate is for www.example.org, and not for localhost"
fault "a CA that is not trusted" "$foreign" "CN=foreign-root, which is not trusted here" "--ca-bundle"
fault "a server without TLS" "$plain" "no TLS connection: it does not speak TLS"
check "and -vv has the library's words" sh -c '"$@" 2>&1 | grep -q ssl_handshake' sh "$CERTO" status -vv "localhost:$plain"
fault "a port at which nothing listens" 1 "no connection: connection refused"
expect_exit 1 "a name that does not resolve" status "nowhere.invalid:443"
check_said "is said" "the name cannot be resolved"
check "a certificate that certo cannot read" status "localhost:$ed"
check_said "is a warning" "warn" "type Ed25519, which certo cannot read"
expect_exit 1 "a server that hangs" timeout 20 "$CERTO" status --timeout 1 "127.0.0.1:$hang"
check_said "is a finding" "no connection" "timeout"
expect_exit 1 "an incomplete chain over IPv6 only" status "localhost:$mixed"
check_said "is said of IPv6" "over IPv6 (::1): it sends its certificate alone"
check "is not seen over IPv4" status -4 "localhost:$mixed"
expect_exit 1 "and is over IPv6" status -6 "localhost:$mixed"
expect_exit 1 "SMTP that is none" status --timeout 2 "localhost:$plain/smtp"

# ---- lists, formats, exit codes

cat >"$TMP/list" <<LIST
# servers
localhost:$good   # sound

!!garbage!!
localhost:$expired
user@host:443
localhost:99999
LIST
expect_exit 1 "a list with garbage" status --file "$TMP/list"
check_said "each bad line is named, and the others count" "$TMP/list: line 4: '!!garbage!!'" "line 6: 'user@host:443'" \
  "line 7: 'localhost:99999'" "ok     localhost:$good" "its certificate expired"
check "a list on standard input" bash -c "echo localhost:$good | '$CERTO' status --ca-bundle '$tls/root.pem' --file -"
expect_exit 65 "a list that is missing" status --file "$TMP/nowhere"
expect_exit 2 "Nagios: critical" status --format nagios "localhost:$good" "localhost:$expired"
check_said "in one line with performance data" "CERTO CRITICAL - 1 critical, 0 warning, 1 ok: localhost:$expired: its certificate expired" \
  "| critical=1 warning=0 ok=1 first_expiry=-"
expect_exit 0 "Nagios: ok" status --format nagios "localhost:$good"
expect_exit 1 "Nagios: warning" status --format nagios --warn 100d --crit 1d "localhost:$good"
check_said "because of --warn" "CERTO WARNING" "its certificate expires in"
expect_exit 3 "Nagios: unknown" status --format nagios nowhere.example
check_said "with the reason" "CERTO UNKNOWN - there is no certificate 'nowhere.example'"
check "a warning alone is exit code 0 otherwise" status --warn 100d --crit 1d "localhost:$good"
expect_exit 1 "--crit" status --warn 100d --crit 99d "localhost:$good"
check "JSON" status --json "localhost:$good" "localhost:$ed"
check "is what it should be" python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
assert report["certo"] == "overview/1" and report["level"] == "warn", report
worst, sound = report["endpoints"]
assert worst["findings"][0]["kind"] == "unreadable" and sound["findings"] == []
assert {one["family"] for one in sound["served"]} == {4, 6}
assert sound["served"][0]["names"] == ["localhost", "127.0.0.1"]' "$TMP/out"
refused 64 "a format that is none" "'xml' is not a format" "$CERTO" status --format xml
refused 64 "a critical time that is longer" "--crit is longer than --warn" "$CERTO" status --warn 1d --crit 2d
refused 64 "a time that is none" "--warn: 'soon' is not a time" "$CERTO" status --warn soon
refused 66 "a name that is not in the store" "shop.example" "$CERTO" status shop.example

# ---- certificates of the store

site=shop.example.com
old_workers=$(cat "/proc/$nginx_pid/task/$nginx_pid/children")
# For a moment after a reload, the old workers answer, too.
old_workers_are_gone() {
  local one
  for one in $old_workers; do [ ! -e "/proc/$one" ] || return 1; done
}
check "a certificate, installed" "$CERTO" issue -d $site --agree-tos --server "$PEBBLE_DIRECTORY" --ca-bundle "$PEBBLE_CA" \
  --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT" --key-file "$TMP/srv/key.pem" --fullchain-file "$TMP/srv/full.pem" \
  --reloadcmd "kill -HUP $nginx_pid" --verify "127.0.0.1:$ours"
check "nginx has reloaded" wait_until old_workers_are_gone
check "is ok" status $site
check_said "with its server" "ok     $site" "1 of 1 server presents the right certificate"
check "without asking the server" status --no-probe $site
check "all of the store" status
check_said "and that nothing renews it" "nothing starts certo" "certo schedule install"
chmod 644 "$TMP/srv/key.pem"
check "a key that all can read" status $site
check_said "is a warning" "srv/key.pem: all users can read the private key" "chmod 0640"
chmod 600 "$TMP/srv/key.pem"
cp "$TMP/srv/full.pem" "$TMP/kept.pem" && cp "$tls/good.full.pem" "$TMP/srv/full.pem"
expect_exit 1 "another certificate in the installed file" status --no-probe $site
check_said "is said, with what to do" "srv/full.pem is not what the store has" \
  "srv/key.pem is for another key than the one that is installed with it" "certo install-cert -d $site --force"
rm "$TMP/srv/full.pem"
expect_exit 1 "an installed file that is missing" status --no-probe $site
check_said "is said" "srv/full.pem is missing"
cp "$TMP/kept.pem" "$TMP/srv/full.pem"
check "all is well again" status $site

# ---- certificates that are not in the store

cat "$tls/root.pem" "$PEBBLE_CA" >"$TMP/bundle.pem"
# What crt.sh answers, with the serial number of ours: a precertificate and its certificate, one that has expired, one of
# another domain, and ours.
python3 - "$(openssl x509 -in "$CERTO_HOME/certs/$site/live/cert.pem" -noout -serial | cut -d= -f2)" >"$TMP/ct/recorded" <<'END'
import json, sys
def entry(serial, names, seen="2030-04-02T21:29:08.423", end="2099-07-01T21:24:46"):
    return {"issuer_ca_id": 282054, "issuer_name": "C=US, O=Example, CN=Example CA 1", "common_name": names[0],
            "name_value": "\n".join(names), "id": 25342399799, "entry_timestamp": seen, "not_before": "2026-04-02T21:18:57",
            "not_after": end, "serial_number": serial, "result_count": 2}
print(json.dumps([entry("06520589ef17", ["shop.example.com", "*.shop.example.com"]),
                  entry("06520589ef17", ["shop.example.com"], seen="2030-04-01T00:00:00"),
                  entry("0a", ["old.shop.example.com"], end="2020-01-01T00:00:00"),
                  entry("0b", ["notshop.example.com"]),
                  entry("00" + sys.argv[1].lower(), ["shop.example.com"])]))
END
echo '<html><body>502</body></html>' >"$TMP/ct/html"
search() { "$CERTO" status --ct --ct-url "https://127.0.0.1:$ping/ct/$1?q={name}&output=json" --ca-bundle "$TMP/bundle.pem" "${@:2}"; }
check "a search for other certificates" search recorded $site
check_said "says what it sends, and what is not ours" "asking 127.0.0.1 for $site" \
  "a certificate that is not in the store: for shop.example.com, *.shop.example.com, by C=US, O=Example, CN=Example CA 1, first seen 2030-04-01"
check "a precertificate and its certificate are one, and nothing else is there" is "$(grep -c 'not in the store' "$TMP/out")" 1
check "the name was sent" grep -q '"GET /ct/recorded?q=shop.example.com&output=json HTTP' "$web/access"
check "in JSON" search recorded $site --json
check "it has all members" python3 -c '
import json, sys
one, = json.load(open(sys.argv[1]))["unknown"]
assert one["serial"] == "06520589ef17" and one["first_seen"] == "2030-04-01T00:00:00Z", one' "$TMP/out"
check "a service that answers HTML" search html $site
check_said "is a finding" "could not be searched: 127.0.0.1: it answers with HTML instead of a list in JSON" "--ct-url"
check "a service that is down" search nothing $site
check_said "is a finding, too" "could not be searched: 127.0.0.1: it answers with HTTP status 404"
refused 64 "a URL without the name" "there is no {name} in it" "$CERTO" status --ct --ct-url https://ct.example/

# ---- cron: metrics, and the dead man's switch

cron() { "$CERTO" cron --ca-bundle "$TMP/bundle.pem" "$@"; }
cat "$tls/root.pem" "$PEBBLE_CA" >"$TMP/bundle.pem"
secret=https://127.0.0.1:$ping/ping/0123-secret-4567
(umask 077 && echo "$secret" >"$TMP/ping-url")
printf 'metrics-file = %s\nping-url-file = %s\n' "$TMP/certo.prom" "$TMP/ping-url" >"$CERTO_HOME/certo.conf"
chmod 600 "$CERTO_HOME/certo.conf"
check "a pass" cron -vv --log "$TMP/cron.log"
check "requested the URL" grep -q '"GET /ping/0123-secret-4567 HTTP' "$web/access"
check "which is a secret" bash -c "! grep -q 0123-secret '$TMP/cron.log' '$TMP/err' '$TMP/out'"
check "while its server is in the log" grep -q "GET 127.0.0.1:$ping/…: 204" "$TMP/cron.log"
check "promtool accepts the metrics" bash -c "'$PROMTOOL' check metrics <'$TMP/certo.prom'"
check "promtool accepts those of certo status" bash -c \
  "set -o pipefail; '$CERTO' status --format prometheus --ca-bundle '$TMP/bundle.pem' | '$PROMTOOL' check metrics"
check "the metrics know the certificate" grep -q "^certo_certificate_level{certificate=\"$site\"} 0$" "$TMP/certo.prom"
check "and the run" grep -q "^certo_last_run_exit_code 0$" "$TMP/certo.prom"
check "everybody may read them" is "$(stat -c %a "$TMP/certo.prom")" 644
check "a quiet pass" cron
check "says nothing" is "$(cat "$TMP/out" "$TMP/err")" ""
chmod 644 "$TMP/ping-url"
check "a URL that others can read" cron
check_said "is not used" "warning: ping: "
chmod 600 "$TMP/ping-url"
echo "http://127.0.0.1:$plain/0123-secret" >"$TMP/ping-url"
check "a URL without TLS" cron
check_said "is not used, and not shown" "ping: $TMP/ping-url: the first line is not an https URL"
check "it is nowhere" bash -c "! grep -q 0123-secret '$TMP/err'"
rm "$TMP/ping-url" && echo "metrics-file = $TMP/certo.txt" >"$CERTO_HOME/certo.conf"
check "a file that node_exporter would not read" cron
check_said "is not written" "metrics: $TMP/certo.txt: node_exporter reads only files that end with .prom"
rm "$CERTO_HOME/certo.conf"

# The server was not reloaded after a renewal.
"$CERTO" install-cert -d $site --forget 2>/dev/null
check "an installation without a reload" "$CERTO" install-cert -d $site --key-file "$TMP/srv/key.pem" \
  --fullchain-file "$TMP/srv/full.pem" --verify "127.0.0.1:$ours"
served=$(openssl x509 -in "$TMP/srv/full.pem" -noout -serial | cut -d= -f2 | tr A-F a-f)
expect_exit 4 "a renewal of which the server does not know" "$CERTO" renew --force $site --ca-bundle "$PEBBLE_CA"
check "is a warning" status $site
check_said "about the server and the installation" "127.0.0.1:$ours: it presents the certificate with serial" "${served#0}, which ends at" \
  "and not the one of the store" "not installed"

# ---- alerts

rm -f "$CERTO_HOME/alerts.json"  # servers are asked once a day
mkdir -p "$CERTO_HOME/hooks/notify"
printf '#!/bin/sh\n{ echo "$CERTO_EVENT|$CERTO_SUBJECT"; cat; } >>"%s"\n' "$TMP/news" >"$CERTO_HOME/hooks/notify/tell"
chmod 755 "$CERTO_HOME/hooks/notify/tell"
"$CERTO" install-cert -d $site --forget 2>/dev/null
"$CERTO" install-cert -d $site --verify "127.0.0.1:$ours" 2>/dev/null
python3 - "$CERTO_HOME/certs/$site/status.json" "$CERTO_HOME/certs/$site/targets.json" <<'END'
import datetime, json, sys
status, targets = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3)
# Due for so long that the middle of the window has passed, and held back.
later = later.strftime("%Y-%m-%dT%H:%M:%SZ")
status.update(due="2006-01-01T00:00:00Z", failures=2, last_error="no such name", retry_at=later, ari_again=later)
for one in ("window_start", "window_end"): status.pop(one, None)
# As if the installation had been proven.
targets["installations"][0].update(version=__import__("os").readlink(sys.argv[1].replace("status.json", "live")))
for path, value in ((sys.argv[1], status), (sys.argv[2], targets)):
    json.dump(value, open(path, "w"))
END
expect_exit 75 "a pass with one that is held back" cron
check_said "tells of what is late, and of the server" "$site: it should have been renewed" "it presents the certificate with serial"
check "the hook got an event for each" is "$(grep '|' "$TMP/news" | cut -d'|' -f1 | tr '\n' ' ')" "late endpoint "
check "and what to do" grep -q '  hint: ' "$TMP/news"
: >"$TMP/news"
expect_exit 75 "the next pass" cron
check "tells nothing twice on a day" is "$(cat "$TMP/news" "$TMP/out" "$TMP/err")" ""
sed -i 's/"at": "20[0-9]*/"at": "2006/; s/"servers_asked": "20[0-9]*/"servers_asked": "2006/' "$CERTO_HOME/alerts.json"
expect_exit 75 "a pass on the next day" cron
check "tells again" is "$(grep '|' "$TMP/news" | cut -d'|' -f1 | tr '\n' ' ')" "late endpoint "
echo '{' >"$CERTO_HOME/alerts.json"
expect_exit 75 "a damaged list of what was told" cron
check_said "is made again" "$site: it should have been renewed"
