#!/usr/bin/env bash
# certo revoke, ari, rollback, renew --plan and --dry-run.
TESTBED="pebble pebble-nonces challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
certs=$CERTO_HOME/certs

live() {
  readlink "$certs/$1/live"
}
serial_of() { # FILE
  openssl x509 -in "$1" -noout -serial | sed 's/serial=//' | tr A-F a-f
}
from_stdin() { # FILE COMMAND...
  local file=$1
  shift
  "$@" <"$file"
}
# The state on disk, without the locks.
state_of_disk() {
  (cd "$CERTO_HOME" && find . -type f ! -name lock ! -path './lanes/*' -exec sha256sum {} + | sort)
}

for name in one two; do
  check "issue $name" "$CERTO" issue --agree-tos -d $name.example.com "${standalone[@]}"
done

# ---- renewal information ----

check "ari" from_stdin "$certs/one.example.com/live/cert.pem" "$CERTO" ari
check_said "... is the CA's answer" '{"certo":"ari/1","certificate":"' '"suggestedWindow":{"start":"' '"ask_again":"'
check "ari needs no account" "$CERTO" ari "$certs/one.example.com/live/fullchain.pem" --home "$TMP/nothing"
check "... and makes none" test ! -e "$TMP/nothing"
expect_exit 65 "ari of a file that is not a certificate" "$CERTO" ari "$certs/one.example.com/live/key.pem"

# ---- a certificate of the store ----

old=$(live one.example.com)
serial=$(serial_of "$certs/one.example.com/live/cert.pem")
refused 64 "revoke asks first" "one.example.com" "$CERTO" revoke -d one.example.com --no-input
refused 64 "an unknown reason" "boredom" "$CERTO" revoke -d one.example.com --yes --reason boredom
refused 66 "revoke of an unknown one" "one.exampel.com" "$CERTO" revoke -d one.exampel.com --yes
check "revoke by the account" "$CERTO" revoke -d one.example.com --yes --reason superseded
check "... the CA says so" is "$(pebble_status "$serial")" Revoked
check "... list says so" "$CERTO" list
check_said "... with the reason" "due: it was revoked"
check "... again is not a failure" "$CERTO" revoke -d one.example.com --yes
check_said "... and reports that it was revoked before" "revoked before"
rm "$certs/one.example.com/status.json"
check "the next pass replaces it, even without its status" "$CERTO" cron
check_said "... and says so" "one.example.com: renewed"
check "... by a new one" test "$(live one.example.com)" != "$old"
check "... which is good" is "$(pebble_status "$(serial_of "$certs/one.example.com/live/cert.pem")")" Valid
check "... once" "$CERTO" cron
check "... as it was meant" test ! -s "$TMP/err"

serial=$(serial_of "$certs/two.example.com/live/cert.pem")
check "revoke by its key, and remove" "$CERTO" revoke -d two.example.com --yes --reason key-compromise --remove
check "... the CA says so" is "$(pebble_status "$serial")" Revoked
check "... nothing is left" test ! -e "$certs/two.example.com"

# ---- one from elsewhere ----

check "issue three" "$CERTO" issue -d three.example.com "${standalone[@]}"
cp "$certs/three.example.com/live/fullchain.pem" "$TMP/three.pem"
cp "$certs/three.example.com/live/key.pem" "$TMP/three.key"
expect_exit 78 "an account that does not exist revokes nothing" from_stdin "$TMP/three.pem" "$CERTO" revoke --home "$TMP/nothing"
expect_exit 1 "another key revokes nothing" from_stdin "$TMP/three.pem" "$CERTO" revoke --key "$certs/one.example.com/live/key.pem"
check "... it is good" is "$(pebble_status "$(serial_of "$TMP/three.pem")")" Valid
check "revoke by the key alone" from_stdin "$TMP/three.pem" "$CERTO" revoke --key "$TMP/three.key" --home "$TMP/nothing"
check "... the CA says so" is "$(pebble_status "$(serial_of "$TMP/three.pem")")" Revoked

# ---- back to the previous version ----

check "issue four" "$CERTO" issue -d four.example.com "${standalone[@]}"
first=$(serial_of "$certs/four.example.com/live/cert.pem")
refused 1 "no version before" "no version before" "$CERTO" rollback four.example.com
check "renew four" "$CERTO" renew --force four.example.com
second=$(serial_of "$certs/four.example.com/live/cert.pem")
check "rollback" "$CERTO" rollback four.example.com
check "... the first pair is live" is "$(serial_of "$certs/four.example.com/live/cert.pem")" "$first"
check "... whole" same_key "$certs/four.example.com/live/key.pem" "$certs/four.example.com/live/cert.pem"
check "... a pass does not change that" "$CERTO" renew --all
check "... as it was meant" is "$(serial_of "$certs/four.example.com/live/cert.pem")" "$first"
check "rollback again" "$CERTO" rollback four.example.com
check "... undoes it" is "$(serial_of "$certs/four.example.com/live/cert.pem")" "$second"
oldest=$(cd "$certs/four.example.com" && for version in 2*; do [ ! -e "$version/fullchain.pem" ] || echo "$version"; done | head -n 1)
check "info lists the versions" "$CERTO" info four.example.com
check_said "... and says which is live" "$oldest, " "$(readlink "$certs/four.example.com/live") (live)"
wanted=$(serial_of "$certs/four.example.com/$oldest/cert.pem")
refused 66 "a version that does not exist" "there is no version 20010101T000000Z-00000000" \
  "$CERTO" rollback four.example.com --to 20010101T000000Z-00000000
check "rollback --to" "$CERTO" rollback four.example.com --to "$oldest"
check "... makes that version live" is "$(serial_of "$certs/four.example.com/live/cert.pem")" "$wanted"
check "... and back" "$CERTO" renew --force four.example.com
check "revoke four" "$CERTO" revoke -d four.example.com --yes
check "renew four once more" "$CERTO" renew four.example.com
refused 1 "a revoked one does not come back" "was revoked" "$CERTO" rollback four.example.com

# ---- a plan ----

before=$(state_of_disk)
check "--plan" "$CERTO" renew --plan
check_said "... is a table" NAME ACTION WHEN WHY one.example.com "wait"
check "--plan --at" "$CERTO" renew --plan --at 2099-01-01 --json
check_said "... shows the plan for that date" '{"certo":"plan/1","at":"2099-01-01T00:00:00Z"' '"name":"one.example.com","action":"renew","at":"2099-01-01T00:00:00Z"' "it expired"
refused 64 "--at without a date" "is not a date" "$CERTO" renew --plan --at soon
check "... and nothing was written" is "$(state_of_disk)" "$before"

# ---- a rehearsal ----

rehearsal=(--dry-run --agree-tos --server "$PEBBLE_NONCES_DIRECTORY")
check "renew --dry-run" "$CERTO" renew "${rehearsal[@]}" one.example.com
check_said "... says so" "one.example.com: the rehearsal succeeded"
check "issue --dry-run" "$CERTO" issue "${rehearsal[@]}" -d five.example.com "${standalone[@]}"
check "... keeps nothing" test ! -e "$certs/five.example.com"
clear_a one.example.com
set_a one.example.com 127.0.0.9
expect_exit 1 "a rehearsal that fails" "$CERTO" renew "${rehearsal[@]}" one.example.com
check_said "... says why" "one.example.com: rehearsal: " connection
check "... nothing was changed" is "$(state_of_disk)" "$before"
refused 64 "a CA without a test server" "certo knows no test server" "$CERTO" issue --dry-run -d one.example.com "${standalone[@]}"
expect_exit 64 "... also for a renewal" "$CERTO" renew --dry-run one.example.com
check_said "... with a hint" "--dry-run --server URL"
