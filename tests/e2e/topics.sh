#!/usr/bin/env bash
# The examples of 'certo help TOPIC' and the man pages work: the DNS program, the recipe, the schema and the commands.
TESTBED=
. "$(dirname "$0")/lib.sh"

# example TOPIC: the lines that a topic shows indented, without the indentation.
example() {
  "$CERTO" help "$1" | sed -n 's/^    //p'
}

for topic in dns dns-program recipes tls-alpn hooks accounts state json exit-codes; do
  check "help $topic" "$CERTO" help "$topic"
  check "... as a man page" grep -q "^\.TH certo" <("$CERTO" help --man "$topic")
done
refused 64 "a misspelt topic" "recipse" "$CERTO" help recipse
check_said "... gets the nearest one" "did you mean 'certo help recipes'?"
refused 64 "a misspelt sub-command" "rolover" "$CERTO" account rolover
check_said "... gets the nearest one" "did you mean 'certo account rollover'?"
refused 64 "a misspelt option" "--webrot" "$CERTO" issue --webrot /srv
check_said "... gets the nearest one" "did you mean --webroot?"
refused 64 "an option of another sub-command" "belongs to 'ready'" "$CERTO" hooks list --names
refused 64 "an option that this sub-command would ignore" "--only" "$CERTO" hooks ready --only deploy
mkdir -p "$CERTO_HOME/certs/www.example.com"
touch "$CERTO_HOME/certs/www.example.com/request.json"
chmod -R go= "$CERTO_HOME"
refused 66 "a misspelt certificate" "www.exmaple.com" "$CERTO" info www.exmaple.com
check_said "... gets the nearest one" "did you mean www.example.com?"

# ---- the DNS program ----

mkdir "$TMP/bin"
printf '#!/bin/sh\ncat >"%s/update"\n' "$TMP" >"$TMP/bin/nsupdate"
example dns-program | sed -n '/^#!\/bin\/sh/,/^printf/p' >"$TMP/dns.sh"
chmod 755 "$TMP/bin/nsupdate" "$TMP/dns.sh"
export PATH=$TMP/bin:$PATH DNS_KEY=$TMP/key
expect_exit 78 "the DNS program without its key" "$TMP/dns.sh" present _acme-challenge.example.com value
: >"$TMP/key"
check "the DNS program adds a record" "$TMP/dns.sh" present _acme-challenge.example.com value
check "... by an update of the zone" grep -qx 'update add _acme-challenge.example.com. 60 TXT "value"' "$TMP/update"
check "... removes it" "$TMP/dns.sh" cleanup _acme-challenge.example.com value
check "... and no other" grep -qx 'update delete _acme-challenge.example.com. TXT "value"' "$TMP/update"
check "... describes itself" grep -q '"certo-dns": 1' <("$TMP/dns.sh" describe)
expect_exit 64 "... refuses other actions" "$TMP/dns.sh" other
printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/nsupdate"
expect_exit 75 "... reports a server that cannot be reached" "$TMP/dns.sh" present _acme-challenge.example.com value

# ---- the recipe ----

example recipes | sed -n '/^{$/,/^}$/p' >"$TMP/example.json"
check "the recipe is valid" "$CERTO" providers check "$TMP/example.json" --dry-run -d example.com

# ---- JSON ----

example json | sed -n '/^{$/,/^}$/p' >"$TMP/schema.json"
# The parts of JSON Schema that the schema uses.
cat >"$TMP/valid.py" <<'PYTHON'
import json, sys

def fits(schema, value):
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    if "const" in schema and value != schema["const"]: return False
    if "enum" in schema and value not in schema["enum"]: return False
    if "type" in schema and not isinstance(value, kinds[schema["type"]]): return False
    if any(key not in value for key in schema.get("required", [])): return False
    for key, part in schema.get("properties", {}).items():
        if key in value and not fits(part, value[key]): return False
    return all(fits(schema["items"], item) for item in value) if "items" in schema else True

sys.exit(not fits(json.load(open(sys.argv[1])), json.load(sys.stdin)))
PYTHON
rm -r "$CERTO_HOME/certs"
"$CERTO" renew --all --json >"$TMP/renew.json"
check "renew --json fits the schema" sh -c 'python3 "$0" "$1" <"$2"' "$TMP/valid.py" "$TMP/schema.json" "$TMP/renew.json"
check "... which refuses other documents" sh -c '! echo "{\"certo\":\"renew/1\"}" | python3 "$0" "$1"' "$TMP/valid.py" "$TMP/schema.json"

# ---- the exit codes, and examples that change nothing ----

check "help and manual have the same exit codes" test "$("$CERTO" help exit-codes | grep -c '^    [0-9]')" -ge 16
check "certo help issue" "$CERTO" help issue
check "certo list" "$CERTO" list
check "certo providers" "$CERTO" providers
check "certo hooks list" "$CERTO" hooks list
check "certo version --json" "$CERTO" version --json
check "every option with --help --all" grep -q -- --eab-hmac-file <("$CERTO" issue --help --all)
check "not with --help" sh -c '! "$0" issue --help | grep -q -- --eab-hmac-file' "$CERTO"
