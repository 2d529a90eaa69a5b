#!/usr/bin/env bash
# --resolver: several in their order, DNS over HTTPS, and what is not a DNS server.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA SSL_CERT_FILE=$TESTBED_CA
service=(--dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
certs=$CERTO_HOME/certs

# stored NAME: the resolvers in its request.
stored() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["way"]["resolver"])' "$certs/$1/request.json"; }
# not_over_port_53: -vv showed no question but to the server of HTTPS, or to a zone's own server.
only_https() { ! grep -E 'DNS (TXT|SOA|CNAME) ' "$TMP/err.last" | grep -qv " at $DNS_OVER_HTTPS"; }

check "an account" "$CERTO" account new --agree-tos

# ---- DNS over HTTPS ----

check "by DNS over HTTPS" "$CERTO" issue -d doh.example.com -d '*.doh.example.com' "${service[@]}" --resolver "$DNS_OVER_HTTPS" -vv
check_said "... the record was asked for there" "DNS TXT _acme-challenge.doh.example.com at $DNS_OVER_HTTPS: answered"
check "... and nowhere else" only_https
check "... and no record is left" is "$(dns_txt_count _acme-challenge.doh.example.com)" 0
check "... it is stored" is "$(stored doh.example.com)" "$DNS_OVER_HTTPS"
check "... and used by a renewal" "$CERTO" renew --force doh.example.com -vv
check_said "... for the same question" "DNS CNAME _acme-challenge.doh.example.com at $DNS_OVER_HTTPS"

# ---- several ----

check "a dead one before one that answers" "$CERTO" issue -d two.example.com "${service[@]}" \
  --resolver 127.0.0.1:1 --resolver "$DNS_ADDR" -v
check_said "... which is said" "the resolver 127.0.0.1:1 does not answer; asking the resolver $DNS_ADDR"
check "... both are stored" is "$(stored two.example.com)" "['127.0.0.1:1', '$DNS_ADDR']"
check "... and read again" "$CERTO" renew --force two.example.com
check "a dead URL before an address" "$CERTO" issue -d three.example.com "${service[@]}" \
  --resolver https://127.0.0.1:1/dns-query --resolver "$DNS_ADDR" -v
check_said "... which is said" "the resolver https://127.0.0.1:1/dns-query does not answer; asking the resolver $DNS_ADDR"
check "the answer of the first one counts" "$CERTO" issue -d four.example.com "${service[@]}" \
  --resolver "$DNS_ADDR" --resolver 127.0.0.1:1 -v
check "... so that no other is asked" bash -c "! grep -q 'does not answer' '$TMP/err'"

# ---- no DNS server ----

# An HTTPS server that answers each POST with a page: of status 200, or 503 below /busy.
python3 - "$TMP" "$TMP/testbed/tls" <<'PYTHON' &
import http.server, os, ssl, sys

class Page(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Type", "application/dns-message" if self.path == "/junk" else "text/html")
        page = b"<html>Welcome!</html>"
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Page)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2] + "/server.pem", sys.argv[2] + "/server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(sys.argv[1] + "/port.new", "w") as file:
    file.write(str(server.server_port))
os.rename(sys.argv[1] + "/port.new", sys.argv[1] + "/port")
server.serve_forever()
PYTHON
page=$!
wait_until test -e "$TMP/port"
url=https://127.0.0.1:$(cat "$TMP/port")

refused 78 "a server that answers HTML" "the resolver $url/ does not answer with a DNS message, but with HTTP status 200, text/html" \
  "$CERTO" issue -d html.example.com "${service[@]}" --resolver "$url/"
check "... nothing is kept" test ! -e "$certs/html.example.com/live"
refused 78 "a wrong status" "does not answer with a DNS message, but with HTTP status 415" \
  "$CERTO" issue -d html.example.com "${service[@]}" --resolver "$PEBBLE_DIRECTORY"
check "one that is busy is passed over" "$CERTO" issue -d busy.example.com "${service[@]}" \
  --resolver "$url/busy" --resolver "$DNS_ADDR" -v
check_said "... which is said" "answers with HTTP status 503" "asking the resolver $DNS_ADDR"
check "one that says nothing in the right form, too" "$CERTO" issue -d junk.example.com "${service[@]}" \
  --resolver "$url/junk" --resolver "$DNS_ADDR" -v
kill "$page"
for bad in dns.example http://127.0.0.1/dns-query https:// https://me@dns.example/ 127.0.0.1:x; do
  refused 64 "not a resolver: $bad" "resolver" "$CERTO" issue -d bad.example.com "${service[@]}" --resolver "$bad"
done
