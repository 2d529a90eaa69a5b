#!/usr/bin/env bash
# What an order asks for besides its names: profiles, dates, chains, when to renew, key reuse, must-staple, a subset of
# the names; and many orders from a file.
TESTBED="pebble challtestsrv --strict --shortlived --alternates 2"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
certs=$CERTO_HOME/certs

issue() { "$CERTO" issue --agree-tos "$@" "${standalone[@]}"; }
# stored NAME MEMBER: the value in request.json.
stored() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]))' "$certs/$1/request.json" "$2"; }
# days_to NAME MEMBER: whole days from now to the time in `certo info`.
days_to() {
  "$CERTO" info "$1" --json | python3 -c '
import datetime, json, sys
when = datetime.datetime.fromisoformat(json.load(sys.stdin)[sys.argv[1]].replace("Z", "+00:00"))
print(round((when - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 86400))' "$2"
}
valid_days() {
  python3 - "$certs/$1/live/cert.pem" <<'PY'
import datetime, subprocess, sys
out = subprocess.run(["openssl", "x509", "-in", sys.argv[1], "-noout", "-dates"], capture_output=True, text=True).stdout
begin, end = [datetime.datetime.strptime(line.split("=")[1], "%b %d %H:%M:%S %Y %Z") for line in out.splitlines()]
print(round((end - begin).total_seconds() / 86400))
PY
}
key_of() { openssl pkey -in "$certs/$1/live/key.pem" -pubout; }
issuer_of() { openssl x509 -in "$1" -noout -issuer -nameopt multiline | sed -n 's/ *commonName *= //p'; }

# ---- profiles ----

check "a required profile" issue -d p.example.com --profile shortlived
check "... is used" is "$(valid_days p.example.com)" 6
refused 78 "a required profile that the CA does not have" "no profile 'tlsserver'" issue -d q.example.com --profile tlsserver
check_said "... with those that it has" "default" "shortlived"
check "... makes no certificate" test ! -e "$certs/q.example.com/live"
check "a preferred profile that the CA does not have" issue -d q.example.com --preferred-profile tlsserver
check_said "... is said" "no profile 'tlsserver'" "its default is used"
check "... and stored" is "$(stored q.example.com preferred_profile)" tlsserver
check "a preferred profile that it has" issue -d q.example.com --preferred-profile shortlived
check "... is used" is "$(valid_days q.example.com)" 6
refused 64 "required and preferred" "together" issue -d q.example.com --profile default --preferred-profile default

cat >"$CERTO_HOME/servers.json" <<SERVERS
{"certo": "servers/1", "servers": [
  {"name": "pebble", "title": "Pebble", "directory": "$PEBBLE_DIRECTORY", "refuses_must_staple": true, "profiles": [
    {"name": "default", "names": 3, "lifetime": "90d"},
    {"name": "shortlived", "names": 2, "addresses": true, "lifetime": "6d"}]}]}
SERVERS
check "an address chooses the profile for addresses" issue -d 127.0.0.1
check_said "... and says so" "the profile 'shortlived' is used"
check "... which it gets" is "$(valid_days 127.0.0.1)" 6
refused 64 "a profile that is not for addresses" "not for addresses" issue -d 127.0.0.1 --profile default --cert-name other
check_said "... with one that is" "--profile shortlived"
refused 64 "more names than the profile allows" "3 names are too many" \
  issue -d a.many.example.com -d b.many.example.com -d c.many.example.com --profile shortlived
check_said "... with a profile that allows them" "--profile default"
refused 64 "must-staple at a CA that refuses it" "--must-staple: Pebble" issue -d s.example.com --must-staple
refused 64 "a renewal before the beginning, for a known profile" "--renew-before 6d: " \
  issue -d s.example.com --profile shortlived --renew-before 6d
expect_exit 64 "the pipe's order knows the limits, too" "$CERTO" order --agree-tos --profile shortlived \
  -d a.many.example.com -d b.many.example.com -d c.many.example.com
check "the pipe's order falls back, too" "$CERTO" order --agree-tos --preferred-profile none -d pipe.example.com
rm "$CERTO_HOME/servers.json"

# ---- when to renew ----

check "--renew-before with a time" issue -d r.example.com --profile default --renew-before 20d
check "... is stored" is "$(stored r.example.com renew_before)" 20d
days=$(days_to r.example.com renew_at)
check "... and counts" test "$days" -le 70 -a "$days" -ge 67
check "--renew-before with a share" issue -d r.example.com --renew-before 50%
check_said "... opens no order" "stored for the next renewal"
days=$(days_to r.example.com renew_at)
check "... and counts at once" test "$days" -le 45 -a "$days" -ge 43
refused 64 "a time that is not shorter than the lifetime" "is valid for 90 days only" issue -d r.example.com --renew-before 90d
refused 64 "a share of everything" "--renew-before: '100%'" issue -d r.example.com --renew-before 100%
refused 64 "a time without a unit" "--renew-before: '30'" issue -d r.example.com --renew-before 30
check "'' removes it" issue -d r.example.com --renew-before ''
check "... from the request" is "$(stored r.example.com renew_before)" None
printf 'renew-before = 40%%\n' >"$CERTO_HOME/certo.conf"
check "certo.conf has a default" issue -d conf.example.com --profile default
check "... which is stored" is "$(stored conf.example.com renew_before)" 40%
check "... for new certificates only" issue -d r.example.com
check "... and not for others" is "$(stored r.example.com renew_before)" None
rm "$CERTO_HOME/certo.conf"
check "a time that is longer than an unknown lifetime" issue -d short.example.com --profile shortlived --renew-before 30d
check_said "... is a warning" "does not count"
check "... and does not renew without end" "$CERTO" renew short.example.com
check_said "... but later" "not due until"

# ---- keys ----

check "--reuse-key" issue -d k.example.com --profile default --reuse-key
before=$(key_of k.example.com)
check "... renewed from cron's empty environment" env -i "$CERTO" renew --home "$CERTO_HOME" --force k.example.com
check "... keeps the key" is "$(key_of k.example.com)" "$before"
check "... and is whole" same_key "$certs/k.example.com/live/key.pem" "$certs/k.example.com/live/cert.pem"
check "--new-key ends it" issue -d k.example.com --new-key
check "... in the request" is "$(stored k.example.com reuse_key)" None
check "... renewed" "$CERTO" renew --force k.example.com
check "... has another key" test "$(key_of k.example.com)" != "$before"
before=$(key_of k.example.com)
check "--reuse-key again" issue -d k.example.com --reuse-key
check "... and a revoked certificate" "$CERTO" revoke -d k.example.com --yes
check "... is renewed" "$CERTO" renew k.example.com
check "... with a new key all the same" test "$(key_of k.example.com)" != "$before"

# ---- dates ----

check "--not-after with a duration" issue -d n.example.com --profile default --not-after +7d
check "... is obeyed" is "$(valid_days n.example.com)" 7
check "... and stored for renewals" "$CERTO" renew --force n.example.com
check "... which obey it, too" is "$(valid_days n.example.com)" 7
end=$(date -u -d '+9 days' +%Y-%m-%d)
check "--not-after with a date" issue -d f.example.com --profile default --not-after "$end"
check "... is obeyed" grep -q "$end" <(openssl x509 -in "$certs/f.example.com/live/cert.pem" -noout -enddate -dateopt iso_8601)
check "... and not renewed before it ends" test "$(days_to f.example.com renew_at)" -ge 8
refused 64 "an end in the past" "is not after" issue -d z.example.com --not-after 2020-01-01
refused 64 "what is not a date" "--not-after: 'soon'" issue -d z.example.com --not-after soon
refused 64 "a beginning after the end" "is not after" issue -d z.example.com --not-before +9d --not-after +7d
check "--not-before" issue -d later.example.com --profile default --not-before +2h --not-after +7d
check_said "... warns" "must not use the certificate before"

# ---- chains ----

chain=$certs/c.example.com/live/chain.pem
check "the default chain" issue -d c.example.com --profile default
pebble_root 1 >"$TMP/root1.pem"
pebble_root 2 >"$TMP/root2.pem"
name=$(openssl x509 -in "$TMP/root1.pem" -noout -subject -nameopt multiline | sed -n 's/ *commonName *= //p')
check "a chain by the name of its root" issue -d c.example.com --preferred-chain "$name"
check "... ends there" is "$(issuer_of "$chain")" "$name"
aki=$(openssl x509 -in "$TMP/root2.pem" -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' ')
check "a chain by authority key identifier" issue -d c.example.com --preferred-chain "$aki"
check "... ends there" is "$(issuer_of "$chain")" "$(openssl x509 -in "$TMP/root2.pem" -noout -subject -nameopt multiline | sed -n 's/ *commonName *= //p')"
curl -sS --noproxy '*' --cacert "$PEBBLE_CA" "$PEBBLE_MGMT/intermediates/1" >"$TMP/intermediate1.pem"
print=$(openssl x509 -in "$TMP/intermediate1.pem" -noout -fingerprint -sha256 | sed 's/.*=//')
check "a chain by fingerprint" issue -d c.example.com --preferred-chain "$print"
check "... has that certificate" is "$(openssl x509 -in "$chain" -noout -fingerprint -sha256 | sed 's/.*=//')" "$print"
check "the shortest chain" issue -d c.example.com --preferred-chain shortest
check "... of equal ones is the default" test "$(issuer_of "$chain")" != "$name"
check "a chain that the CA does not have" issue -d c.example.com --preferred-chain "No Such Root"
check_said "... is a warning" "no chain from 'No Such Root'"

# ---- must-staple ----

check "a CSR with must-staple" issue -d staple.example.com --profile default --must-staple
check "... is stored" is "$(stored staple.example.com must_staple)" True
refused 64 "must-staple and its end" "--must-staple and --no-must-staple together" \
  issue -d staple.example.com --profile default --must-staple --no-must-staple
check "the same without must-staple" issue -d staple.example.com --profile default
check "... keeps it" is "$(stored staple.example.com must_staple)" True
check "--no-must-staple ends it" issue -d staple.example.com --profile default --no-must-staple
check "... in the request" test "$(stored staple.example.com must_staple)" != True
"$CERTO" keygen -o "$TMP/key.pem"
"$CERTO" csr --key "$TMP/key.pem" -d staple.example.com --must-staple >"$TMP/staple.csr"
check "certo csr --must-staple" grep -q status_request <(openssl req -in "$TMP/staple.csr" -noout -text -verify)
refused 64 "must-staple and a CSR" "--must-staple does not go with --csr" "$CERTO" issue --csr "$TMP/staple.csr" --must-staple \
  --cert-name x "${standalone[@]}"

# ---- a subset ----

set_a down.example.com 127.0.0.9
expect_exit 1 "a name that fails is a failure" issue -d up.example.com -d down.example.com --profile default
check "... without a certificate" test ! -e "$certs/up.example.com/live"
expect_exit 1 "--allow-subset gets the rest" issue -d up.example.com -d down.example.com --profile default --allow-subset --json
check "... says so in JSON" grep -q '"missing":\[{"name":"down.example.com","reason":"' "$TMP/out"
check "... the certificate is for the rest" is "$(names_in "$certs/up.example.com/live/cert.pem")" up.example.com
check "... the request keeps all names" grep -q down.example.com "$certs/up.example.com/request.json"
check "... list says so" "$CERTO" list up.example.com
check_said "... with the name" "without down.example.com"
check "... --failing has it" grep -q up.example.com <("$CERTO" list --failing --names)
check "... info says so" "$CERTO" info up.example.com
check_said "... with the reason" "missing names" "down.example.com" "connection"
check "... a pass leaves it" "$CERTO" renew up.example.com
check_said "... until it is due" "not due until"
rm "$certs/up.example.com/status.json"
check "... also without its status" "$CERTO" renew up.example.com
check_said "... until it is due" "not due until"
check "the same command again" issue -d up.example.com -d down.example.com --profile default --allow-subset
check_said "... says what is missing" "it is without down.example.com"
expect_exit 1 "a renewal leaves it out, too" "$CERTO" renew --force up.example.com --json
check "... and says so" grep -q '"outcome":"renewed".*"code":1.*"missing":\[{"name":"down.example.com"' "$TMP/out"
expect_exit 1 "... again" "$CERTO" renew --force up.example.com
check_said "... in words" "up.example.com: the certificate is without down.example.com (connection: "
clear_a down.example.com
check "a renewal takes it back" "$CERTO" renew --force up.example.com
check "... when it works" is "$(names_in "$certs/up.example.com/live/cert.pem")" "down.example.com up.example.com"
check "... and nothing is missing" is "$("$CERTO" list up.example.com --json | grep -c '"missing"')" 0
set_a down.example.com 127.0.0.9
expect_exit 1 "if all names fail, there is no certificate" issue -d down.example.com --allow-subset --profile default --cert-name all
check "... at all" test ! -e "$certs/all/live"
expect_exit 1 "a name that the CA refuses in newOrder" issue -d ok.example.com -d www.blocked.example --profile default --allow-subset
check "... is left out, too" is "$(names_in "$certs/ok.example.com/live/cert.pem")" ok.example.com

check "--allow-subset is stored" is "$(stored up.example.com allow_subset)" True
check "--no-allow-subset ends it" issue -d up.example.com -d down.example.com --profile default --no-allow-subset
check "... in the request" test "$(stored up.example.com allow_subset)" != True
expect_exit 1 "... so that a name that fails is a failure" "$CERTO" renew --force up.example.com
check "... and the certificate keeps all names" is "$(names_in "$certs/up.example.com/live/cert.pem")" "down.example.com up.example.com"

# ---- a file with names ----

cat >"$TMP/domains.txt" <<'FILE'
# dehydrated's domains.txt
one.list.example.com www.one.list.example.com

  Two.List.example.com   www.two.list.example.com > second
three.list.example.com>third
FILE
check "--domains-file" issue --domains-file "$TMP/domains.txt" --profile default --json
check "... reports each in a line" is "$(grep -c '"certo":"issue/1","changed":true' "$TMP/out")" 3
check "... with its names" is "$(names_in "$certs/one.list.example.com/live/cert.pem")" "one.list.example.com www.one.list.example.com"
check "... and its alias" is "$(names_in "$certs/second/live/cert.pem")" "two.list.example.com www.two.list.example.com"
check "... with or without blanks" test -e "$certs/third/live/cert.pem"
expect_exit 2 "again: nothing is due" issue --domains-file "$TMP/domains.txt" --profile default --exit-2
printf 'down.example.com\nfour.list.example.com\n' >"$TMP/domains.txt"
expect_exit 1 "one failure" issue --domains-file "$TMP/domains.txt" --profile default --json
one_document_each() {
  grep -Eq '^\{"certo":"error/1","command":"issue","name":"down.example.com","code":1,"error":".+,"messages":\[.+\]\}$' "$TMP/out" &&
    grep -q '^{"certo":"issue/1","changed":true,"name":"four.list.example.com",' "$TMP/out" && is "$(wc -l <"$TMP/out")" 2
}
check "... and each line has its document" one_document_each
check "... does not stop the others" test -e "$certs/four.list.example.com/live/cert.pem"
printf 'five.list.example.com\nsix.list.example.com > a b\n' >"$TMP/domains.txt"
refused 65 "a bad line" "domains.txt: line 2: one word must follow '>'" issue --domains-file "$TMP/domains.txt" --profile default
check "... is found before the first order" test ! -e "$certs/five.list.example.com"
printf 'five.list.example.com\nex!mple.com\n' >"$TMP/domains.txt"
refused 64 "a bad name" "line 2: 'ex!mple.com' cannot be a name" issue --domains-file "$TMP/domains.txt" --profile default
printf 'a.list.example.com\na.list.example.com b.list.example.com\n' >"$TMP/domains.txt"
refused 64 "one certificate twice" "line 2: a.list.example.com is there twice" issue --domains-file "$TMP/domains.txt"
refused 64 "a file and -d" "--domain does not go with" issue --domains-file "$TMP/domains.txt" -d x.example.com
refused 64 "a file and a target" "--key-file does not go with" issue --domains-file "$TMP/domains.txt" --key-file "$TMP/k"
: >"$TMP/domains.txt"
refused 65 "an empty file" "names no certificate" issue --domains-file "$TMP/domains.txt"
