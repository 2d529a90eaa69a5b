#!/usr/bin/env bash
# certo list: order, filters, damaged folders, the terminal, and what info says of a first issue that failed.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"
export LC_ALL=C.UTF-8

store=$TMP/store certs=$TMP/store/certs
python3 "$SOURCE/tests/bench/store.py" "$store" 13
# c1 is due and c2 is failing.

names() { # OPTION...
  "$CERTO" list --home "$store" --names "$@" | tr '\n' ' '
}
list() {
  "$CERTO" list --home "$store" "$@" | tee "$TMP/table"
  return "${PIPESTATUS[0]}"
}
column() { # NUMBER: of the rows of the last table
  sed -n '2,/^$/p' "$TMP/table" | awk -v n="$1" 'NF { print $n }' | sed 's/\.bench\.example//' | tr '\n' ' '
}

check "names" list --names
check "... are in natural order" is "$(tr '\n' ' ' <"$TMP/out" | sed 's/\.bench\.example//g')" \
  "c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 "
check "the table" list
check_said "... says how often one failed" "failing (3)"
check "... begins with the worst" is "$(column 1)" "c2 c1 c0 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 "
check "... without the text of the failure" test "$(grep -c refused "$TMP/table")" = 0
check "... ends with a total" is "$(tail -n 1 "$TMP/table")" "13 certificates: 1 failing, 1 due, 11 valid"
check "--sort name" list --sort name
check "... is another order" is "$(column 1)" "c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 "
sed -i 's/"not_after": "[^"]*"/"not_after": "2099-01-01T00:00:00Z"/' "$certs/c0.bench.example/status.json"
check "--sort expiry" is "$(names --sort expiry | awk '{ print $NF }')" c0.bench.example
refused 64 "another order" "size" "$CERTO" list --sort size
check "--due" is "$(names --due)" "c1.bench.example "
check "--failing" is "$(names --failing)" "c2.bench.example "
check "both" is "$(names --failing --due)" "c2.bench.example c1.bench.example "
check "a name" list c3.bench.example c11.bench.example
check "... and no other" is "$(column 1)" "c3 c11 "
check "-d NAME" is "$(names -d c3.bench.example)" "c3.bench.example "
refused 66 "an unknown name" "c99.bench.example" list c99.bench.example
check "none that is so" list --due c3.bench.example
check_said "... is said" "no certificate is like that"
check "--json" list --json --failing
check "... is filtered, too" python3 -c '
import json, sys
got = json.load(open(sys.argv[1]))
assert got["certo"] == "list/1" and [one["name"] for one in got["certificates"]] == ["c2.bench.example"], got' "$TMP/out"
check "--json --sort expiry" list --json --sort expiry
check "... is sorted, too" python3 -c '
import json, sys
assert json.load(open(sys.argv[1]))["certificates"][-1]["name"] == "c0.bench.example"' "$TMP/out"

# ---- a terminal ----

on_terminal() { # COLUMNS COMMAND...
  local columns=$1
  shift
  # shellcheck disable=SC2016 # the inner shell expands them
  python3 "$SOURCE/tests/e2e/on-terminal" "(never shown)" true sh -c 'stty cols "$0" -onlcr; export TERM=xterm; exec "$@"' "$columns" "$@"
}
plain() { sed 's/\x1b\[[0-9;]*m//g' "$TMP/out"; }
check "on a narrow terminal" on_terminal 50 "$CERTO" list --home "$store"
check "... no line is wider" test "$(plain | wc -L)" -le 50
check "on a wide one" on_terminal 120 "$CERTO" list --home "$store"
check "... states have colours" grep -q $'\x1b\\[33mfailing (3)' "$TMP/out"
check "... unless NO_COLOR is set" on_terminal 120 env NO_COLOR=1 "$CERTO" list --home "$store"
check "... as it was meant" test "$(grep -c $'\x1b' "$TMP/out")" = 0
check "JSON on a terminal" on_terminal 80 "$CERTO" list --home "$store" --json
check "... is pretty, and JSON" python3 -c '
import json, sys
text = open(sys.argv[1]).read()
assert len(json.loads(text)["certificates"]) == 13 and "\n    {\n      \"name\": \"c0" in text, text' "$TMP/out"
check "a plan as JSON" "$CERTO" renew --plan --json --home "$store"
check "... has each" python3 -c '
import json, sys
got = json.load(open(sys.argv[1]))
assert got["certo"] == "plan/1" and got["at"] and len(got["certificates"]) == 13, got' "$TMP/out"
check "an empty list is JSON, too" "$CERTO" list --json
check "... really" is "$(cat "$TMP/out")" '{"certo":"list/1","certificates":[]}'

# ---- folders without a request ----

rm "$certs/c5.bench.example/request.json"
mkdir "$certs/odd.example"
expect_exit 65 "a certificate without request.json" list
check_said "... is damaged" "2 damaged" "odd.example"
check "... first" is "$(column 1 | cut -d ' ' -f 1,2)" "c5 odd.example"
expect_exit 65 "... in JSON" list --json
check_said "... with the reason" "request.json is missing"
check "info shows it" "$CERTO" info --home "$store" c5.bench.example
check_said "... with the reason" "request.json is missing"


rm -r "$certs/c5.bench.example" "$certs/odd.example"
echo '{"certo":' >"$certs/c6.bench.example/request.json"
expect_exit 65 "a damaged request.json" list
check_said "... is damaged" "1 damaged" "c6.bench.example"
expect_exit 65 "... in JSON" list --json
expect_exit 0 "... and the others are listed without a failure" list c7.bench.example

# ---- a first issue that failed ----

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
set_a first.example.com 127.0.0.9
refused 1 "a first issue that fails" "first.example.com" "$CERTO" issue --agree-tos -d first.example.com --standalone \
  --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
check "info says what happened" "$CERTO" info first.example.com
check_said "... in the CA's words" "the first try" "http-01 check failed" "missing"
check "list, too" "$CERTO" list
check_said "... in short" "missing (1)" "1 certificate: 1 missing"
check "--names does not offer it" is "$("$CERTO" list --names)" ""
check "renew does not try it" "$CERTO" renew --all
check "it can be removed" "$CERTO" remove --yes first.example.com
check "... and is gone" "$CERTO" list
check_said "... really" "there are no certificates in $CERTO_HOME"

# ---- somebody else's ----

if [ "$(id -u)" = 0 ] && [ ! -e /var/lib/certo ]; then
  mkdir /var/lib/certo
  chmod 755 "$TMP"
  check "an ordinary user with an empty store" env -u CERTO_HOME setpriv --reuid 65534 --clear-groups \
    env HOME=/tmp XDG_STATE_HOME=/nonexistent "$CERTO" list
  check_said "... hears of root's" "/var/lib/certo" "sudo certo list"
  rmdir /var/lib/certo
fi

# ---- --json without a format of its own, and after a failure ----

expect_exit 66 "a failure with --json" "$CERTO" info nothing.example --json
check "... is an object" python3 -c '
import json, sys
got = json.load(open(sys.argv[1]))
assert got["certo"] == "error/1" and got["code"] == 66 and got["command"] == "info" and "nothing.example" in got["error"], got
assert got["hint"], got' "$TMP/out"
expect_exit 64 "a mistyped option with --json" "$CERTO" list --json --srot name
check_said "... too" '"certo":"error/1"' '"code":64'
check "a command that has no format" "$CERTO" remove --yes --json --home "$store" c7.bench.example
check "... says that it is done" python3 -c '
import json, sys
got = json.load(open(sys.argv[1]))
assert got["certo"] == "done/1" and got["code"] == 0 and got["messages"][0]["text"].startswith("removed "), got' "$TMP/out"
check "info --json" "$CERTO" info c8.bench.example --json --home "$store"
check "... has no inodes" test "$(grep -c inode "$TMP/out")" = 0

# ---- hooks that come with certo ----

check "hooks ready" "$CERTO" hooks ready
check_said "... lists them" nginx "Makes nginx check its configuration"
check "hooks ready nginx" "$CERTO" hooks ready nginx
check_said "... has its settings" "NGINX_RELOAD"
check "hooks ready --json" "$CERTO" hooks ready --json
check_said "... too" '"certo":"ready-hooks/1"' '"name":"nginx"'
refused 78 "a misspelt hook" "ngnix" "$CERTO" hooks ready ngnix
check_said "... gets the nearest" "did you mean nginx?"

# ---- a state folder that is not there ----

for words in list status report limits "renew --plan" "hooks list" "account list" "info a.example"; do
  # shellcheck disable=SC2086  # words
  refused 66 "$words with a mistyped --home" "$TMP/typo: there is no such state folder" "$CERTO" $words --home "$TMP/typo"
done
expect_exit 3 "... and Nagios" "$CERTO" status --format nagios --home "$TMP/typo"
check_said "... gets its line" "CERTO UNKNOWN - $TMP/typo: there is no such state folder"
check "... nothing makes it" test ! -e "$TMP/typo"
check "cron does" "$CERTO" cron --home "$TMP/typo"
