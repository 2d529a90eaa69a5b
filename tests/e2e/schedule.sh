#!/usr/bin/env bash
# certo schedule: systemd's units and cron's lines, below a folder of the test and in a crontab of the test.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
unset CERTO_HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS

# shellcheck disable=SC2016,SC2034 # dollars of other programs; variables of lib.sh
# One user plays both kinds: if this is not root, a user namespace fakes root.
as_root=()
[ "$(id -u)" = 0 ] || as_root=(unshare -r)
# A service has its own /tmp, so a certo in /tmp is refused; then the test puts it into /opt, for itself alone.
program=$CERTO
case $CERTO in
  /tmp/* | /var/tmp/*)
    program=/opt/certo
    as_root=(unshare -m)
    [ "$(id -u)" = 0 ] || as_root=(unshare -rm)
    # shellcheck disable=SC2016 # the other shell's
    as_root+=(sh -ec 'mount -t tmpfs -o mode=755 none /opt && cp "$0" /opt/certo && exec "$@"' "$CERTO")
    if ! "${as_root[@]}" true 2>/dev/null; then
      ok "not tried: certo is below /tmp, which a service does not see, and this user must not mount anything"
      exit
    fi
    ;;
esac
certo() {
  "${as_root[@]}" "$program" "$@"
}
root=$TMP/root
units=$root/etc/systemd/system
schedule() {
  certo schedule "$@" --root "$root"
}
absent() {
  ! [ -e "$1" ] && ! [ -L "$1" ]
}

# ---- neither ----

# nowhere COMMAND...: on a machine with neither.
nowhere() {
  # shellcheck disable=SC2016 # the other shell's
  PATH=/nowhere "$(command -v unshare)" -rm "$(command -v sh)" -ec '"$0" -t tmpfs none /run; "$0" -t tmpfs none /etc/cron.d; exec "$@"' \
    "$(command -v mount)" "$@"
}
mkdir -p "$root"
if ! command -v crontab >/dev/null && [ -d /etc/cron.d ] && nowhere "$(command -v true)" 2>/dev/null; then
  refused 78 "without systemd and cron it reports that" "neither systemd nor cron" nowhere "$CERTO" schedule install
  check_said "... with what a container does, and the line to add" "certo cron --every 1h" "* * * * PATH=/usr/local/sbin:" \
    "/bin $CERTO cron"
fi
expect_exit 1 "... and status finds none" schedule status
check_said "... and says it" "not scheduled"
check "to remove a missing schedule succeeds" schedule remove
check_said "... and is reported" "there was no schedule"
refused 64 "another word" "there is no sub-command 'instal'" schedule instal
refused 64 "another kind" "neither systemd nor cron" schedule install --kind at

check "below a root folder that has neither yet, it is systemd" schedule install
check "... with its units" test -s "$units/certo.timer"
check "... which are removed" schedule remove

# ---- systemd ----

mkdir -p "$root/usr/lib/systemd"
touch "$root/usr/lib/systemd/systemd"
check "an image with systemd, which does not run" schedule install
check "... whose machines have no id yet, so each has a minute of its own" grep -qx 'FixedRandomDelay=yes' "$units/certo.timer"
minute_of() { sed -n 's/^OnCalendar=.*:\(..\):00$/\1/p' "$units/certo.timer"; }
minutes=
for id in 1 2 3; do
  mkdir -p "$root/etc"
  printf '%032d\n' "$id" >"$root/etc/machine-id"
  certo schedule install --root "$root" 2>/dev/null
  minutes="$minutes $(minute_of)"
done
check "... or the minute of its own machine-id" test "$(echo "$minutes" | tr ' ' '\n' | sort -u | wc -l)" -gt 2
check "... without a delay" is "$(grep -c FixedRandomDelay "$units/certo.timer")" 0
mkdir -p "$root/usr/bin"
cp "$CERTO" "$root/usr/bin/certo"
chmod -R go-w "$root"
check "a certo in the image" "${as_root[@]}" "$root/usr/bin/certo" schedule install --root "$root"
check "... is started by its path in there" grep -qx 'ExecStart=/usr/bin/certo cron' "$units/certo.service"
check "removed" schedule remove
rm -r "${root:?}/usr" "$root/etc/machine-id"

mkdir -p "$root/run/systemd/system" "$root/etc/cron.d"
check "if systemd runs, it is systemd" schedule install
check "there is a service" grep -qx "ExecStart=$program cron" "$units/certo.service"
check "... and a timer that catches up" grep -qx "Persistent=yes" "$units/certo.timer"
check "... every hour" grep -qE '^OnCalendar=\*-\*-\* \*:[0-5][0-9]:00$' "$units/certo.timer"
check "... and it is enabled" test -e "$units/timers.target.wants/certo.timer"
check "cron has nothing" absent "$root/etc/cron.d/certo"
analyze() {
  "${as_root[@]}" "$SOURCE/scripts/testbed.sh" systemd-analyze verify --man=no "$units/certo.service" "$units/certo.timer" 2>&1
}
check "systemd accepts both without a warning" is "$(analyze)" ""
check "a reload command may write to /etc" grep -qx 'ProtectSystem=yes' "$units/certo.service"
cp -r "$units" "$TMP/first"
check "the same again" schedule install
check "... changes nothing" diff -r "$TMP/first" "$units"
check "status" schedule status
check_said "... shows kind and file" "systemd: $units/certo.timer"
check "status as JSON" schedule status --json
check_said "... is a document" '"certo":"schedule/1","kind":"systemd"'
odd="/srv/a 100% \"odd\" \$tate"
refused 64 "a second state folder" "this schedule renews /var/lib/certo, and not $odd" schedule install --home "$odd"
check_said "... the hint names both ways" "certo schedule remove --home /var/lib/certo" "cron --home '/srv/a 100\\% \"odd\" \$tate'"
check "... and nothing has changed" diff -r "$TMP/first" "$units"
refused 64 "its removal" "and not $odd" schedule remove --home "$odd"
expect_exit 1 "its status" schedule status --home "$odd"
check_said "... says which one is renewed" "the schedule renews /var/lib/certo, and not $odd"
check "the default state folder by its name" schedule install --home /var/lib/certo
check "removed by its name" schedule remove --home /var/lib/certo
check "an odd state folder" schedule install --home "$odd"
check "... is kept for the hourly run" grep -qF -- "--home \"/srv/a 100%% \\\"odd\\\" \$\$tate\"" "$units/certo.service"
check "... and systemd takes it" is "$(analyze)" ""
expect_exit 0 "status" schedule status --json
check_said "... shows it" '"home":"/srv/a 100% \"odd\" $tate"'
check "removed" schedule remove
check "the default one again" schedule install
ln -sf /dev/null "$units/certo.timer"
refused 78 "a masked timer" "certo.timer is masked, so systemd does not start it" schedule install
check_said "... the hint says how to unmask it" "systemctl unmask certo.timer"
expect_exit 1 "status" schedule status
check_said "... says it, too" "certo.timer is masked"
rm "$units/certo.timer"
check "unmasked" schedule install

# ---- cron ----

check "cron instead" schedule install --kind cron
check_said "... removes the timer" "removed the previous schedule of systemd"
check "... completely" is "$(find "$units" ! -type d)" ""
line=$(grep -v '^#\|^PATH' "$root/etc/cron.d/certo")
check "... for a line" grep -qE "^[0-9]+ \* \* \* \* root $program cron # certo schedule$" <(echo "$line")
check "... at the minute that the timer had" \
  is "$((10#$(sed -n 's/.*\*:\(..\):00/\1/p' "$TMP/first/certo.timer")))" "${line%% *}"
check "status" schedule status
check_said "... shows the next run" "next: 2"
cp "$root/etc/cron.d/certo" "$TMP/cron-line"
sed -i '$s/^/#/' "$root/etc/cron.d/certo"
expect_exit 1 "a line that somebody made a comment" schedule status
check_said "... is reported" "certo's line is commented out, so nothing starts certo: #" "'certo schedule install' writes it again"
sed -e '$s/ \* \* \* \*/ 3 * * */' "$TMP/cron-line" >"$root/etc/cron.d/certo"
expect_exit 1 "a line with another time" schedule status
check_said "... is reported" "certo's line was changed: "
check "... and written again" schedule install --kind cron
check "... as it was" cmp "$TMP/cron-line" "$root/etc/cron.d/certo"
check "removed" schedule remove
check "... for good" absent "$root/etc/cron.d/certo"

# ---- a user ----

mkdir -p "$TMP/bin"
crontab_stand_in "$TMP/bin/crontab"
chmod 711 "$TMP"
cp "$CERTO" "$TMP/bin/certo"
as_user=()
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$HOME"
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
user() {
  PATH=$TMP/bin:$PATH "${as_user[@]}" "$TMP/bin/certo" schedule "$@"
}
printf '5 5 * * * backup # mine\n' >"$HOME/crontab"
chmod 666 "$HOME/crontab"
check "a user's crontab" user install --kind cron
check "... gets a line" grep -qE "^[0-9]+ \* \* \* \* PATH=[a-z:/]+ $TMP/bin/certo cron # certo schedule$" "$HOME/crontab"
check "... next to the existing ones" is "$(sed -n 1p "$HOME/crontab")" '5 5 * * * backup # mine'
check "the same again" user install --kind cron
check "... is still one line" is "$(grep -c 'certo schedule' "$HOME/crontab")" 1
check "status" user status
check_said "... finds it" "cron: crontab"
check "removed" user remove
check "... and the rest stays" is "$(cat "$HOME/crontab")" '5 5 * * * backup # mine'
rm "$HOME/crontab"
check "a user without a crontab" user install --kind cron
check "... has one then" grep -q 'certo cron' "$HOME/crontab"
cat >"$TMP/bin/crontab" <<'END'
#!/bin/sh
echo "you are not allowed" >&2
exit 1
END
expect_exit 1 "a crontab that the user must not read" user install --kind cron
check_said "... is told" "crontab -l: you are not allowed"
check "a user's systemd" user install --kind systemd --root "$HOME"
check "... has its units" test -e "$HOME$HOME/.config/systemd/user/timers.target.wants/certo.timer"
check "... in which sudo works: no setting implies NoNewPrivileges" \
  is "$(grep -cE '^(NoNew|Private|Protect|Restrict|Lock|System|Memory)' "$HOME$HOME/.config/systemd/user/certo.service")" 0

# ---- a systemd that runs: a stand-in for systemctl, and folders that are mounted for this test alone ----

# It shows what is in these files: a property a line.
cat >"$TMP/bin/systemctl" <<END
#!/bin/sh
echo "\$*\${XDG_RUNTIME_DIR:+ in \$XDG_RUNTIME_DIR}" >>"$TMP/systemctl.log"
[ "\$1" != --user ] || shift
[ "\$1" = "\$(cat "$TMP/fault" 2>/dev/null)" ] && { echo "Failed to \$1" >&2; exit 1; }
[ "\$1" != show ] || [ "\$TZ" != UTC ] || cat "$TMP/shows.\$2"
END
chmod 755 "$TMP/bin/systemctl"
printf '%s\n' ActiveState=active UnitFileState=enabled LoadState=loaded LastTriggerUSec=n/a \
  'NextElapseUSecRealtime=Sat 2026-11-21 12:57:00 UTC' >"$TMP/shows.certo.timer"
printf '%s\n' LoadState=loaded Result=success ExecMainStatus=0 >"$TMP/shows.certo.service"
# shows UNIT PROPERTY=VALUE: until the next call, which is for the original if it has no arguments.
shows() {
  cp "$TMP"/original/shows.* "$TMP"
  [ $# = 0 ] || sed -i "s/^${2%%=*}=.*/$2/" "$TMP/shows.$1"
}
mkdir "$TMP/original"
cp "$TMP"/shows.* "$TMP/original"
: >"$TMP/systemctl.log"
chmod 666 "$TMP/systemctl.log"

private=(unshare -m)
[ "$(id -u)" = 0 ] || private=(unshare -rm)
# alone COMMAND...: on a machine with systemd, for root, whose certo is where it may be.
alone() {
  # shellcheck disable=SC2016  # the other shell's
  PATH=$TMP/bin:$PATH "${private[@]}" sh -ec '
    mkdir -p "$0/units" "$0/state" "$0/cron.d"
    mount -t tmpfs none /run
    mkdir -p /run/systemd/system /run/user/65534/systemd
    mount --bind "$0/units" /etc/systemd/system
    [ ! -d /etc/cron.d ] || mount --bind "$0/cron.d" /etc/cron.d
    mount --bind "$0/state" /var/lib
    if [ "$program" = /opt/certo ]; then mount -t tmpfs -o mode=755 none /opt && cp "$CERTO" /opt/certo; fi
    exec "$@"' "$TMP" "$@"
}
export program
here() { alone "$program" "$@"; }
if [ -d /etc/systemd/system ] && "${private[@]}" mount -t tmpfs none /run 2>/dev/null; then
  : >"$TMP/systemctl.log"
  check "systemd is told" here schedule install --kind systemd
  check_said "... and the next run is shown" "next: 2026-11-21T12:57:00Z"
  check "... of the units" grep -qx 'enable certo.timer' "$TMP/systemctl.log"
  check "... and of a time that may be new" is "$(head -n 3 "$TMP/systemctl.log" | tr '\n' ' ')" \
    "daemon-reload enable certo.timer restart certo.timer "
  check "status" here schedule status --json
  check_said "... has it too" '"next":"2026-11-21T12:57:00Z","last":null'
  check_said "... and no problem" '"problems":[]'
  echo enable >"$TMP/fault"
  refused 1 "systemctl fails" "systemctl enable certo.timer: Failed to enable" here schedule install
  rm "$TMP/fault"

  # wrong UNIT PROPERTY=VALUE TEXT HINT: status ends with 1 and says so.
  wrong() {
    shows "$1" "$2"
    expect_exit 1 "status with $2 of $1" here schedule status
    check_said "... says what is wrong, and what to do" "$3" "hint: $4"
    check_said "... after the schedule" "systemd: /etc/systemd/system/certo.timer"
  }
  wrong certo.timer UnitFileState=disabled "certo.timer is disabled" "certo schedule install"
  wrong certo.timer UnitFileState=masked-runtime "certo.timer is masked" "systemctl unmask certo.timer"
  wrong certo.timer LoadState=masked "certo.timer is masked" "systemctl unmask certo.timer"
  wrong certo.timer ActiveState=inactive "certo.timer is stopped (inactive)" "systemctl start certo.timer"
  wrong certo.timer ActiveState=failed "certo.timer is stopped (failed)" "systemctl start certo.timer"
  wrong certo.service LoadState=masked "certo.service is masked" "systemctl unmask certo.service"
  wrong certo.service Result=exit-code "the last run of certo.service failed: exit code 0" "journalctl -u certo.service"
  wrong certo.service Result=timeout "the last run of certo.service failed: timeout" "journalctl -u certo.service"
  check "... as JSON, too" grep -qF '"problems":[{"error":"the last run of certo.service failed: timeout","hint":"journalctl' \
    <(here schedule status --json)
  shows
  echo show >"$TMP/fault"
  expect_exit 1 "status without an answer of systemd" here schedule status
  check_said "... says so" "systemctl show certo.timer: Failed to show"
  rm "$TMP/fault"

  # ---- the note of the last pass ----

  mkdir -m 700 "$TMP/state/certo"
  check "a pass with nothing to do" here cron
  check "... is noted" grep -q '"summary": "0 unchanged"' "$TMP/state/certo/last-pass.json"
  check "... for nobody else" is "$(stat -c %a "$TMP/state/certo/last-pass.json")" 600
  check "status" here schedule status
  check_said "... shows its result" "result: exit code 0 at 20" ": 0 unchanged" "renews: /var/lib/certo"
  mkdir "$TMP/state/certo/certs" "$TMP/state/certo/certs/bad.example"
  echo '{' >"$TMP/state/certo/certs/bad.example/request.json"
  expect_exit 65 "a pass that fails" here cron
  expect_exit 1 "status" here schedule status
  check_said "... shows it" "the last run failed with exit code 65: 1 failed" "hint: 'certo renew --all'"
  rm -r "$TMP/state/certo/certs"
  sed -i 's/"ended": "2[0-9]*/"ended": "2020/; s/"code": 65/"code": 0/' "$TMP/state/certo/last-pass.json"
  check "one that was long ago, and units that are new" here schedule status
  touch -d '5 hours ago' "$TMP/units/certo.timer"
  if [ "$(cut -d. -f1 /proc/uptime)" -gt 11000 ]; then
    expect_exit 1 "... and old units" here schedule status
    check_said "... say that certo does not run" "certo has not run for"
  fi
  rm "$TMP/state/certo/last-pass.json"

  # ---- what certo.service cannot reach ----

  here schedule remove 2>/dev/null
  cp "$PEBBLE_CA" "$TMP/state/ca.pem"
  from_pebble=(--server "$PEBBLE_DIRECTORY" --ca-bundle /var/lib/ca.pem --agree-tos)
  prove=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
  mkdir -p "$TMP/targets"
  printf '#!/bin/sh\n' >"$TMP/targets/reload"
  chmod 755 "$TMP/targets/reload"
  check "a certificate" here issue --home /var/lib/certo "${from_pebble[@]}" -d reach.example.com "${prove[@]}" --fullchain-file /var/lib/f.pem
  check_said "... may be installed below /var" "reach.example.com: installed"
  check "... without a warning about the service" is "$(grep -c certo.service "$TMP/err")" 0
  check "a state folder in /tmp" here issue --home "$TMP/own" "${from_pebble[@]}" -d own.example.com "${prove[@]}"
  check_said "... is a warning" "warning: the state folder $TMP/own: certo.service has its own /tmp (PrivateTmp=yes)" \
    "hint: choose a place outside of /tmp and /var/tmp"
  check "a target in /tmp" here install-cert --home /var/lib/certo -d reach.example.com \
    --cert-file "$TMP/targets/c.pem" --reloadcmd "$TMP/targets/reload"
  check_said "... is a warning" \
    "warning: reach.example.com: the target $TMP/targets/c.pem: certo.service has its own /tmp (PrivateTmp=yes)"
  expect_exit 78 "... and refused by the schedule" here schedule install --home /var/lib/certo
  check_said "... with each obstacle" "certo: reach.example.com: the target $TMP/targets/c.pem: " \
    "certo: reach.example.com: the reload command $TMP/targets/reload: certo.service has its own /tmp (PrivateTmp=yes)"
  check "... and one hint" is "$(grep -c 'hint:' "$TMP/err")" 1
  check "... and nothing is installed" is "$(find "$TMP/units" ! -type d)" ""
  refused 78 "a schedule for a state folder in /tmp" "the state folder $TMP/own: certo.service has its own /tmp" \
    here schedule install --home "$TMP/own"
  printf 'metrics-file = /usr/lib/certo.prom\nping-url-file = /tmp/url\nlog = %s/log\n' "$TMP" >"$TMP/state/certo/certo.conf"
  expect_exit 78 "files that certo.conf names" here schedule install --home /var/lib/certo
  check_said "... are looked at, too" "certo: certo.conf: the metrics-file /usr/lib/certo.prom: certo.service cannot write" \
    "certo: certo.conf: the ping-url-file /tmp/url: certo.service has its own /tmp (PrivateTmp=yes)" \
    "certo: certo.conf: the log $TMP/log: certo.service has its own /tmp (PrivateTmp=yes)"
  rm "$TMP/state/certo/certo.conf"
  mkdir -p "$TMP/units/certo.service.d"
  printf '[Service]\nPrivateTmp=no\n' >"$TMP/units/certo.service.d/tmp.conf"
  check "with a drop-in that shows /tmp it is accepted" here schedule install --home /var/lib/certo
  check "... and is no warning any more" here install-cert --home /var/lib/certo -d reach.example.com --force
  check "... of install-cert" is "$(grep -c certo.service "$TMP/err")" 0
  printf '[Service]\nReadOnlyPaths=/var/lib/certo\n' >"$TMP/units/certo.service.d/tmp.conf"
  refused 78 "a state folder that a drop-in makes read-only" "certo.service cannot write below /var/lib/certo" \
    here schedule install
  check_said "... the hint names the setting" "add ReadWritePaths=/var/lib/certo with 'systemctl edit certo.service'"
  rm -r "$TMP/units/certo.service.d"
  check "cron reaches everything" here schedule install --kind cron --home /var/lib/certo
  check "... so there is no warning" here install-cert --home /var/lib/certo -d reach.example.com --cert-file "$TMP/targets/d.pem"
  check "... of install-cert" is "$(grep -c certo.service "$TMP/err")" 0

  # ---- in the journal ----

  # journal FILE COMMAND...: its stderr is FILE, which is the journal, as systemd says it.
  journal() {
    local file=$1
    shift
    : >"$file"
    JOURNAL_STREAM=$(stat -c %d:%i "$file") "$@" 2>"$file"
  }
  check "a run whose stderr is the journal" journal "$TMP/journal" here cron --home /var/lib/certo --log "$TMP/log"
  check "... that has nothing to do says nothing" test ! -s "$TMP/journal"
  echo '{' >"$TMP/state/certo/certs/reach.example.com/request.json"
  expect_exit 65 "one that fails" journal "$TMP/journal" here cron --home /var/lib/certo
  check "... has priorities instead of prefixes" grep -q '^<3>reach.example.com: .*JSON' "$TMP/journal"
  check "... in each line" is "$(grep -vc '^<[346]>' "$TMP/journal")" 0

  # In a session of a person, systemd's variables do not mean a service.
  if ! grep -q '\.scope$' /proc/self/cgroup; then
    expect_exit 78 "a service whose state folder is in its own /tmp" env INVOCATION_ID=1 "$CERTO" cron --home /tmp/certo-none
    check_said "... reports it" "/tmp/certo-none: the state folder is missing here" "PrivateTmp=yes"
  fi

  # ---- removal ----

  here schedule remove 2>/dev/null
  check "the timer again" here schedule install --kind systemd --home /srv/none
  : >"$TMP/systemctl.log"
  check "removed" here schedule remove
  check "... and stopped first" grep -qx 'disable --now certo.timer' "$TMP/systemctl.log"
  check "... and a failure of its last run is forgotten" is "$(tail -n 1 "$TMP/systemctl.log")" \
    "reset-failed certo.timer certo.service"
  check "... for good" is "$(find "$TMP/units" ! -type d)" ""
  ln -s /dev/null "$TMP/units/certo.timer"
  refused 78 "a timer that the administrator masked" "certo.timer is masked" here schedule install --home /srv/none
  check "... stays masked" is "$(readlink "$TMP/units/certo.timer")" /dev/null
  rm "$TMP/units/certo.timer"

  # ---- a user's systemd ----

  if [ "$(id -u)" = 0 ]; then
    crontab_stand_in "$TMP/bin/crontab"
    rm -f "$HOME/crontab"
    user_here() { alone "${as_user[@]}" "$TMP/bin/certo" schedule "$@"; }
    : >"$TMP/systemctl.log"
    check "a user without linger" user_here install
    check "... gets a line of cron" grep -q 'certo cron' "$HOME/crontab"
    printf '#!/bin/sh\necho "you are not allowed" >&2\nexit 1\n' >"$TMP/bin/crontab"
    check "a user who must not use cron" user_here install --kind systemd
    mkdir -p "$TMP/state/systemd/linger"
    touch "$TMP/state/systemd/linger/$(getent passwd 65534 | cut -d: -f1)"
    check "... has a schedule all the same" user_here status
    rm -r "$TMP/state/systemd"
    crontab_stand_in "$TMP/bin/crontab"
    check "... removed" user_here remove
    check "the user's own timer, without XDG_RUNTIME_DIR" user_here install --kind systemd
    check_said "... is a warning without linger" "warning: certo.timer runs only while you are logged in" \
      "hint: loginctl enable-linger"
    check "... and systemd is told where it runs" grep -qx -- '--user enable certo.timer in /run/user/65534' "$TMP/systemctl.log"
    expect_exit 1 "its status" user_here status
    check_said "... says that it will not always run" "certo.timer runs only while you are logged in" "next: 2026-11-21T12:57:00Z"
    mkdir -p "$TMP/state/systemd/linger"
    touch "$TMP/state/systemd/linger/$(getent passwd 65534 | cut -d: -f1)"
    check "with linger" user_here status
    check "removed" user_here remove
    check "... it is stopped" grep -qx -- '--user disable --now certo.timer in /run/user/65534' "$TMP/systemctl.log"
    check "with linger, systemd is preferred" user_here install
    check_said "... over cron" "systemd/user/certo.timer"
    check "removed again" user_here remove
  fi
fi

# ---- certo cron --every, for containers ----

every() { "$CERTO" cron --home "$TMP/loop" --every "$@"; }
refused 64 "an interval that is none" "--every: 'often' is not a time" every often
mkdir -m 700 "$TMP/loop"
"$CERTO" cron --home "$TMP/loop" --every 1s 2>"$TMP/every.err" &
loop=$!
check "the first pass is at once" wait_until test -s "$TMP/loop/last-pass.json"
rm "$TMP/loop/last-pass.json"
check "... and there is another one" wait_until test -s "$TMP/loop/last-pass.json"
mkdir -p "$TMP/loop/certs/bad.example"
echo '{' >"$TMP/loop/certs/bad.example/request.json"
check "a pass that fails does not end it" wait_until grep -q '"code": 65' "$TMP/loop/last-pass.json"
rm "$TMP/loop/last-pass.json"
check "... the next one comes" wait_until test -s "$TMP/loop/last-pass.json"
kill -TERM "$loop"
ended() { wait "$loop"; }
check "a signal ends it" ended
check "... it said what it does" grep -qx 'certo: a pass now, and then one every 1 s' "$TMP/every.err"
check "... and what failed" grep -q '^certo: bad.example: ' "$TMP/every.err"

# ---- a program that somebody else could exchange ----

mkdir -p "$TMP/open" "$TMP/root/etc/cron.d"
cp "$CERTO" "$TMP/open/certo"
chmod 777 "$TMP/open"
expect_exit 77 "a certo in a folder that others can write to is not scheduled" \
  "$TMP/open/certo" schedule install --kind cron --root "$TMP/root"
check "... nothing is written" test ! -e "$TMP/root/etc/cron.d/certo"
chmod 755 "$TMP/open"
chmod 777 "$TMP/open/certo"
expect_exit 77 "... nor one that others can write to" \
  "$TMP/open/certo" schedule install --kind cron --root "$TMP/root"
