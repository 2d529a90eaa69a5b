#!/usr/bin/env bash
# Hooks around issue and renew: their order, their environment, failures, hooks that hang, and
# notifications.
# shellcheck disable=SC2016 # the hooks' own dollars
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
NAME=hooks.example.com
entry=$CERTO_HOME/certs/$NAME
ran=$TMP/ran
way=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")

orders() { grep 'calling handler' "$TMP/testbed/log/pebble" | grep -c order-plz; }
# hook FILE BODY: a hook that notes that it ran, then does BODY.
hook() {
  mkdir -p "$(dirname "$1")"
  printf '#!/bin/sh\necho "$CERTO_HOOK ${0##*/}" >>"%s"\n%s\n' "$ran" "$2" >"$1"
  chmod 755 "$1"
}
# ran_in_order WORD...: exactly these hooks ran since the last check.
ran_in_order() {
  local got
  got=$(tr '\n' ',' <"$ran")
  : >"$ran"
  is "$got" "$(printf '%s,' "$@")"
}
none_ran() { is "$(cat "$ran")" "" && : >"$ran"; }
issue() { "$CERTO" issue --agree-tos -d "$NAME" -d "www.$NAME" "${way[@]}" "$@"; }
due() { "$CERTO" renew --force "$NAME" "$@"; }
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }

: >"$ran"
for kind in pre deploy post; do
  hook "$CERTO_HOME/hooks/$kind/10-first.sh" ""
  hook "$CERTO_HOME/hooks/$kind/20-second" "env >'$TMP/env.$kind'"
done
chmod 700 "$CERTO_HOME"
printf 'not a hook' >"$CERTO_HOME/hooks/deploy/20-second~"
hook "$TMP/own" ""

# ---- order and environment ----

before=$(orders)
check "issue with hooks" issue --pre-hook "$TMP/own" \
  --renew-hook "$TMP/own" --post-hook "echo \"\$CERTO_HOOK shell\" >>'$ran'"
check "... run in order, the folders' first" ran_in_order 'pre 10-first.sh' 'pre 20-second' 'pre own' \
  'deploy 10-first.sh' 'deploy 20-second' 'deploy own' 'post 10-first.sh' 'post 20-second' 'post shell'
check "... and one order was opened" is "$(orders)" $((before + 1))
check "a deploy hook sees certo's variables" grep -qx "CERTO_NAMES=$NAME www.$NAME" "$TMP/env.deploy"
serial=$(openssl x509 -in "$entry/live/cert.pem" -noout -serial | sed 's/.*=//' | tr 'A-F' 'a-f')
check "... the serial number" grep -qix "CERTO_SERIAL=0*$serial" "$TMP/env.deploy"
check "... until when it is valid" grep -qE '^CERTO_NOT_AFTER=2[0-9-]+T[0-9:]+Z$' "$TMP/env.deploy"
for line in "CERTO_NAME=$NAME" "CERTO_HOME=$CERTO_HOME" "CERTO_KEY_PATH=$entry/live/key.pem" "CERTO_CERT_PATH=$entry/live/cert.pem" \
  "CERTO_CHAIN_PATH=$entry/live/chain.pem" "CERTO_FULLCHAIN_PATH=$entry/live/fullchain.pem" CERTO_HOOK=deploy \
  "CERT_PATH=$entry/live/cert.pem" "CERT_KEY_PATH=$entry/live/key.pem" "CA_CERT_PATH=$entry/live/chain.pem" \
  "CERT_FULLCHAIN_PATH=$entry/live/fullchain.pem" "Le_Domain=$NAME" "RENEWED_DOMAINS=$NAME www.$NAME" \
  "RENEWED_LINEAGE=$entry/certbot/$NAME"; do
  check "... ${line%%=*}" grep -qxF "$line" "$TMP/env.deploy"
done
expect_exit 1 "... and nothing else of the caller's" grep -q '^PEBBLE' "$TMP/env.deploy"
expect_exit 1 "a pre hook of a first certificate has no serial number" grep -q '^CERTO_SERIAL' "$TMP/env.pre"
check "a post hook knows what was renewed" grep -qx "RENEWED_DOMAINS=$NAME www.$NAME" "$TMP/env.post"

check "the same again" issue
check "... runs nothing" none_ran
check "cron, when nothing is due" "$CERTO" cron
check "... runs nothing and says nothing" sh -c 'test ! -s "$0" -a ! -s "$1" -a ! -s "$2"' "$ran" "$TMP/out" "$TMP/err"

# ---- a pre hook that fails ----

hook "$CERTO_HOME/hooks/pre/15-stop" 'echo "the server cannot be stopped" >&2; exit 3'
before=$(orders)
expect_exit 1 "a pre hook that fails" due
check_said "... is reported in its own words" "$NAME: pre hook $CERTO_HOME/hooks/pre/15-stop: the server cannot be stopped"
check "... stops the renewal, but not the post hooks" ran_in_order 'pre 10-first.sh' 'pre 15-stop' 'post 10-first.sh' \
  'post 20-second' 'post shell'
check "... and the CA got no request" is "$(orders)" "$before"
check "... a post hook knows that it failed" grep -qx "FAILED_DOMAINS=$NAME www.$NAME" "$TMP/env.post"
chmod 777 "$CERTO_HOME/hooks/pre/15-stop"
expect_exit 78 "a pre hook that others can write to" due
check_said "... is not run" "15-stop: others can write to it" "chmod go-w"
chmod 644 "$CERTO_HOME/hooks/pre/15-stop"
expect_exit 78 "one that is not executable" due
check_said "... is named" "15-stop: not executable" "chmod +x"
rm "$CERTO_HOME/hooks/pre/15-stop"
: >"$ran"

# ---- a deploy hook that fails ----

hook "$CERTO_HOME/hooks/deploy/15-reload" '[ -e "${0%/*}/../../mended" ] || { echo "line 7 is wrong" >&2; exit 1; }'
old=$(readlink "$entry/live")
expect_exit 4 "a deploy hook that fails" due
check_said "... is reported in its own words" "deploy hook $CERTO_HOME/hooks/deploy/15-reload: line 7 is wrong"
check "... the certificate is new nevertheless" test "$(readlink "$entry/live")" != "$old"
check "... the other hooks ran" ran_in_order 'pre 10-first.sh' 'pre 20-second' 'pre own' 'deploy 10-first.sh' \
  'deploy 15-reload' 'deploy 20-second' 'deploy own' 'post 10-first.sh' 'post 20-second' 'post shell'
before=$(orders)
new=$(readlink "$entry/live")
expect_exit 4 "the schedule's next run waits" "$CERTO" cron
check_said "... but repeats once what a person's command said" "line 7 is wrong"
check "... and runs nothing" none_ran
expect_exit 4 "the run after it" "$CERTO" cron
check "... repeats no message" test ! -s "$TMP/err"
expect_exit 4 "a person's run tries again" "$CERTO" renew --all
check_said "... and says so" "line 7 is wrong"
check "... that hook only" ran_in_order 'deploy 15-reload'
sed -i 's/"failed_at": "[^"]*"/"failed_at": "2026-01-01T00:00:00Z"/' "$entry/hooks.json"
expect_exit 4 "after an hour the schedule tries again, too" "$CERTO" cron
check "... and does not report the same failure again" test ! -s "$TMP/err"
check "... that hook only" ran_in_order 'deploy 15-reload'
check "info shows what is left to do" "$CERTO" info "$NAME"
check_said "... and how" "to run again: 'certo install-cert -d $NAME'"
expect_exit 4 "so does a command of a person" "$CERTO" install-cert -d "$NAME"
check "... with the same outcome" ran_in_order 'deploy 15-reload'
touch "$CERTO_HOME/mended"
check "when it is fixed" "$CERTO" renew --all --json
check_said "... it is reported" '"hooks":{"ran":1,"code":0,"errors":[]}' '"outcome":"not-due"'
check "... it runs, and nothing else" ran_in_order 'deploy 15-reload'
check "... without an order" is "$(orders) $(readlink "$entry/live")" "$before $new"
check "then there is nothing left" "$CERTO" cron
check "... to run" none_ran
rm "$CERTO_HOME/hooks/deploy/15-reload"

for fault in 644:"not executable" 757:"others can write to it"; do
  hook "$TMP/odd" ""
  sed -i "s#\"deploy\": \[#&\"$TMP/odd\", #" "$entry/hooks.json"
  chmod "${fault%%:*}" "$TMP/odd"
  expect_exit 4 "a deploy hook with mode ${fault%%:*}" due
  check_said "... is refused with a hint" "deploy hook $TMP/odd: $TMP/odd: ${fault#*:}" "certo: hint: chmod"
  refused 78 "... before the CA is contacted, if it is new" "${fault#*:}" issue --force --deploy-hook "$TMP/odd"
  sed -i "s#\"$TMP/odd\",* *##" "$entry/hooks.json"
  sed -i '/^ *$/d' "$entry/hooks.json"
done
check "without it all is well" "$CERTO" renew --all
check "list has nothing more to say" "$CERTO" list --json
check_said "... of hooks" '"hooks_pending":false'
: >"$ran"

# ---- one that hangs, one that talks ----

hook "$TMP/hangs" "sleep 300 & echo \$! >'$TMP/hung'; wait"
expect_exit 4 "a hook that hangs" issue --force --hook-timeout 1 --deploy-hook "$TMP/hangs"
check_said "... is reported" "deploy hook $TMP/hangs: did not end within 1 s"
check "... and ended with what it started" wait_until is_gone "$(cat "$TMP/hung")"
hook "$TMP/talks" 'head -c 20000000 /dev/zero | tr "\0" x; echo "the end"'
check "a hook that prints much" issue --hook-timeout 60 --deploy-hook "$TMP/talks" -v
check "... is cut" test "$(wc -c <"$TMP/err")" -lt 100000
check "renew adds a hook to what it renews" "$CERTO" renew --force "$NAME" --renew-hook "echo with-renew >>'$ran'"
check "... which runs" grep -qx with-renew "$ran"
check "hooks list shows it" "$CERTO" hooks list "$NAME" --only deploy
check_said "... among the others" "echo with-renew" "$TMP/talks"
check "hooks remove" "$CERTO" hooks remove "$NAME" "echo with-renew >>'$ran'"
check "... removes it and no other" "$CERTO" hooks list "$NAME"
check "... from the list" is "$(grep -c with-renew "$TMP/out") $(grep -c talks "$TMP/out")" "0 1"
expect_exit 1 "hooks remove of one that is not there" "$CERTO" hooks remove "$NAME" "echo with-renew"
check_said "... says how to see them" "certo hooks list $NAME"
: >"$ran"
check "hooks are dropped" issue --deploy-hook '' --pre-hook '' --post-hook ''
: >"$ran"
check "... and do not run again" due
check "... as it was meant" ran_in_order 'pre 10-first.sh' 'pre 20-second' 'deploy 10-first.sh' 'deploy 20-second' \
  'post 10-first.sh' 'post 20-second'

# ---- installed first ----

check "a certificate that is installed, too" issue --key-file "$TMP/installed.key" --reloadcmd "test ! -e '$TMP/broken'"
: >"$ran"
touch "$TMP/broken"
expect_exit 4 "an installation that fails" due
check "... keeps deploy hooks waiting, but no post hooks" ran_in_order 'pre 10-first.sh' 'pre 20-second' \
  'post 10-first.sh' 'post 20-second'
check "list says so" "$CERTO" list
check_said "... in short" "hooks to run again"
rm "$TMP/broken"
check "the next run installs" "$CERTO" renew --all
check "... then the deploy hooks run" ran_in_order 'deploy 10-first.sh' 'deploy 20-second'

# ---- hooks of other clients, unchanged ----

cat >"$TMP/certbot-hook" <<SCRIPT
#!/bin/bash
set -e
name=\$(basename "\$RENEWED_LINEAGE")
for domain in \$RENEWED_DOMAINS; do echo "\$domain" >>"$TMP/certbot.names"; done
cat "\$RENEWED_LINEAGE/privkey.pem" "\$RENEWED_LINEAGE/fullchain.pem" >"$TMP/\$name.combined"
cp -L "\$RENEWED_LINEAGE/cert.pem" "\$RENEWED_LINEAGE/chain.pem" "$TMP/"
SCRIPT
chmod 755 "$TMP/certbot-hook"
check "a hook for certbot, for a certificate that is not due" issue --deploy-hook "$TMP/certbot-hook"
check "... runs at once, alone" none_ran
check "... finds certbot's names" same_key "$TMP/$NAME.combined" "$TMP/$NAME.combined"
check "... and the names of the certificate" is "$(tr '\n' ' ' <"$TMP/certbot.names")" "$NAME www.$NAME "
check "... and its path stays good" due
check "... after a renewal" same_key "$entry/certbot/$NAME/privkey.pem" "$entry/live/cert.pem"
: >"$ran"
check "a reload command for acme.sh" issue --force --renew-hook \
  "cat \$CERT_KEY_PATH \$CERT_FULLCHAIN_PATH >$TMP/\$Le_Domain.acmesh && cmp \$CA_CERT_PATH $TMP/chain.pem || true"
check "... gets what it expects" same_key "$TMP/$NAME.acmesh" "$TMP/$NAME.acmesh"

# ---- settings, list, test ----

hook "$TMP/50-secret.sh" "printf '%s' \"\$SECRET\" >'$TMP/secret'"
mkdir -p "$CERTO_HOME/credentials"
printf '# a comment\nSECRET="s e c=ret"\n' >"$CERTO_HOME/credentials/hook-secret"
chmod 644 "$CERTO_HOME/credentials/hook-secret"
expect_exit 4 "settings that others can read" issue --deploy-hook "$TMP/50-secret.sh"
check_said "... are refused" "hook-secret: others can read it" "chmod 600"
chmod 600 "$CERTO_HOME/credentials/hook-secret"
check "settings of a hook" "$CERTO" renew "$NAME"
check "... reach it" is "$(cat "$TMP/secret")" "s e c=ret"
: >"$ran"
check "hooks list" "$CERTO" hooks list "$NAME"
check_said "... shows them all" "all                pre     ready  $CERTO_HOME/hooks/pre/10-first.sh" "$TMP/50-secret.sh"
check "hooks list --json" "$CERTO" hooks list --json
check_said "... and it says so" '"certificate":null,"kind":"deploy"' "\"certificate\":\"$NAME\""
check "hooks test" "$CERTO" hooks test "$NAME"
check "... runs all of them" ran_in_order 'pre 10-first.sh' 'pre 20-second' 'deploy 10-first.sh' 'deploy 20-second' \
  'deploy 50-secret.sh' 'post 10-first.sh' 'post 20-second'
check "hooks test --only" "$CERTO" hooks test "$NAME" --only deploy
check "... runs these" ran_in_order 'deploy 10-first.sh' 'deploy 20-second' 'deploy 50-secret.sh'
rm -f "$TMP/50-secret.sh"
expect_exit 4 "hooks test of one that is gone" "$CERTO" hooks test "$NAME" --only deploy
check_said "... says what the shell says" "50-secret.sh: not found"
refused 66 "hooks test of an unknown certificate" "hooks.exmple.com" "$CERTO" hooks test hooks.exmple.com
refused 64 "hooks with another word" "there is no sub-command" "$CERTO" hooks show
check "it is dropped" issue --deploy-hook ''

# ---- a run that dies owes its post hooks ----

hook "$CERTO_HOME/hooks/pre/30-dies" "kill -9 \$PPID"
: >"$ran"
expect_exit 137 "a run that dies after its pre hooks" due
rm "$CERTO_HOME/hooks/pre/30-dies"
: >"$ran"
check "the next run" "$CERTO" cron
check "... runs the post hooks" ran_in_order 'post 10-first.sh' 'post 20-second'
hook "$CERTO_HOME/hooks/deploy/30-slow" "touch '$TMP/slow'; sleep 60"
: >"$ran"
"$CERTO" renew --force "$NAME" >"$TMP/out" 2>"$TMP/err" </dev/null &
pid=$!
wait_until test -e "$TMP/slow"
kill -TERM "$pid"
wait "$pid"
check "a signal in a deploy hook" is $? 143
check "... post hooks run in the time that is left" ran_in_order 'pre 10-first.sh' 'pre 20-second' \
  'deploy 10-first.sh' 'deploy 20-second' 'deploy 30-slow' 'post 10-first.sh' 'post 20-second'
hook "$CERTO_HOME/hooks/deploy/30-slow" ""
check "the next run" "$CERTO" renew "$NAME"
check "... runs the deploy hook that was cut" ran_in_order 'deploy 30-slow'

# ---- damage ----

cp "$entry/hooks.json" "$TMP/hooks.json"
printf '{"certo":"hooks/1","deply":[]}' >"$entry/hooks.json"
expect_exit 4 "a damaged hooks.json" "$CERTO" cron
check_said "... is reported with the nearest member" 'hooks.json: it is damaged: unknown member "deply"' 'did you mean "deploy"?'
expect_exit 1 "... and status" "$CERTO" status
check_said "... names it as damaged" "$entry/hooks.json: it is damaged: unknown member \"deply\""
check "... and not as hooks that failed" is "$(grep -c 'hooks failed' "$TMP/out")" 0
cp "$TMP/hooks.json" "$entry/hooks.json"
: >"$ran"

# ---- notifications ----

mkdir -p "$CERTO_HOME/hooks/notify"
printf '#!/bin/sh\n{ echo "$CERTO_EVENT|$CERTO_SUBJECT"; cat; } >>"%s"\n' "$TMP/news" >"$CERTO_HOME/hooks/notify/tell"
chmod 755 "$CERTO_HOME/hooks/notify/tell"
check "a pass without changes" "$CERTO" cron
check "... tells nobody" test ! -e "$TMP/news"
check "... but with --notify always" "$CERTO" cron --notify always
check "... tells so" is "$(cat "$TMP/news")" "$(printf 'ok|certo: 1 unchanged\n1 unchanged')"
rm "$TMP/news"
check "a renewal" due
check "... is told" grep -qx "change|certo: 1 renewed" "$TMP/news"
check "... by name" grep -q "^$NAME: renewed, valid until 2" "$TMP/news"
rm "$TMP/news"
printf 'notify = on-failure\n' >"$CERTO_HOME/certo.conf"
check "certo.conf says on-failure" due
check "... so a renewal is not reported" test ! -e "$TMP/news"
hook "$CERTO_HOME/hooks/deploy/30-slow" 'echo "out of paper" >&2; exit 1'
expect_exit 4 "a failure" due
check "... is" grep -qx "failure|certo: 1 failed" "$TMP/news"
check "... with the reason" grep -q "30-slow: out of paper" "$TMP/news"
rm "$CERTO_HOME/hooks/deploy/30-slow"
printf '#!/bin/sh\necho "no route" >&2\nexit 1\n' >"$CERTO_HOME/hooks/notify/tell"
check "a notification that fails" "$CERTO" renew --all --notify always
check_said "... is only a warning" "warning: notify hook $CERTO_HOME/hooks/notify/tell: no route"
refused 64 "--notify with another word" "does not say when to notify" "$CERTO" cron --notify never
