#!/usr/bin/env bash
# certo check: each finding has a set-up that is broken in that way, and sound set-ups raise no alarm. The zones are in
# Knot, behind BIND as a validating resolver; the web servers are nginx and certo; the CA is the fake one, which says its
# name in CAA records, and pebble for the checks after a failed validation.
TESTBED="bind pebble challtestsrv nginx"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

srv=$TMP/srv
mkdir -p "$srv/knot" "$srv/named" "$srv/keys" "$srv/web"
chmod 755 "$TMP" "$srv" "$srv/web"
launch() { # LOG COMMAND...
  "${@:2}" >"$srv/$1.log" 2>&1 </dev/null &
  started="$started $!"
}
listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# ---- zones ----

depot=${BIND_TOOLS%/bind/usr/bin}
libraries_of() { # SERVER
  local path found=
  for path in "$depot/$1"/usr/lib/*-linux-gnu* "$depot/$1"/lib/*-linux-gnu*; do
    [ ! -d "$path" ] || found=$found${found:+:}$path
  done
  printf '%s' "$found"
}
port=$(python3 - <<'PY'
import random, socket
def is_free(port):
    held = []
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for host in ("127.0.0.1", "127.0.0.13", "127.0.0.15"):
                held.append(socket.socket(socket.AF_INET, kind))
                held[-1].bind((host, port))
        return True
    except OSError:
        return False
    finally:
        for one in held: one.close()
print(next(port for port in random.sample(range(12000, 19000), 500) if is_free(port)))
PY
)
http=$PEBBLE_HTTP_PORT tls=$PEBBLE_TLS_PORT

head_of() { # ZONE [NS...]
  printf '$ORIGIN %s.\n$TTL 1\n@ IN SOA ns.test. hostmaster.test. 1 60 10 3600 1\n' "$1"
  shift
  printf '@ IN NS %s\n' "${@:-ns.test.}"
}
new_key() { # ZONE: prints the key's file
  bind_tool dnssec-keygen -q -K "$srv/keys" -a ECDSAP256SHA256 -f KSK "$1"
}
sign() { # ZONE KEY OPTION...
  bind_tool dnssec-signzone -q -z -K "$srv/keys" -d "$srv/keys" -o "$1" -f "$srv/knot/$1.zone" "${@:3}" "$srv/keys/$1.plain" "$srv/keys/$2.key" \
    >/dev/null 2>"$srv/sign.log"
}

for zone in test good.test badds.test expired.test early.test; do
  key=$(new_key "$zone")
  printf '%s\n' "$key" >"$srv/keys/$zone.name"
done
key_of() { cat "$srv/keys/$1.name"; }
for zone in good.test badds.test expired.test early.test; do
  { head_of "$zone" && printf 'www IN A 127.0.0.3\n@ IN A 127.0.0.3\n$INCLUDE %s\n' "$srv/keys/$(key_of "$zone").key"; } >"$srv/keys/$zone.plain"
done
sign good.test "$(key_of good.test)"
sign badds.test "$(key_of badds.test)"
sign expired.test "$(key_of expired.test)" -P -s 20240101000000 -e 20240201000000
sign early.test "$(key_of early.test)" -P -s +7200
{
  head_of test
  cat <<ZONE
ns IN A 127.0.0.13
ns-other IN A 127.0.0.1
ns-gone IN A 127.0.0.15
plain IN NS ns
lame IN NS ns
half IN NS ns
half IN NS ns-other
gone IN NS ns
gone IN NS ns-gone
good IN NS ns
badds IN NS ns
expired IN NS ns
early IN NS ns
\$INCLUDE $srv/keys/$(key_of test).key
ZONE
  bind_tool dnssec-dsfromkey -2 "$srv/keys/$(key_of good.test).key"
  bind_tool dnssec-dsfromkey -2 "$srv/keys/$(key_of expired.test).key"
  bind_tool dnssec-dsfromkey -2 "$srv/keys/$(key_of early.test).key"
  printf 'badds.test. IN DS 12345 13 2 %064d\n' 7
} >"$srv/keys/test.plain"
sign test "$(key_of test)"
{ head_of half.test ns.test. ns-other.test. && printf 'www IN A 127.0.0.3\n'; } >"$srv/knot/half.test.zone"
{ head_of gone.test ns.test. ns-gone.test. && printf 'www IN A 127.0.0.3\n'; } >"$srv/knot/gone.test.zone"

{
  head_of plain.test
  for name in ok notfound forbidden closed login loop loop2 foreign teapot oddport see slash redirect secure long caa-ok caa-method caa-account caa-other \
    sub.caa-other caa-nobody caa-critical caa-iodef caa-wild b; do
    printf '%s IN A 127.0.0.3\n' "$name"
  done
  cat <<'ZONE'
own IN A 127.0.0.1
own6 IN AAAA ::1
refused IN A 127.0.0.9
half-up IN A 127.0.0.3
half-up IN A 127.0.0.9
v6broken IN A 127.0.0.3
v6broken IN AAAA ::1
far IN A 127.0.0.3
far IN AAAA 2001:db8::1
noaddress IN TXT "nothing"
alias IN CNAME ok
dangling IN CNAME nowhere
caa-ok IN CAA 0 issue "ca.example"
caa-method IN CAA 0 issue "ca.example; validationmethods=dns-01"
caa-account IN CAA 0 issue "ca.example; accounturi=https://ca.example/acct/999"
caa-other IN CAA 0 issue "other.example"
caa-nobody IN CAA 0 issue ";"
caa-critical IN CAA 128 future "1"
caa-critical IN CAA 0 issue "ca.example"
caa-iodef IN CAA 0 iodef "mailto:a@b.example"
caa-wild IN CAA 0 issue "ca.example"
caa-wild IN CAA 0 issuewild ";"
_acme-challenge.stale IN TXT "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
_acme-challenge.strange IN TXT "v=spf1 -all"
*.wild IN TXT "anything"
_acme-challenge.led IN CNAME _acme-challenge.b
_acme-challenge.astray IN CNAME b
_acme-challenge.circle IN CNAME _acme-challenge.circle2
_acme-challenge.circle2 IN CNAME _acme-challenge.circle
_validation-persist.persist-other IN TXT "ca.example; accounturi=https://ca.example/acct/999"
ZONE
} >"$srv/knot/plain.test.zone"

secret=$(openssl rand -base64 32)
cat >"$srv/knot.conf" <<CONFIG
server:
    rundir: "$srv/knot"
    listen: 127.0.0.13@$port
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stdout
    any: info
database:
    storage: "$srv/knot"
key:
  - id: check
    algorithm: hmac-sha256
    secret: $secret
acl:
  - id: updated
    key: check
    action: update
template:
  - id: default
    storage: "$srv/knot"
    file: "%s.zone"
zone:
  - domain: test
  - domain: good.test
  - domain: badds.test
  - domain: expired.test
  - domain: early.test
  - domain: half.test
  - domain: gone.test
  - domain: plain.test
    acl: updated
CONFIG
cat >"$srv/named.conf" <<CONFIG
options {
  directory "$srv/named";
  pid-file "$srv/named/pid";
  session-keyfile "$srv/named/session.key";
  lock-file none;
  listen-on port $port { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion yes;
  dnssec-validation yes;
  empty-zones-enable no;
  servfail-ttl 0;
  forward only;
  forwarders { 127.0.0.13 port $port; };
};
controls { };
trust-anchors { test. static-key 257 3 13 "$(awk '/DNSKEY/ { for (i = 7; i <= NF; i++) printf "%s", $i }' "$srv/keys/$(key_of test).key")"; };
logging { channel log { stderr; severity info; }; category default { log; }; };
CONFIG
launch knot env LD_LIBRARY_PATH="$(libraries_of knot)" "$depot/knot/usr/sbin/knotd" -c "$srv/knot.conf"
launch named env LD_LIBRARY_PATH="$BIND_LIBRARIES" "$depot/bind/usr/sbin/named" -4 -f -n 1 -c "$srv/named.conf"
answers() { [ -n "$(bind_tool dig +short +time=1 +tries=1 -p "$port" "@$1" ok.plain.test A)" ]; }
check "the name server answers" wait_until answers 127.0.0.13
check "... and the resolver" wait_until answers 127.0.0.1

# ---- web servers ----

has_v6=
grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null && has_v6=1
server() { # NAME BODY
  printf '  server {\n    listen 127.0.0.3:%s;\n    server_name %s;\n    %s\n  }\n' "$http" "$1" "$2"
}
{
  [ "$(id -u)" != 0 ] || printf 'user root root;\n'
  printf 'daemon off;\nworker_processes 1;\npid "%s/nginx.pid";\nerror_log stderr;\nevents { worker_connections 64; }\nhttp {\n' "$srv"
  printf '  access_log off;\n  default_type text/plain;\n'
  for kind in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/nginx-%s";\n' $kind "$srv" $kind; done
  server "_" "root $srv/web;"
  server notfound.plain.test "root $srv/named;"
  server "forbidden.plain.test closed.plain.test" "location / { deny all; }"
  server login.plain.test 'return 401;'
  server teapot.plain.test 'return 500;'
  server loop.plain.test 'return 301 http://loop2.plain.test$request_uri;'
  server loop2.plain.test 'return 301 http://loop.plain.test$request_uri;'
  server long.plain.test 'return 302 http://long.plain.test$request_uri-;'
  server foreign.plain.test 'return 200 "Welcome to this page";'
  server oddport.plain.test 'return 301 http://ok.plain.test:8080$request_uri;'
  server see.plain.test 'return 303 http://ok.plain.test$request_uri;'
  server slash.plain.test 'return 301 https://ok.plain.test.well-known/acme-challenge/x;'
  server redirect.plain.test 'return 301 http://ok.plain.test$request_uri;'
  server secure.plain.test 'return 301 https://secure.plain.test$request_uri;'
  printf '  server {\n    listen 127.0.0.3:%s ssl;\n    ssl_certificate %s;\n    ssl_certificate_key %s;\n    root %s;\n  }\n' \
    "$tls" "$TMP/testbed/tls/server.pem" "$TMP/testbed/tls/server.key" "$srv/web"
  [ -z "$has_v6" ] || printf '  server {\n    listen [::1]:%s;\n    return 404;\n  }\n' "$http"
  printf '}\n'
} >"$srv/nginx.conf"
launch nginx env LD_LIBRARY_PATH="$(libraries_of nginx)" \
  "$depot/nginx/usr/sbin/nginx" -e stderr -p "$srv" -c "$srv/nginx.conf"
check "the web server answers" wait_until listens 127.0.0.3 "$http"

# ---- what is run, and what it says ----

fake_start "$TMP/fake" good || exit 1
export CERTO_SERVER=$FAKE_DIRECTORY CERTO_CA_BUNDLE=$FAKE_CA CERTO_HTTP_PORT=$http CERTO_TLS_PORT=$tls
resolver=(--resolver "127.0.0.1:$port")
web=(--webroot "$srv/web")
# with_resolver ADDRESS:PORT COMMAND...: with this one in /etc/resolv.conf.
inside=(unshare -m)
[ "$(id -u)" = 0 ] || inside=(unshare -rm)
with_resolver() {
  printf 'nameserver %s\n' "$1" >"$srv/resolv.conf"
  "${inside[@]}" sh -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$srv/resolv.conf" "${@:2}"
}
look() { "$CERTO" check "${resolver[@]}" "$@"; }

# What the last of these commands printed is in $TMP/seen; `also` looks there.
run_check() { # CODE NAME COMMAND...
  expect_exit "$@"
  cat "$TMP/out" "$TMP/err" >"$TMP/seen"
}
in_seen() { grep -F -- "$1" "$TMP/seen" >/dev/null || { cat "$TMP/seen" && return 1; }; }
has_line() { grep "^$1: " "$TMP/seen" | grep -qF -- "$2" || { cat "$TMP/seen" && return 1; }; }
no_alarm() { ! grep -E '^(warning|will fail): ' "$TMP/seen"; }
says_what_to_do() { grep -A1 '^will fail: ' "$TMP/seen" | grep -q '^  do: '; }
also() { # NAME TEXT...
  local text
  for text in "${@:2}"; do check "$1: '$text'" in_seen "$text"; done
}
sound() { # NAME COMMAND...
  run_check 0 "$@"
  check "... raises no alarm" no_alarm
}
will_fail() { # CODE NAME TEXT COMMAND...: one of its failures has TEXT, and each says what to do.
  run_check "$1" "$2" "${@:4}"
  check "... because '$3'" has_line 'will fail' "$3"
  check "... and what to do" says_what_to_do
}
warns() { # NAME TEXT COMMAND...
  run_check 0 "$1" "${@:3}"
  check "... warns: '$2'" has_line warning "$2"
}

# ---- the account and the CA ----

warns "no account yet" "asks for the consent to" look -d ok.plain.test "${web[@]}"
check "an account" "$CERTO" account new --agree-tos
SECONDS=0
sound "a running web server" look -d ok.plain.test "${web[@]}"
check "... in less than ten seconds" test "$SECONDS" -lt 10
check "... leaves nothing in the webroot" is "$(find "$srv/web" -mindepth 1)" ""
will_fail 69 "a CA that is not there" "cannot connect" look -d ok.plain.test "${web[@]}" --server "https://127.0.0.1:1/dir"
fake_start "$TMP/fake-eab" eab-required
will_fail 78 "a CA that wants an external account" "belong to an external one" \
  env CERTO_CA_BUNDLE="$FAKE_CA" "$CERTO" check "${resolver[@]}" -d ok.plain.test "${web[@]}" --server "$FAKE_DIRECTORY"
fake_start "$TMP/fake-clock" date-ahead
warns "a clock that is two hours behind the CA's" "behind that of" \
  env CERTO_CA_BUNDLE="$FAKE_CA" "$CERTO" check "${resolver[@]}" -d ok.plain.test "${web[@]}" --server "$FAKE_DIRECTORY" --agree-tos
will_fail 78 "a profile that the CA does not have" "profile" look -d ok.plain.test "${web[@]}" --profile other

# ---- names ----

will_fail 64 "a wildcard and http-01" "wildcard" look -d '*.plain.test' "${web[@]}"
will_fail 64 "a name that is none" "cannot be a name" look -d 'exa mple' "${web[@]}"
refused 64 "no name" "which names" look
refused 66 "a certificate that is not stored" "other.example" look other.example
check_said "... says how to check before an issue" "certo check -d other.example"

# ---- delegation and DNSSEC ----

sound "a signed zone" look -d www.good.test "${web[@]}"
also "... says that no signature was verified" "signatures were not verified"
sound "the top of a zone" look -d good.test "${web[@]}"
will_fail 1 "a lame delegation" "answer without authority" look -d www.lame.test "${web[@]}"
warns "one lame server of two" "ns-other.test (127.0.0.1) is to serve the zone, and does not" look -d www.half.test "${web[@]}"
warns "one silent server of two" "ns-gone.test (127.0.0.15) does not answer" look -d www.gone.test "${web[@]}"
will_fail 1 "a DS without its key" "DS record for the key 12345, and the zone has no such DNSKEY" look -d www.badds.test "${web[@]}"
also "... and the resolver agrees" "SERVFAIL, and answers if it does not have to validate"
will_fail 1 "signatures that have ended" "a signature ended 2024-02-01T00:00:00Z" look -d www.expired.test "${web[@]}"
warns "signatures that begin later, or a clock that is slow," "could not be checked from here: early.test: a signature begins only" \
  look -d early.test

# ---- CAA ----

sound "CAA for this CA" look -d caa-ok.plain.test "${web[@]}"
sound "CAA of another kind" look -d caa-iodef.plain.test "${web[@]}"
sound "CAA for this method" look -d caa-method.plain.test --dns manual
warns "CAA for one method, and none is given" "names an account or a method" look -d caa-method.plain.test
will_fail 1 "CAA for another method" "does not allow http-01" look -d caa-method.plain.test "${web[@]}"
will_fail 1 "CAA for another CA" 'issue "other.example" at caa-other.plain.test' look -d caa-other.plain.test "${web[@]}"
also "... shows the record to add" 'caa-other.plain.test. CAA 0 issue "ca.example"'
will_fail 1 "... and for the names below it" 'issue "other.example" at caa-other.plain.test' look -d sub.caa-other.plain.test "${web[@]}"
will_fail 1 "CAA for nobody" "allows nobody to issue" look -d caa-nobody.plain.test "${web[@]}"
will_fail 1 "CAA for another account" "is for another account" look -d caa-account.plain.test "${web[@]}"
will_fail 1 "a critical property" "is critical" look -d caa-critical.plain.test "${web[@]}"
sound "issuewild, for the name itself" look -d caa-wild.plain.test "${web[@]}"

# ---- http-01 ----

sound "an alias" look -d alias.plain.test "${web[@]}"
sound "a redirect" look -d redirect.plain.test "${web[@]}"
also "... is followed" "after 1 redirect"
sound "a redirect to https, whose certificate does not count" look -d secure.plain.test "${web[@]}"
sound "several names" look -d ok.plain.test -d alias.plain.test -d redirect.plain.test "${web[@]}"
mkdir -p "$srv/web/.well-known/acme-challenge"
sound "a challenge folder" look -d ok.plain.test --challenge-dir "$srv/web/.well-known/acme-challenge"
rmdir "$srv/web/.well-known/acme-challenge" "$srv/web/.well-known"
sound "a look that publishes nothing" look -d notfound.plain.test "${web[@]}" --no-present
sound "names without a method" look -d ok.plain.test -d '*.good.test'
will_fail 1 "no such name" "the name does not exist" look -d nowhere.plain.test "${web[@]}"
will_fail 1 "a dangling alias" "addresses" look -d dangling.plain.test "${web[@]}"
will_fail 1 "no such domain" "no such domain" look -d www.nowhere.test
will_fail 1 "no address" "no A and no AAAA record" look -d noaddress.plain.test "${web[@]}"
will_fail 1 "nobody at the address" "cannot connect to port $http of 127.0.0.9" look -d refused.plain.test "${web[@]}"
warns "nobody at one address of two" "cannot connect to port $http of 127.0.0.9" look -d half-up.plain.test "${web[@]}"
will_fail 1 "404" "404: it does not serve the files of $srv/web" look -d notfound.plain.test "${web[@]}"
will_fail 1 "403" "403: it must not read the file" look -d forbidden.plain.test "${web[@]}"
mkdir -m 700 "$srv/closed"
will_fail 1 "403 by the mode of a folder" "403" look -d closed.plain.test --webroot "$srv/closed"
also "... which is named" "$srv/closed (mode 0700)"
will_fail 1 "a login" "answers 401" look -d login.plain.test "${web[@]}"
will_fail 1 "a server error" "answers 500" look -d teapot.plain.test "${web[@]}"
will_fail 1 "foreign content" "something else: 'Welcome to this page'" look -d foreign.plain.test "${web[@]}"
will_fail 1 "redirects in a circle" "lead in a circle" look -d loop.plain.test "${web[@]}"
will_fail 1 "endless redirects" "more than ten redirects" look -d long.plain.test "${web[@]}"
will_fail 1 "a redirect to another port" "the ports 80 and 443 only" look -d oddport.plain.test "${web[@]}"
will_fail 1 "a redirect of another kind" "the status 303" look -d see.plain.test "${web[@]}"
will_fail 1 "a redirect without a slash" "a '/' is missing" look -d slash.plain.test "${web[@]}"
will_fail 78 "no such webroot" "$srv/nothing" look -d ok.plain.test --webroot "$srv/nothing"
warns "an address that this machine cannot reach" "2001:db8::1" look -d far.plain.test "${web[@]}"
if [ -n "$has_v6" ]; then
  will_fail 1 "IPv6 that leads to another server" "http-01 at ::1" look -d v6broken.plain.test "${web[@]}"
  sound "certo's own server on IPv6" look -d own6.plain.test --standalone --listen "[::1]:$tls" --http-port "$tls"
fi

# ---- ports ----

sound "certo's own server" look -d own.plain.test --standalone --listen "127.0.0.1:$http"
sound "tls-alpn-01" look -d own.plain.test --alpn --listen "127.0.0.1:$tls"
will_fail 1 "standalone, and another server at the address" "it is not certo that answers" look -d ok.plain.test --standalone --listen "127.0.0.1:$http"
will_fail 1 "tls-alpn-01, and another server at the address" "another TLS server answers" look -d ok.plain.test --alpn --listen "127.0.0.1:$tls"
will_fail 1 "tls-alpn-01, and nobody at the address" "cannot connect to port $tls of 127.0.0.9" look -d refused.plain.test --alpn --listen "127.0.0.1:$tls"
python3 -m http.server --bind 127.0.0.1 "$http" >/dev/null 2>&1 </dev/null &
taker=$!
started="$started $taker"
wait_until listens 127.0.0.1 "$http"
will_fail 78 "a port that is taken" "another program uses it: python3 (process $taker)" look -d own.plain.test --standalone --listen "127.0.0.1:$http"
kill "$taker" && wait "$taker" 2>/dev/null

# ---- DNS records ----

cat >"$srv/update" <<PROVIDER
#!/bin/sh
case \$1 in
  describe) echo '{"certo-dns":1,"settings":[],"propagation":20}' && exit ;;
  present) change="update add \$2 1 TXT \"\$3\"" ;;
  cleanup) change="update delete \$2 TXT \"\$3\"" ;;
esac
printf 'server 127.0.0.13 $port\n%s\nsend\n' "\$change" | LD_LIBRARY_PATH=$BIND_LIBRARIES $BIND_TOOLS/nsupdate -y 'hmac-sha256:check:$secret'
PROVIDER
printf '#!/bin/sh\n[ "$1" != describe ] || echo %s\n' "'{\"certo-dns\":1,\"settings\":[],\"propagation\":2}'" >"$srv/idle"
chmod 755 "$srv/update" "$srv/idle"
update=(--dns "exec:$srv/update")
sound "a DNS record" look -d b.plain.test -d '*.b.plain.test' "${update[@]}"
also "... is seen by the name servers and the resolver" "all name servers showed it after" "the resolver, too; removed"
check "... and is removed" is "$(txt_values "127.0.0.13:$port" _acme-challenge.b.plain.test)" ""
sound "a DNS record at the end of a CNAME" look -d led.plain.test "${update[@]}"
also "... which is named" "leads to _acme-challenge.b.plain.test"
sound "no trial" look -d b.plain.test --dns "exec:$srv/idle" --no-present
sound "records that a person adds" look -d b.plain.test --dns manual
will_fail 69 "a provider that adds nothing" "has no such record" look -d b.plain.test --dns "exec:$srv/idle"
will_fail 78 "a provider that is not there" "$srv/nothing" look -d b.plain.test --dns "exec:$srv/nothing"
warns "an old value" "1 old value at _acme-challenge.stale.plain.test" look -d stale.plain.test "${update[@]}"
warns "a foreign value" "is not of a CA" look -d strange.plain.test "${update[@]}"
warns "a wildcard that answers" "a wildcard of its zone answers" look -d a.wild.plain.test "${update[@]}"
will_fail 1 "CNAMEs in a circle" "lead in a circle" look -d circle.plain.test "${update[@]}" --no-present
will_fail 1 "a CNAME that certo does not follow" "does not begin with '_'" look -d astray.plain.test "${update[@]}" --no-present
will_fail 1 "--alias without the CNAME" "has no CNAME that leads there" look -d b.plain.test "${update[@]}" --alias other.plain.test --no-present
will_fail 1 "CAA that forbids wildcards" "allows nobody to issue" look -d '*.caa-wild.plain.test' -d caa-wild.plain.test "${update[@]}" --no-present
also "... but not the name itself" 'ok: caa-wild.plain.test: CAA: issue "ca.example"'
will_fail 3 "no record of dns-persist-01" "there is no such TXT record" look -d b.plain.test --dns-persist
will_fail 3 "a record of dns-persist-01 for another account" "for another account" look -d persist-other.plain.test --dns-persist

# ---- this machine ----

mkdir -m 700 "$TMP/narrow"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=600k,mode=700 certo-test "$TMP/narrow" 2>/dev/null; then
  will_fail 73 "a full disk" "files are left" "$CERTO" check --home "$TMP/narrow/certo" "${resolver[@]}" -d ok.plain.test "${web[@]}" --agree-tos
  umount "$TMP/narrow"
fi
mkdir -m 777 "$TMP/open"
chmod 777 "$TMP/open"
expect_exit 77 "a state folder that others can write to" "$CERTO" check --home "$TMP/open" "${resolver[@]}" -d ok.plain.test
sound "'check' in the place of 'issue' in a long command" look -d ok.plain.test "${web[@]}" -k ec-384 --reuse-key --yes \
  --renew-before 30d --exit-2 --deploy-hook true --reloadcmd true --fullchain-file "$srv/full.pem" --force
also "... says once what does not matter" "not needed for a check: --key-type, --reuse-key, --yes, --renew-before, --exit-2"
also "... and looks at the rest" "ok: ok.plain.test: installation: " "ok: ok.plain.test: hooks: "
check "... writes no target" test ! -e "$srv/full.pem"
will_fail 73 "a target whose folder is missing" "$srv/no: there is no such folder" look -d ok.plain.test "${web[@]}" --key-file "$srv/no/key.pem"
printf 'ok.plain.test\nnotfound.plain.test > other\n' >"$srv/domains.txt"
will_fail 1 "each line of --domains-file" "notfound.plain.test" look --domains-file "$srv/domains.txt" "${web[@]}"
also "... with its names" "ok: ok.plain.test: "
refused 64 "a mistyped option" "check: there is no option --keytype" look -d ok.plain.test --keytype ec-384
sound "a resolver that validates, and several ways" look -d ok.plain.test "${web[@]}" -d b.plain.test "${update[@]}"
warns "no resolver" "the resolver does not answer" with_resolver 127.0.0.1:1 "$CERTO" check -d ok.plain.test --no-present

# ---- several CAs ----

only_fake=$CERTO_CA_BUNDLE
cat "$CERTO_CA_BUNDLE" "$PEBBLE_CA" >"$srv/both.pem"
export CERTO_CA_BUNDLE=$srv/both.pem
run_check 0 "two CAs" look -d caa-ok.plain.test "${web[@]}" --server "$PEBBLE_DIRECTORY,$CERTO_SERVER"
also "... each is asked" "ok: $CERTO_SERVER: the CA: " "ok: $PEBBLE_DIRECTORY: the CA: " \
  "ok: this machine: clock ($PEBBLE_DIRECTORY): " "ok: caa-ok.plain.test: CAA ($CERTO_SERVER): "
also "... a failure at one of them is a warning" "warning: caa-ok.plain.test: CAA ($PEBBLE_DIRECTORY): the records allow other CAs only" \
  "$CERTO_SERVER can issue the certificate"
will_fail 1 "a failure at both" "CAA ($PEBBLE_DIRECTORY): the records allow other CAs only" \
  look -d caa-other.plain.test "${web[@]}" --server "$PEBBLE_DIRECTORY,$CERTO_SERVER"
run_check 0 "the first CA is down" look -d ok.plain.test "${web[@]}" --server "https://127.0.0.1:1/dir,$CERTO_SERVER" --json
also "... the findings name the CA" '"check":"the CA","level":"warning","ca":"https://127.0.0.1:1/dir"' '"level":"ok","ca":"'"$CERTO_SERVER"'"'
will_fail 69 "all CAs are down" "cannot connect" look -d ok.plain.test "${web[@]}" --server "https://127.0.0.1:1/dir,https://127.0.0.1:1/other"
export CERTO_CA_BUNDLE=$only_fake

# ---- a stored certificate ----

check "a certificate" "$CERTO" issue -d ok.plain.test -d redirect.plain.test "${web[@]}"
sound "... can be checked by its name" look ok.plain.test
warns "... covers other requests" "the certificate ok.plain.test covers it already" look -d redirect.plain.test "${web[@]}"
run_check 0 "JSON" look -d ok.plain.test "${web[@]}" --json
also "... has the findings" '{"certo":"check/1","name":"ok.plain.test","code":0,"findings":[{"subject":' '"level":"ok"'
run_check 1 "JSON of a failure" look -d notfound.plain.test "${web[@]}" --json
also "... has its code and what to do" '"level":"will-fail"' '"to_do":' '"code":1'

# ---- after a failed validation ----

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
set_a bad.example.com 127.0.0.2
mkdir "$srv/elsewhere"
SECONDS=0
run_check 1 "a name that the CA does not find proven" with_resolver "$DNS_ADDR" "$CERTO" issue --agree-tos -d bad.example.com --webroot "$srv/elsewhere"
check "... takes no longer than five seconds more" test "$SECONDS" -lt 12
also "... and certo says why below the CA's words" "what certo sees itself" \
  "will fail: bad.example.com: http-01 at 127.0.0.2:" "404: it does not serve the files of $srv/elsewhere"
below() { awk '/404/ && !/certo sees/ && !ca { ca = NR } /what certo sees/ { own = NR } END { exit !(ca && own && ca < own) }' "$TMP/seen"; }
check "... below them" below
run_check 1 "... with --json" with_resolver "$DNS_ADDR" "$CERTO" issue --json -d bad.example.com --webroot "$srv/elsewhere"
also "... the findings are in the document" '"certo":"error/1"' '"findings":[{"subject":"bad.example.com"' '{"subject":"bad.example.com","check":"http-01 at 127.0.0.2","level":"will-fail"'
run_check 1 "... at several CAs" with_resolver "$DNS_ADDR" "$CERTO" issue -d bad.example.com --webroot "$srv/elsewhere" \
  --server "$PEBBLE_DIRECTORY,https://127.0.0.1:1/dir"
also "... says it, too" "none of its 2 CAs gave it" "will fail: bad.example.com: http-01 at 127.0.0.2:"
run_check 66 "to check it by its name" "$CERTO" check bad.example.com
also "... is refused with what to do" "what it asked for is not stored" "certo check -d NAME"
run_check 1 "with -q" with_resolver "$DNS_ADDR" "$CERTO" issue -q -d bad.example.com --webroot "$srv/elsewhere"
silent_about_checks() { ! grep -q 'certo sees' "$TMP/seen"; }
check "... it does not look" silent_about_checks
check "a certificate for the renewal" "$CERTO" issue -d bad.example.com --webroot "$WEBROOT"
sed -i "s|$WEBROOT|$srv/elsewhere|" "$CERTO_HOME/certs/bad.example.com/request.json"
new_account >/dev/null 2>&1
run_check 1 "a renewal that fails" with_resolver "$DNS_ADDR" "$CERTO" renew --force bad.example.com
also "... says it, too" "what certo sees itself" "will fail: bad.example.com: http-01 at 127.0.0.2:"
run_check 1 "... and with --json" with_resolver "$DNS_ADDR" "$CERTO" renew --json --force bad.example.com
also "... its document has them" '"outcome":"failed"' '"findings":[{"subject":"bad.example.com"' '{"subject":"bad.example.com","check":"http-01 at 127.0.0.2","level":"will-fail"'

# ---- a first issue that waits ----

run_check 3 "a first issue that waits for records" "$CERTO" issue -d b.plain.test --cert-name waits --dns manual --no-input "${resolver[@]}"
run_check 0 "... is checked by its name" look waits --no-present
also "... for the names of its order" "this is about the names of its order, b.plain.test" "ok: b.plain.test: "
