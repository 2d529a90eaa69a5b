#!/usr/bin/env bash
# Mistakes get one sentence, one hint and the right exit code, and change nothing.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_CA_BUNDLE=$PEBBLE_CA
log=$TMP/testbed/log/pebble
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
cd "$TMP" || exit 1

# state: the content of the state folder.
state() {
  find "$CERTO_HOME" -type f ! -name lock -exec cksum {} + 2>/dev/null | sort
}

# wrong CODE NAME TEXT COMMAND...: refused, without a change or a request.
wrong() {
  local before requests
  before=$(state)
  requests=$(grep -c 'calling handler' "$log")
  refused "$@"
  [ "$before" = "$(state)" ] || not_ok "$2: the state is as it was"
  [ "$requests" = "$(grep -c 'calling handler' "$log")" ] || not_ok "$2: nobody was asked"
}

# from FILE COMMAND...: with FILE as standard input.
from() {
  local file=$1
  shift
  "$@" <"$file"
}

export CERTO_SERVER=$PEBBLE_DIRECTORY
mkdir web

# ---- words ----

wrong 64 "an unknown command" "isue" "$CERTO" isue
check_said "... the nearest is named" "did you mean 'certo issue'?"
wrong 64 "a command that resembles no other" "xyzzy" "$CERTO" xyzzy
wrong 64 "an unknown option" "--webrot" "$CERTO" issue -d example.com --webrot web
check_said "... the nearest is named" "did you mean --webroot?"
wrong 64 "an option without its value" "--domain" "$CERTO" issue --domain
wrong 64 "a value for a switch" "--standalone" "$CERTO" issue -d example.com --standalone=yes
wrong 64 "an option twice" "--cert-name" "$CERTO" issue -d example.com --cert-name a --cert-name b --standalone
wrong 64 "a word too many" "extra" "$CERTO" version extra
wrong 64 "no name" "-d" "$CERTO" issue --standalone
wrong 64 "no way to prove it" "how should" "$CERTO" issue -d example.com
wrong 64 "two ways to prove it" "exclude each other" "$CERTO" issue -d example.com --standalone --webroot web
wrong 64 "an option of another way" "--listen" "$CERTO" issue -d example.com --webroot web --listen 127.0.0.1:80
wrong 64 "an unknown key type" "ec-255" "$CERTO" keygen -k ec-255
check_said "... the nearest is named" "ec-256"
wrong 64 "an unknown account action" "rolover" "$CERTO" account rolover
wrong 64 "an unknown shell" "tcsh" "$CERTO" completion tcsh
wrong 64 "an unknown server" "letsencrpt" "$CERTO" account show --server letsencrpt
check_said "... the nearest is named" "letsencrypt"
wrong 64 "a server that is not https" "http://" "$CERTO" account show --server http://ca.example/directory
wrong 64 "a deadline that is not a number" "soon" "$CERTO" issue -d example.com --standalone --deadline soon
wrong 64 "an invalid address" "--listen" "$CERTO" issue -d example.com --standalone --listen example.com
wrong 64 "an invalid e-mail address" "nobody" "$CERTO" account new --agree-tos --email nobody
wrong 64 "quiet and verbose" "exclude" "$CERTO" list -q -v

# ---- names ----

for name in 'exa mple.com' 'example..com' '-example.com' 'exa_mple.com/' '*.*.example.com' 'www.*.com' '*' ''; do
  wrong 64 "the name '$name'" "" "$CERTO" issue -d "$name" "${standalone[@]}"
done
long=$(printf 'a%.0s' {1..64}).example.com
wrong 64 "a label of 64 characters" "" "$CERTO" issue -d "$long" "${standalone[@]}"
dns=(--dns "exec:$DNS_PROVIDER" --resolver "$DNS_ADDR" --dns-env CHALLTESTSRV --dns-env DNS_ADDR)
wrong 64 "www together with a wildcard" "www.example.com" "$CERTO" issue -d '*.example.com' -d www.example.com "${dns[@]}"
wrong 64 "... in an order too" "www.example.com" "$CERTO" order -d '*.example.com' -d www.example.com
wrong 64 "a wildcard without DNS" "wildcard" "$CERTO" issue -d '*.example.com' "${standalone[@]}"
wrong 64 "a name of a certificate with a slash" "a/b" "$CERTO" issue -d example.com --cert-name a/b "${standalone[@]}"

# ---- standard input and files ----

printf 'this is nothing\n' >garbage
head -c 300 /dev/urandom >noise
: >empty
printf -- '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' >broken.key
for file in garbage noise empty; do
  wrong 65 "csr from $file" "" from "$file" "$CERTO" csr -d example.com
  wrong 65 "order from $file" "" from "$file" "$CERTO" order
  wrong 65 "solve from $file" "" from "$file" "$CERTO" solve "${standalone[@]}"
  wrong 65 "fetch from $file" "" from "$file" "$CERTO" fetch
  wrong 65 "inspect from $file" "" from "$file" "$CERTO" inspect
done
wrong 65 "a key that is cut" "" "$CERTO" csr -d example.com --key broken.key
expect_exit 65 "a missing file" "$CERTO" inspect nothing.pem
check_said "... and it says so" "certo: nothing.pem: cannot be read: no such file"
"$CERTO" keygen -o good.key
wrong 65 "a key where a request is expected" "" from good.key "$CERTO" order

# ---- the account ----

mkdir -m 700 nobody
printf '{"certo":"order/1","directory":"%s","account":"https://127.0.0.1/a","url":"https://127.0.0.1/o","status":"pending",%s}\n' \
  "$PEBBLE_DIRECTORY" '"identifiers":[{"type":"dns","value":"example.com"}],"finalize":"https://127.0.0.1/f","authorizations":[]' >order.json
wrong 78 "solve without an account" "there is no account" "$CERTO" solve "${standalone[@]}" order.json
wrong 78 "fetch without an account" "there is no account" "$CERTO" fetch --key good.key order.json
wrong 78 "account show without an account" "there is no account" "$CERTO" account show
refused 78 "terms that nobody agreed to" "terms" "$CERTO" account new --no-input
check "an account" "$CERTO" account new --agree-tos
wrong 64 "--eab-kid without its key" "HMAC" "$CERTO" account new --eab-kid x

# ---- the CA ----

# A separate folder keeps the account of that "CA" out of the comparison.
export CERTO_HOME=$TMP/stranger
refused 69 "an unknown name of a CA" "nothing.invalid" "$CERTO" order -d example.com --server https://nothing.invalid/dir
refused 69 "a CA that does not answer" "127.0.0.1:1" "$CERTO" account new --agree-tos --server https://127.0.0.1:1/dir
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -days 9 -keyout other.key -out other.pem \
  2>/dev/null
refused 69 "a CA with another server's certificate" "certificate" "$CERTO" account new --agree-tos --ca-bundle other.pem
check_said "... the hint names the option" "--ca-bundle"
export CERTO_HOME=$TMP/certo
wrong 78 "a missing bundle" "nothing.pem" "$CERTO" order -d example.com --ca-bundle nothing.pem
wrong 78 "an invalid bundle" "garbage" "$CERTO" order -d example.com --ca-bundle garbage

# ---- the web ----

wrong 78 "a missing webroot" "nowhere" "$CERTO" issue -d example.com --webroot nowhere
wrong 78 "a webroot that is a file" "garbage" "$CERTO" issue -d example.com --webroot garbage
python3 -c 'import socket, sys, time
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)
sys.stdin.read()' >port < <(tail -f /dev/null --pid=$$) &
until [ -s port ]; do kill -0 $! || break; done
refused 78 "a port that is in use" "another program" "$CERTO" issue -d example.com --standalone --listen "127.0.0.1:$(cat port)"
kill $!
check "... nothing is kept but the order, which can still be used" test ! -e "$CERTO_HOME/certs/example.com/request.json"

# ---- DNS programs ----

printf '#!/bin/sh\nexit 0\n' >plain
wrong 78 "a DNS program that is not executable" "plain" "$CERTO" issue -d example.com --dns "exec:$TMP/plain"
cp plain open && chmod 777 open
wrong 78 "a DNS program that everybody can change" "open" "$CERTO" issue -d example.com --dns "exec:$TMP/open"
wrong 78 "a missing DNS program" "missing" "$CERTO" issue -d example.com --dns "exec:$TMP/missing"
wrong 78 "an unknown DNS service" "cloudfare" "$CERTO" issue -d example.com --dns cloudfare

# ---- the state folder ----

mkdir shared && chmod 777 shared
refused 77 "a state folder that others can write to" "shared" "$CERTO" list --home shared
refused 73 "a state folder that cannot be made" "/proc/certo" "$CERTO" issue -d example.com --home /proc/certo "${standalone[@]}"
mkdir -m 700 conf && printf 'servr=letsencrypt\n' >conf/certo.conf
refused 78 "an unknown setting" "servr" "$CERTO" list --home conf
check_said "... the nearest is named" "did you mean server?"

# ---- a full disk: no file can grow, and the signal that would come with it is ignored ----

full() {
  bash -c 'trap "" XFSZ && ulimit -f 0 && exec "$@"' full "$@"
}
# refused() itself writes more than that, so the words go through pipes.
full_disk() {
  full "$@" 2>&1 | cat
  return "${PIPESTATUS[0]}"
}
before=$(state)
requests=$(grep -c 'calling handler' "$log")
expect_exit 73 "a key onto a full disk" full_disk "$CERTO" keygen -o full.key
check_said "... in one sentence" "certo: full.key: "
check "... leaves no file" is "$(find . -maxdepth 1 -name '*full.key*')" ""
expect_exit 73 "a certificate onto a full disk" full_disk "$CERTO" issue -d example.com "${standalone[@]}"
check_said "... names the folder" "$CERTO_HOME" "certo: hint: "
check "... no CA was contacted" is "$(grep -c 'calling handler' "$log")" "$requests"
check "... the state did not change" is "$(state)" "$before"

# ---- a warning, not a refusal ----

check "a key that goes to a file that everybody can read" bash -c "umask 022; '$CERTO' keygen 2>warning >world.key"
check "... causes a warning" grep -q '^certo: warning: .*everybody can read' warning

# ---- the CA goes away ----

check "a certificate" "$CERTO" issue -d kept.example.com "${standalone[@]}"
read -r pid _ <"$TMP/testbed/pid/pebble"
kill "$pid"
while kill -0 "$pid" 2>/dev/null; do :; done
wrong 69 "issue, and the CA is down" "cannot connect" "$CERTO" issue -d new.example.com "${standalone[@]}"
wrong 69 "order, and the CA is down" "cannot connect" "$CERTO" order -d new.example.com
live=$(readlink "$CERTO_HOME/certs/kept.example.com/live")
refused 69 "a forced renewal, and the CA is down" "kept.example.com: " "$CERTO" renew --force kept.example.com
check "... leaves the certificate" is "$(readlink "$CERTO_HOME/certs/kept.example.com/live")" "$live"
check "a certificate that is not due needs no CA" "$CERTO" renew --all
