#!/usr/bin/env bash
# tls-alpn-01: certo answers on the CA's port, for names and addresses; behind nginx and HAProxy, which keep port 443;
# and on a socket that systemd passes.
TESTBED="pebble challtestsrv nginx tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
alpn=(--alpn --listen "127.0.0.1:$PEBBLE_TLS_PORT")
srv=$TMP/srv
mkdir -p "$srv"
chmod 755 "$TMP"
pebble_root 0 >"$TMP/root.pem"

issue() {
  "$CERTO" issue --agree-tos "$@"
}
good() { # NAME NAMES
  local live=$CERTO_HOME/certs/$1/live
  signed_by "$TMP/root.pem" "$live/fullchain.pem" && same_key "$live/key.pem" "$live/cert.pem" &&
    is "$(names_in "$live/cert.pem")" "$2"
}

# ---- issue, renew, pipe ----

check "one name" issue -d a.example.com "${alpn[@]}"
check "... the certificate is for it" good a.example.com a.example.com
check "... its journals are gone" is "$(find "$CERTO_HOME/presented" -mindepth 1 2>/dev/null)" ""
check "info shows how it is proven" "$CERTO" info a.example.com
check_said "... by the method and its port" "alpn 127.0.0.1:$PEBBLE_TLS_PORT"
check "it renews in an empty environment" env -i PATH="$PATH" "$CERTO" --home "$CERTO_HOME" renew -f a.example.com
check "... for the same name" good a.example.com a.example.com

check "several names and an address in one certificate" issue -d b.example.com -d c.example.com -d 127.0.0.1 "${alpn[@]}"
check "... are in it" good b.example.com "127.0.0.1 b.example.com c.example.com"
if python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' 2>/dev/null; then
  check "an IPv6 address" issue -d ::1 --alpn --listen "[::1]:$PEBBLE_TLS_PORT" --cert-name v6
  check "... is in it" is "$(names_in "$CERTO_HOME/certs/v6/live/cert.pem")" "0:0:0:0:0:0:0:1"
fi
set_a d.example.com 127.0.0.2
check "together with another method" issue -d d.example.com --webroot "$WEBROOT" -d e.example.com "${alpn[@]}"
check "... both are in it" good d.example.com "d.example.com e.example.com"

# Passes connections on to pebble, and counts them in $TMP/connections. Pebble's URLs have the host and port that it
# was asked by, so all requests of a run come here.
cat >"$TMP/count.py" <<'PYTHON'
import os, socket, sys, threading

def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass

server = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[2] + "/port.new", "w") as file:
    print(server.getsockname()[1], file=file)
os.rename(sys.argv[2] + "/port.new", sys.argv[2] + "/port")
while True:
    client, _ = server.accept()
    with open(sys.argv[2] + "/connections", "a") as file:
        print("one", file=file)
    pebble = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    for pair in (client, pebble), (pebble, client):
        threading.Thread(target=pump, args=pair, daemon=True).start()
PYTHON
pebble_port=${PEBBLE_DIRECTORY##*:}
pebble_port=${pebble_port%%/*}
python3 "$TMP/count.py" "$pebble_port" "$TMP" &
started="$started $!"
wait_until test -e "$TMP/port"
counted=${PEBBLE_DIRECTORY/:$pebble_port/:$(cat "$TMP/port")}
check "an account of its own" "$CERTO" account new --agree-tos --server "$counted"
: >"$TMP/connections"
twenty=()
for i in $(seq 20); do twenty+=(-d "n$i.example.com"); done
check "twenty names" issue "${twenty[@]}" "${alpn[@]}" --server "$counted" -vv
check "... take one connection" is "$(wc -l <"$TMP/connections")" 1
requests=$(grep -cE '(GET|HEAD|POST) https://' "$TMP/err")
check "... take at most 67 requests" test "$requests" -le 67

"$CERTO" order -d p.example.com >"$TMP/order.json"
check "the pipe" "$CERTO" solve "${alpn[@]}" "$TMP/order.json"
check "... shows the type that was used" python3 -c '
import json, sys
order = json.load(open(sys.argv[1]))
used = [c["type"] for a in order["authorizations"] for c in a["challenges"] if c["status"] == "valid"]
sys.exit(used != ["tls-alpn-01"])' "$TMP/out"

# ---- what is refused ----

refused 64 "a wildcard" "cannot prove it" issue -d '*.w.example.com' "${alpn[@]}"
refused 64 "an address to listen on that is none" "is not an address and port" issue -d w.example.com --alpn --listen 443
refused 64 "one address for two methods" "--standalone and --alpn" \
  issue -d w.example.com --standalone -d x.example.com --alpn --listen "127.0.0.1:$PEBBLE_TLS_PORT"
python3 -c '
import socket, sys, time
taken = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2], "w").close()
time.sleep(600)' "$PEBBLE_TLS_PORT" "$TMP/taken" &
taker=$!
started="$started $taker"
wait_until test -e "$TMP/taken"
refused 78 "a port that another program has" "another program uses it" issue -d w.example.com "${alpn[@]}"
check_said "... leads to the way around" "certo help tls-alpn"
kill "$taker"
wait "$taker" 2>/dev/null

# ---- a socket of systemd's ----

cat >"$TMP/pass.py" <<'PYTHON'
import os, socket, sys

one = socket.create_server(("127.0.0.1", int(sys.argv[1])))
os.dup2(one.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
PYTHON
check "a socket that systemd passes" python3 "$TMP/pass.py" "$PEBBLE_TLS_PORT" "$CERTO" issue -d s.example.com "${alpn[@]}"
check "... serves --standalone too" \
  python3 "$TMP/pass.py" "$PEBBLE_HTTP_PORT" "$CERTO" issue -d t.example.com --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"

# ---- behind the server that has port 443: the lines of 'certo help tls-alpn' ----

# shellcheck disable=SC2046  # a list of numbers
set -- $(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in sockets])')
certo_port=$1 sites_port=$2 middle_port=$3
# lines HEADING NUMBER: the NUMBERth block of lines below HEADING, with the ports of this test.
lines() {
  "$CERTO" help tls-alpn |
    awk -v heading="$1" -v wanted="$2" '/^[A-Z]+$/ { here = $0 == heading; next } !here || /^$/ { next }
      /^    / { if (!inside) ++block; inside = 1; if (block == wanted) print; next } { inside = 0 }' |
    sed -e "s/127\.0\.0\.1:10443/127.0.0.1:$certo_port/" -e "s/127\.0\.0\.1:10442/127.0.0.1:$middle_port/" \
      -e "s/127\.0\.0\.1:8443/127.0.0.1:$sites_port/" -e "s/listen 443;/listen 127.0.0.1:$PEBBLE_TLS_PORT;/" \
      -e "s/bind :443/bind 127.0.0.1:$PEBBLE_TLS_PORT/" -e '/\[::\]:443/d' -e "s|/etc/haproxy/certs/|$srv/both.pem|"
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$srv/key.pem" -out "$srv/cert.pem" \
  -subj /CN=site -addext "subjectAltName=DNS:f.example.com" -days 30 2>/dev/null
cat "$srv/key.pem" "$srv/cert.pem" >"$srv/both.pem"
site_answers() {
  timeout 5 openssl s_client -connect "127.0.0.1:$PEBBLE_TLS_PORT" -servername f.example.com -alpn http/1.1 </dev/null 2>/dev/null |
    openssl x509 -noout -subject 2>/dev/null | grep -q site
}
behind=(--alpn --listen "127.0.0.1:$certo_port")

nginx_with() { # NUMBER "[proxy_protocol]"
  {
    [ "$(id -u)" != 0 ] || echo 'user root root;'
    printf 'load_module "%s";\ndaemon off;\npid "%s";\nerror_log stderr;\nevents { worker_connections 64; }\n' \
      "$(find "${NGINX_PROGRAM%/sbin/nginx}" -name ngx_stream_module.so)" "$srv/pid"
    lines NGINX "$1"
    printf 'http {\n  access_log off;\n'
    for folder in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/%s";\n' $folder "$srv" $folder; done
    printf '  server { listen 127.0.0.1:%s ssl %s; ssl_certificate "%s/cert.pem"; ssl_certificate_key "%s/key.pem"; }\n}\n' \
      "$sites_port" "$2" "$srv" "$srv"
  } >"$srv/nginx.conf"
  LD_LIBRARY_PATH=$NGINX_LIBRARIES "$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/nginx.conf" >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
stop_server() {
  kill "$server"
  wait "$server" 2>/dev/null
}

nginx_with 1 ""
check "nginx has the port" wait_until site_answers
check "... and passes the CA's connection on" issue -d f.example.com "${behind[@]}"
check "... while the site answers as before" site_answers
stop_server
nginx_with 2 proxy_protocol
check "nginx with the PROXY protocol" wait_until site_answers
check "... passes it on as well" issue -d f.example.com -f "${behind[@]}"
stop_server

{
  printf 'global\n  log stderr local0\ndefaults\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n'
  lines HAPROXY 1 | sed 's/^    //'
} >"$srv/haproxy.cfg"
LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES "$TLS_SERVERS/usr/sbin/haproxy" -W -f "$srv/haproxy.cfg" >"$srv/log" 2>&1 </dev/null &
server=$!
started="$started $server"
check "HAProxy has the port" wait_until site_answers
check "... and passes the CA's connection on" issue -d g.example.com "${behind[@]}"
check "... while the site answers as before" site_answers
