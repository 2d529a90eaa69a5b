#!/usr/bin/env bash
# certo rekey, also with --compromised and killed at any point; certo revoke --key.
TESTBED="pebble challtestsrv --strict"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
certs=$CERTO_HOME/certs

DYNAMIC=$(dirname "$CERTO")/certo-dynamic
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1

serial_of() { openssl x509 -in "$1" -noout -serial | sed 's/serial=//' | tr A-F a-f; }
live_serial() { serial_of "$certs/$1/live/cert.pem"; }
public_key() { openssl pkey -in "$certs/$1/live/key.pem" -pubout; }
owes() { test -e "$certs/$1/rekey.json"; }

check "issue" "$CERTO" issue --agree-tos -d a.example.com "${standalone[@]}" --reuse-key --key-file "$TMP/a.key" \
  --fullchain-file "$TMP/a.pem" --reloadcmd "echo reloaded >>'$TMP/reloads'"

# ---- without --compromised ----

first=$(live_serial a.example.com) key=$(public_key a.example.com)
refused 66 "rekey of an unknown one" "a.exampel.com" "$CERTO" rekey a.exampel.com
check "rekey" "$CERTO" rekey a.example.com
check "... makes a new key, whatever --reuse-key says" test "$(public_key a.example.com)" != "$key"
check "... is installed" same_key "$TMP/a.key" "$certs/a.example.com/live/cert.pem"
check "... revokes nothing" is "$(pebble_status "$first")" Valid
key=$(public_key a.example.com)
check "a renewal after it" "$CERTO" renew --force a.example.com
check "... keeps the new key" is "$(public_key a.example.com)" "$key"

# ---- compromised ----

second=$(live_serial a.example.com)
refused 64 "--compromised asks first" "needs a confirmation" "$CERTO" rekey a.example.com --compromised --no-input
check "... and does nothing" is "$(live_serial a.example.com)" "$second"
check "rekey --compromised" "$CERTO" rekey a.example.com --compromised --yes
check "... revoked the old certificate" is "$(pebble_status "$second")" Revoked
check "... the new one is good" is "$(pebble_status "$(live_serial a.example.com)")" Valid
check "... and installed" same_key "$TMP/a.key" "$certs/a.example.com/live/cert.pem"
check "... nothing is owed" test ! -e "$certs/a.example.com/rekey.json"
check "... the other key's certificate was not revoked" is "$(pebble_status "$first")" Valid
check "a pass afterwards" "$CERTO" renew a.example.com
check_said "... has nothing to do" "not due until"

# ---- the installation fails: the old certificate stays valid until it is replaced ----

"$CERTO" install-cert -d a.example.com --key-file "$TMP/a.key" --fullchain-file "$TMP/a.pem" --reloadcmd "test -e '$TMP/allow'" 2>/dev/null
old=$(live_serial a.example.com)
expect_exit 4 "an installation that fails" "$CERTO" rekey a.example.com --compromised --yes
check_said "... says that the old one is not revoked yet" "is still in use" "certo rekey a.example.com --compromised"
check "... it is not" is "$(pebble_status "$old")" Valid
check "... what is owed is written down" owes a.example.com
check "... info says so" "$CERTO" info a.example.com
check_said "... with the command" "certo rekey a.example.com --compromised"
check "... list says so" grep -q "old key not revoked" <("$CERTO" list a.example.com)
touch "$TMP/allow"
new=$(live_serial a.example.com)
check "the same command again" "$CERTO" rekey a.example.com --compromised
check_said "... continues without a question" "continuing what began"
check "... it is revoked now" is "$(pebble_status "$old")" Revoked
check "... with the certificate that was there" is "$(live_serial a.example.com)" "$new"

# ---- killed at any point ----

check "issue b" "$CERTO" issue -d b.example.com "${standalone[@]}" --reuse-key
point=1
while :; do
  old=$(live_serial b.example.com)
  key=$(public_key b.example.com)
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$point "$DYNAMIC" rekey b.example.com --compromised --yes >"$TMP/killed" 2>&1
  code=$?
  [ $code = 137 ] || break
  if "$CERTO" rekey b.example.com --compromised --yes >"$TMP/again" 2>&1 && [ "$(pebble_status "$old")" = Revoked ] &&
    [ "$(pebble_status "$(live_serial b.example.com)")" = Valid ] && [ "$(public_key b.example.com)" != "$key" ] &&
    ! owes b.example.com && same_key "$certs/b.example.com/live/key.pem" "$certs/b.example.com/live/cert.pem"; then
    point=$((point + 5))
  else
    not_ok "after a kill at point $point" && cat "$TMP/again" >&2
    break
  fi
done
check "rekey survived kill -9 at many points" test $point -gt 40 -a $code != 137
check "issue c" "$CERTO" issue -d c.example.com "${standalone[@]}" --reuse-key

# ---- a pass meets a compromised key ----

key=$(public_key c.example.com)
python3 - "$certs/c.example.com" <<'PY'
import hashlib, json, subprocess, sys
folder = sys.argv[1]
der = subprocess.run(["openssl", "pkey", "-in", folder + "/live/key.pem", "-pubout", "-outform", "DER"],
                     capture_output=True, check=True).stdout
pem = open(folder + "/live/cert.pem").read()
json.dump({"certo": "rekey/1", "key": hashlib.sha256(der).hexdigest(), "since": "2026-01-01T00:00:00Z", "owed": [pem]},
          open(folder + "/rekey.json", "w"))
PY
chmod 600 "$certs/c.example.com/rekey.json"
old=$(live_serial c.example.com)
rm "$certs/c.example.com/status.json"
check "a pass replaces a compromised key" "$CERTO" renew c.example.com
check "... in spite of --reuse-key" test "$(public_key c.example.com)" != "$key"
check "... and revokes the old certificate, which was owed" is "$(pebble_status "$old")" Revoked
check "... so that nothing is owed" test ! -e "$certs/c.example.com/rekey.json"
echo junk >"$certs/c.example.com/rekey.json"
expect_exit 65 "a damaged note is not forgotten" "$CERTO" rekey c.example.com --compromised --yes
rm "$certs/c.example.com/rekey.json"

# ---- what a run owes that was killed is completed by the next command, whichever it is ----

# Killed between the new certificate and the revocation: the note is there, and another key is live.
owe() { # NAME OLD-PEM
  python3 - "$certs/$1" "$2" <<'PY'
import hashlib, json, os, subprocess, sys
folder, pem = sys.argv[1], open(sys.argv[2]).read()
key = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=pem.encode(), capture_output=True, check=True).stdout
der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, capture_output=True, check=True).stdout
with open(os.open(folder + "/rekey.json", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
    json.dump({"certo": "rekey/1", "key": hashlib.sha256(der).hexdigest(), "since": "2026-01-01T00:00:00Z", "owed": [pem]}, file)
PY
}
for command in "cron" "renew" "issue -d c.example.com ${standalone[*]}" "install-cert -d c.example.com --fullchain-file $TMP/c.pem"; do
  cp "$certs/c.example.com/live/cert.pem" "$TMP/old.pem"
  check "another key for c" "$CERTO" rekey c.example.com
  owe c.example.com "$TMP/old.pem"
  # shellcheck disable=SC2086  # a list of words
  check "'certo ${command%% *}' completes it" "$CERTO" $command
  check "... says so" grep -q ": revoked" "$TMP/err"
  check "... at the CA" is "$(pebble_status "$(serial_of "$TMP/old.pem")")" Revoked
  check "... and nothing is owed" test ! -e "$certs/c.example.com/rekey.json"
done
cp "$certs/c.example.com/live/cert.pem" "$TMP/old.pem"
check "another key for c" "$CERTO" rekey c.example.com
owe c.example.com "$TMP/old.pem"
expect_exit 69 "a CA that is away" "$CERTO" cron --ca-bundle "$TMP/c.pem"
check_said "... is a failure that says how to continue" "is not revoked yet" "certo rekey c.example.com --compromised"
expect_exit 69 "... of the next pass as well" "$CERTO" cron --ca-bundle "$TMP/c.pem"
check "... which is silent" is "$(cat "$TMP/err")" ""
check "... until the CA answers" "$CERTO" cron
check "... and revokes it" is "$(pebble_status "$(serial_of "$TMP/old.pem")")" Revoked

# ---- a key that is elsewhere ----

"$CERTO" keygen -o "$TMP/own.key"
"$CERTO" csr --key "$TMP/own.key" -d own.example.com >"$TMP/own.csr"
check "a certificate by CSR" "$CERTO" issue --csr "$TMP/own.csr" "${standalone[@]}"
refused 64 "rekey cannot replace its key" "its key is elsewhere" "$CERTO" rekey own.example.com --compromised --yes

# ---- revoke --key FILE ----

check "revoke --key finds the certificates" "$CERTO" revoke --key "$TMP/own.key" --reason keyCompromise --yes
check_said "... names them" "own.example.com"
check "... the CA says so" is "$(pebble_status "$(live_serial own.example.com)")" Revoked
refused 66 "a key that no certificate uses" "no certificate" "$CERTO" revoke --key "$TMP/own.key" --yes
check "issue d" "$CERTO" issue -d d.example.com "${standalone[@]}" --reuse-key
cp "$certs/d.example.com/live/key.pem" "$TMP/d.key"
one=$(live_serial d.example.com)
check "renew d with the same key" "$CERTO" renew --force d.example.com
two=$(live_serial d.example.com)
refused 64 "revoke --key asks first" "2 certificates of d.example.com" "$CERTO" revoke --key "$TMP/d.key" --no-input
check "revoke --key" "$CERTO" revoke --key "$TMP/d.key" --yes
check "... revokes the older version, too" is "$(pebble_status "$one") $(pebble_status "$two")" "Revoked Revoked"
check "... the next pass replaces the live one" "$CERTO" renew d.example.com
check "... with a new key" test "$(openssl pkey -in "$TMP/d.key" -pubout)" != "$(public_key d.example.com)"
