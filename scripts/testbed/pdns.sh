# shellcheck shell=bash
# PowerDNS with its HTTP API.

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
