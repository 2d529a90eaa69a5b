#!/usr/bin/env bash
# dns-01 by providers that are not part of certo: recipes, shared objects and executables, by their path and in the
# state folder. Each is renewed from cron's empty environment, gets only its own settings, and reports its faults.
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
# As cron starts it: without the variables of this shell.
cron() {
  env -i HOME=/root "$CERTO" renew --home "$CERTO_HOME" "$@"
}
# is_private FILE: stored settings.
is_private() { is "$(stat -c %a "$CERTO_HOME/credentials/$1")" 600; }

# A service that adds and removes values by name, with Basic authorization: lego's httpreq, as a recipe.
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
by_env=(--dns-env OWN_USER --dns-env OWN_PASSWORD --dns-env OWN_BASE_URL)

# ---- a recipe ----

recipe >"$TMP/own.json"
chmod 644 "$TMP/own.json"
check "a recipe is checked" "$CERTO" providers check "$TMP/own.json"
check "... and rehearsed" "$CERTO" providers check "$TMP/own.json" --dry-run -d example.com
check "... with its requests, and no secret" sh -c '"$0" providers check "$1" --dry-run | grep -qF "{OWN_PASSWORD}"' \
  "$CERTO" "$TMP/own.json"
refused 78 "a recipe given by its path does not see the environment" "OWN_USER and OWN_PASSWORD are not set" \
  issue -d example.com --dns "$TMP/own.json"
check_said "... and the message says how to pass a variable on" "--dns-env OWN_USER"
check "wildcard and apex by a recipe that is given by its path" \
  issue -d example.com -d '*.example.com' --dns "$TMP/own.json" "${by_env[@]}"
check "... its settings are stored for this path" is_private "$(printf '%s' "$TMP/own.json" | sed 's,/,%2f,g')"
check "... is renewed by cron" cron --force example.com
cp "$TMP/own.json" "$mine/own.json"
check "a recipe in the state folder sees the variables that begin with its name" \
  issue -d home.example.com --dns own
check "... is renewed by cron" cron --force home.example.com
check "... is listed with kind and file" sh -c '"$0" providers --json | grep -q "\"own\",\"kind\":\"recipe\".*own.json"' "$CERTO"
cp "$TMP/own.json" "$mine/home.json"
refused 78 "... and under another name it sees none of them" "home: OWN_USER and OWN_PASSWORD are not set" \
  issue -d other.example.com --dns home
(umask 077 && printf '%s\n' "OWN_USER=certo" "OWN_PASSWORD='se:cret'" "HOME_BASE_URL=$FAKE_HTTPREQ" >"$TMP/settings")
check "... but the file of --dns-credentials" issue -d home2.example.com --dns home --dns-credentials "$TMP/settings"
check "... which cron reads, too" cron --force home2.example.com

# ---- code that declares foreign settings ----

sed 's/"own"/"cloudflare"/; s/OWN_PASSWORD/CLOUDFLARE_API_TOKEN/g; s/OWN_USER/AWS_ACCESS_KEY_ID/g' "$TMP/own.json" >"$TMP/claims.json"
mkdir -p "$CERTO_HOME/credentials"
(umask 077 && echo "CLOUDFLARE_API_TOKEN=of-cloudflare" >"$CERTO_HOME/credentials/cloudflare")
refused 78 "a recipe that calls itself cloudflare gets nothing of cloudflare" \
  "claims.json: AWS_ACCESS_KEY_ID and CLOUDFLARE_API_TOKEN are not set" \
  env CLOUDFLARE_API_TOKEN=env AWS_ACCESS_KEY_ID=env "$CERTO" issue -d claims.example.com --dns "$TMP/claims.json" "${dns[@]}"
cp "$TMP/claims.json" "$mine/cloudflare.json"
check "a file in the state folder does not take the name of a built-in" \
  sh -c '"$0" providers cloudflare --json | grep -q "\"origin\":\"certo\""' "$CERTO"
sed 's/"OWN_PASSWORD", "about": "the password"/"OWN_KEY_FILE", "about": "the key"/; s/{OWN_PASSWORD}/{OWN_KEY_FILE}/' \
  "$TMP/own.json" >"$TMP/keys.json"
key=$(find "$CERTO_HOME/accounts" -name account.key)
ln -s "$key" "$TMP/link"
for path in "$key" "$TMP/link"; do
  refused 78 "a provider gets no file of the state folder" "inside certo's state folder" \
    env OWN_KEY_FILE="$path" "$CERTO" issue -d keys.example.com --dns "$TMP/keys.json" "${by_env[@]}" --dns-env OWN_KEY_FILE "${dns[@]}"
done

sed 's/"add"/"ad"/' "$TMP/own.json" >"$mine/typo.json"
refused 65 "a recipe with a typo" "typo.json:10:" "$CERTO" providers check "$mine/typo.json"
check_said "... with the nearest name" 'did you mean'
refused 78 "... is not used" "typo.json:10:" issue -d typo.example.com --dns typo
cp "$TMP/own.json" "$mine/open.json"
chmod 666 "$mine/open.json"
refused 78 "a recipe that others can write to" "others can write" issue -d open.example.com --dns open
refused 78 "a recipe's wrong password" "the credentials are refused" \
  env OWN_PASSWORD=wrong-password "$CERTO" issue -d wrong.example.com --dns own "${dns[@]}"
check "... is not shown" sh -c '! grep -q wrong-password "$0"' "$TMP/err"

# ---- a shared object ----

export HTTPREQ_ENDPOINT=$FAKE_HTTPREQ HTTPREQ_USERNAME=certo HTTPREQ_PASSWORD='se:cret'
cp "$plugins/httpreq.so" "$mine/plugged.so"
cp "$plugins"/bad-*.so "$mine/"
by_env=(--dns-env HTTPREQ_ENDPOINT --dns-env HTTPREQ_USERNAME --dns-env HTTPREQ_PASSWORD)
refused 78 "a .so in the state folder does not see variables of another name" "plugged: HTTPREQ_ENDPOINT is not set" \
  issue -d so.example.com --dns plugged
check "wildcard and apex by a .so in the state folder" \
  issue -d so.example.com -d '*.so.example.com' --dns plugged "${by_env[@]}"
check "... its settings are stored" is_private plugged
check "... is renewed by cron" cron --force so.example.com
check "its settings are shown" "$CERTO" providers plugged
check "a .so that is given by its path" issue -d path.example.com --dns "$plugins/httpreq.so" "${by_env[@]}"
check "... is renewed by cron" cron --force path.example.com
refused 78 "a .so for another ABI" "version 2 of the provider ABI" issue -d abi.example.com --dns bad-abi
chmod 666 "$mine/plugged.so"
refused 78 "a .so that others can write to" "others can write" issue -d other.example.com --dns plugged
echo nonsense >"$mine/text.so"
refused 78 "a file that is not a shared object" "cannot be loaded" issue -d text.example.com --dns text
mkdir "$TMP/alone"
cp "$CERTO" "$TMP/alone/certo"
refused 78 "a .so without certo-provider-host" "certo-provider-host" \
  "$TMP/alone/certo" issue -d alone.example.com --dns bad-crash "${dns[@]}"

# ---- an executable ----

cp "$DNS_PROVIDER" "$mine/certo-dns-script"
check "an executable in the state folder" issue -d script.example.com --dns script --dns-env CHALLTESTSRV --dns-env DNS_ADDR
check "... its settings are stored" is_private certo-dns-script
check "... is renewed by cron" cron --force script.example.com
check "a program that is given by its path" \
  issue -d program.example.com --dns "exec:$DNS_PROVIDER" --dns-env CHALLTESTSRV --dns-env DNS_ADDR
check "... is renewed by cron" cron --force program.example.com
(umask 077 && printf '%s\n' "CHALLTESTSRV=$CHALLTESTSRV" "DNS_ADDR=$DNS_ADDR" >"$TMP/program-settings")
cp "$DNS_PROVIDER" "$TMP/another-program"
check "a program with the file of --dns-credentials" \
  issue -d given.example.com --dns "exec:$TMP/another-program" --dns-credentials "$TMP/program-settings"
check "... is renewed by cron" cron --force given.example.com
cp "$DNS_PROVIDER" "$TMP/third-program"
check "without --no-save nothing is missing" \
  issue -d saved.example.com --dns "exec:$TMP/another-program" --dns-env CHALLTESTSRV --dns-env DNS_ADDR
check "... and nothing is printed" sh -c '! grep -q cron "$0"' "$TMP/err"
check "with --no-save" \
  issue -d unsaved.example.com --dns "exec:$TMP/third-program" --dns-env CHALLTESTSRV --dns-env DNS_ADDR --no-save
check_said "... certo reports at once what cron will lack" "CHALLTESTSRV is set only in this run's environment"
chmod -x "$mine/certo-dns-script"
refused 78 "... without its run bit" "not executable" issue -d norun.example.com --dns script

check "no record is left" is "$(find "$CERTO_HOME/presented" -name '*.json' 2>/dev/null | wc -l)" 0

# ---- one that crashes: its clean-up crashes, too, and certo reports that ----

expect_exit 1 "a .so that crashes" issue -d crash.example.com --dns bad-crash
check_said "... is reported" "crash.example.com: bad-crash: crashed by signal 6" "could not be removed"
