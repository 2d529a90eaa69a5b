#!/usr/bin/env bash
# certo schedule: systemd's units and cron's lines, below a folder of the test and in a crontab of the test.
TESTBED=""
. "$(dirname "$0")/lib.sh"
unset CERTO_HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS

# One user plays both kinds: if this is not root, a user namespace fakes root.
as_root=()
[ "$(id -u)" = 0 ] || as_root=(unshare -r)
certo() {
  "${as_root[@]}" "$CERTO" "$@"
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

mkdir -p "$root"
refused 78 "without systemd and cron it reports that" "neither systemd nor cron" schedule install
check_said "... with the line to add" "* * * * PATH=/usr/local/sbin:" "/bin $CERTO cron"
expect_exit 1 "... and status finds none" schedule status
check_said "... and says it" "not scheduled"
check "to remove a missing schedule succeeds" schedule remove
check_said "... and is reported" "there was no schedule"
refused 64 "another word" "there is no sub-command 'instal'" schedule instal
refused 64 "another kind" "neither systemd nor cron" schedule install --kind at

# ---- systemd ----

mkdir -p "$root/run/systemd/system" "$root/etc/cron.d"
check "if systemd runs, it is systemd" schedule install
check "there is a service" grep -qx "ExecStart=$CERTO cron" "$units/certo.service"
check "... and a timer that catches up" grep -qx "Persistent=yes" "$units/certo.timer"
check "... every hour" grep -qE '^OnCalendar=\*-\*-\* \*:[0-5][0-9]:00$' "$units/certo.timer"
check "... and it is enabled" test -e "$units/timers.target.wants/certo.timer"
check "cron has nothing" absent "$root/etc/cron.d/certo"
analyze() {
  "$SOURCE/scripts/testbed.sh" systemd-analyze verify --man=no "$units/certo.service" "$units/certo.timer" 2>&1
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
odd="$TMP/a 100% \"odd\" \$tate"
check "an odd state folder" schedule install --home "$odd"
check "... is kept for the hourly run" grep -qF -- "--home \"$TMP/a 100%% \\\"odd\\\" \$\$tate\"" "$units/certo.service"
check "... and systemd takes it" is "$(analyze)" ""

# ---- cron ----

check "cron instead" schedule install --kind cron
check_said "... removes the timer" "removed the previous schedule of systemd"
check "... completely" is "$(find "$units" ! -type d)" ""
line=$(grep -v '^#\|^PATH' "$root/etc/cron.d/certo")
check "... for a line" grep -qE "^[0-9]+ \* \* \* \* root $CERTO cron # certo schedule$" <(echo "$line")
check "... at the minute that the timer had" \
  is "$((10#$(sed -n 's/.*\*:\(..\):00/\1/p' "$TMP/first/certo.timer")))" "${line%% *}"
check "status" schedule status
check_said "... shows the next run" "next: 2"
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

cat >"$TMP/bin/systemctl" <<END
#!/bin/sh
echo "\$*" >>"$TMP/systemctl.log"
[ "\$1" != show ] || [ "\$TZ" != UTC ] || printf 'NextElapseUSecRealtime=Sat 2026-11-21 12:57:00 UTC\nLastTriggerUSec=n/a\n'
[ "\$1" != "\$(cat "$TMP/fault" 2>/dev/null)" ] || { echo "Failed to \$1" >&2; exit 1; }
END
chmod 755 "$TMP/bin/systemctl"
private=(unshare -m)
[ "$(id -u)" = 0 ] || private=(unshare -rm)
alone() {
  # shellcheck disable=SC2016  # the other shell's
  PATH=$TMP/bin:$PATH "${private[@]}" sh -ec '
    mkdir -p "$0/units" "$0/cron"
    mount -t tmpfs none /run
    mkdir -p /run/systemd/system
    mount --bind "$0/units" /etc/systemd/system
    exec "$@"' "$TMP" "$@"
}
if [ -d /etc/systemd/system ] && alone true 2>/dev/null; then
  rm -f "$TMP/systemctl.log"
  check "systemd is told" alone "$CERTO" schedule install --kind systemd
  check_said "... and the next run is shown" "next: 2026-11-21T12:57:00Z"
  check "... of the units" grep -qx 'enable certo.timer' "$TMP/systemctl.log"
  check "... and of a time that may be new" is "$(head -n 3 "$TMP/systemctl.log" | tr '\n' ' ')" \
    "daemon-reload enable certo.timer restart certo.timer "
  check "status" alone "$CERTO" schedule status --json
  check_said "... has it too" '"next":"2026-11-21T12:57:00Z","last":null'
  echo enable >"$TMP/fault"
  refused 1 "systemctl fails" "systemctl enable certo.timer: Failed to enable" alone "$CERTO" schedule install
  rm "$TMP/fault"
  check "removed" alone "$CERTO" schedule remove
  check "... and stopped first" grep -qx 'disable --now certo.timer' "$TMP/systemctl.log"
  check "... for good" is "$(find "$TMP/units" ! -type d)" ""
fi

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
