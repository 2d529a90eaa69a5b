#!/usr/bin/env bash
# dns-01 by providers that certo does not carry: recipes and shared objects, by their path and in the state folder, and
# what each says when it is not as it should be.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
fake_run "$TMP/service" httpreq.py --user certo --password 'se:cret' || exit 1
plugins=$(dirname "$CERTO")/plugins
mine=$CERTO_HOME/providers
dns=(--resolver "$DNS_ADDR")

issue() {
  "$CERTO" issue "${dns[@]}" "$@"
}

# A service that takes and drops values by name, with Basic authorization: lego's httpreq, as a recipe.
recipe() {
  cat <<RECIPE
{
  "recipe": 1,
  "name": "own", "title": "My own service", "docs": "https://example.com/docs",
  "base_url": "https://own.example/dns",
  "settings": [{"name": "OWN_USER", "about": "the user"}, {"name": "OWN_PASSWORD", "about": "the password"}],
  "auth": [{"basic": ["{OWN_USER}", "{OWN_PASSWORD}"]}],
  "zone": {"find": "none"},
  "records": {
    "mode": "append",
    "add": {"method": "POST", "url": "/present", "json": {"fqdn": "{fqdn}", "value": "{value}"}},
    "remove": {"method": "POST", "url": "/cleanup", "json": {"fqdn": "{fqdn}", "value": "{value}"}}
  },
  "error": ["/error"]
}
RECIPE
}

check "an account" "$CERTO" account new --agree-tos
mkdir -p "$mine"
export OWN_USER=certo OWN_PASSWORD='se:cret' OWN_BASE_URL=$FAKE_HTTPREQ

# ---- a recipe ----

recipe >"$TMP/own.json"
chmod 644 "$TMP/own.json"
check "a recipe is checked" "$CERTO" providers check "$TMP/own.json"
check "... and rehearsed" "$CERTO" providers check "$TMP/own.json" --dry-run -d example.com
check "... with its requests, and no secret" sh -c '"$0" providers check "$1" --dry-run | grep -qF "{OWN_PASSWORD}"' \
  "$CERTO" "$TMP/own.json"
check "wildcard and apex by a recipe that is named by its path" \
  "$CERTO" issue -d example.com -d '*.example.com' --dns "$TMP/own.json" "${dns[@]}"
check "... is renewed from its settings" env -u OWN_USER -u OWN_PASSWORD -u OWN_BASE_URL "$CERTO" renew --force example.com
cp "$TMP/own.json" "$mine/home.json"
check "a recipe in the state folder" "$CERTO" issue -d home.example.com --dns home "${dns[@]}"
check "... is listed with kind and file" sh -c '"$0" providers --json | grep -q "\"home\",\"kind\":\"recipe\".*home.json"' "$CERTO"

sed 's/"add"/"ad"/' "$TMP/own.json" >"$mine/typo.json"
refused 65 "a recipe with a typo" "typo.json:10:" "$CERTO" providers check "$mine/typo.json"
check_said "... with what is meant" 'did you mean'
refused 78 "... is not used" "typo.json:10:" issue -d typo.example.com --dns typo
cp "$TMP/own.json" "$mine/open.json"
chmod 666 "$mine/open.json"
refused 78 "a recipe that others may write to" "others may write" issue -d open.example.com --dns open
refused 78 "a recipe's wrong password" "the credentials are refused" \
  env OWN_PASSWORD=wrong "$CERTO" issue -d wrong.example.com --dns home "${dns[@]}"

# ---- a shared object ----

export HTTPREQ_ENDPOINT=$FAKE_HTTPREQ HTTPREQ_USERNAME=certo HTTPREQ_PASSWORD='se:cret'
cp "$plugins/httpreq.so" "$mine/plugged.so"
cp "$plugins"/bad-*.so "$mine/"
check "wildcard and apex by a .so in the state folder" \
  "$CERTO" issue -d so.example.com -d '*.so.example.com' --dns plugged "${dns[@]}"
check "... is renewed" "$CERTO" renew --force so.example.com
check "its settings are shown" "$CERTO" providers plugged
check "a .so that is named by its path" "$CERTO" issue -d path.example.com --dns "$plugins/httpreq.so" "${dns[@]}"
refused 78 "a .so for another ABI" "version 2 of the provider ABI" issue -d abi.example.com --dns bad-abi
chmod 666 "$mine/plugged.so"
refused 78 "a .so that others may write to" "others may write" issue -d other.example.com --dns plugged
echo nonsense >"$mine/text.so"
refused 78 "a .so that is none" "cannot be loaded" issue -d text.example.com --dns text
mkdir "$TMP/alone"
cp "$CERTO" "$TMP/alone/certo"
refused 78 "a .so without certo-provider-host" "certo-provider-host" \
  "$TMP/alone/certo" issue -d alone.example.com --dns bad-crash "${dns[@]}"

# ---- an executable ----

cp "$DNS_PROVIDER" "$mine/certo-dns-script"
check "an executable in the state folder" issue -d script.example.com --dns script --dns-env CHALLTESTSRV --dns-env DNS_ADDR
chmod -x "$mine/certo-dns-script"
refused 78 "... without its run bit" "not executable" issue -d norun.example.com --dns script

check "no record is left" is "$(find "$CERTO_HOME/presented" -name '*.json' 2>/dev/null | wc -l)" 0

# ---- one that crashes: its clean-up crashes, too, and that is said ----

expect_exit 1 "a .so that crashes" issue -d crash.example.com --dns bad-crash
check_said "... is told" "crash.example.com: bad: crashed by signal 6" "could not be removed"
