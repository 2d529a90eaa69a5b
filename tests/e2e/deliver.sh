#!/usr/bin/env bash
# install-cert: targets and their modes, reload and proof, refusals; and an installation that is killed at
# every call, or whose disk fails: the files of servers are always complete, old or new, and the next run finishes.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

DYNAMIC=${DYNAMIC:-$(dirname "$CERTO")/certo-dynamic}
most=300
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1
web=$TMP/web srv=$TMP/srv
mkdir -p "$web" "$srv"
fake_start "$TMP/ca" good || exit 1

site=www.example.com
issue() { # NAME FLAG...
  local domain=$1
  shift
  "$CERTO" issue -d "$domain" --webroot "$web" --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" "$@"
}
renew() { "$CERTO" renew --ca-bundle "$FAKE_CA" "$@"; }
orders_asked() { grep -c '"step": "new-order"' "$TMP/ca/requests.jsonl"; }
live() { printf '%s' "$CERTO_HOME/certs/${1:-$site}/live"; }
same() { cmp -s "$1" "$2"; }
mode_is() { is "$(stat -c %a "$1")" "$2"; }
is_tidy() { # FOLDER
  [ -z "$(find "$1" -name '.*certo-*')" ] && [ ! -e "$CERTO_HOME/certs/$site/install.json" ]
}

# ---- what goes where

check "a certificate and its installation with one command" issue $site --key-file "$srv/key.pem" \
  --mode 640 --fullchain-file "$srv/full.pem" --cert-file "$srv/cert.pem" --ca-file "$srv/ca.pem" \
  --mode 600 --pem-file "$srv/haproxy.pem" --reloadcmd "echo again >>'$srv/reloads'"
check_said "it says so" "installed"
check "the key is the store's" same "$srv/key.pem" "$(live)/key.pem"
check "the chain is the store's" same "$srv/full.pem" "$(live)/fullchain.pem"
check "the certificate alone is the store's" same "$srv/cert.pem" "$(live)/cert.pem"
check "the chain without the certificate is the store's" same "$srv/ca.pem" "$(live)/chain.pem"
check "key and chain are one file for HAProxy" same "$srv/haproxy.pem" <(cat "$(live)/key.pem" "$(live)/fullchain.pem")
check "a new key is for its owner only" mode_is "$srv/key.pem" 600
check "--mode is for the files that follow it" mode_is "$srv/full.pem" 640
check "the next --mode ends it" mode_is "$srv/haproxy.pem" 600
check "the reload command ran once" is "$(wc -l <"$srv/reloads")" 1
check "nothing is left next to the files" is_tidy "$srv"
check "info shows it" "$CERTO" info $site
check_said "the targets, and that they are in place" "$srv/haproxy.pem" "in place"

chmod 644 "$srv/full.pem" && chmod 444 "$srv/key.pem"
begun=$(orders_asked)
check "a renewal repeats it" renew --force $site
check "the new key is in place" same "$srv/key.pem" "$(live)/key.pem"
check "the new chain is in place" same "$srv/full.pem" "$(live)/fullchain.pem"
check "a mode that was given is used again" mode_is "$srv/full.pem" 640
check "a mode that was not given stays, but nobody else can ever read a key" mode_is "$srv/key.pem" 440
check "the reload command ran again" is "$(wc -l <"$srv/reloads")" 2
check "an installation that is in place is not repeated" "$CERTO" install-cert -d $site
check_said "it says so" "nothing to do"

check "a second installation has its own reload" "$CERTO" install-cert -d $site --target-dir "$srv/dir" \
  --pfx-file "$srv/store.pfx" --reloadcmd "echo dir >>'$srv/dirs'"
check "the folder is a link" test -L "$srv/dir"
check "with the whole set in it" same "$srv/dir/fullchain.pem" "$(live)/fullchain.pem"
check "the other one was not reloaded for it" is "$(wc -l <"$srv/reloads")" 2
check "OpenSSL reads the PKCS#12" openssl pkcs12 -in "$srv/store.pfx" -passin pass: -nodes -out "$TMP/pfx.pem"
check "with the key in it" is "$(openssl pkey -in "$TMP/pfx.pem" -pubout)" "$(openssl pkey -in "$srv/key.pem" -pubout)"
old_folder=$(readlink "$srv/dir")
check "a renewal switches the link" renew --force $site
check "to another folder" test "$(readlink "$srv/dir")" != "$old_folder"
check "both were reloaded" is "$(wc -l <"$srv/reloads") $(wc -l <"$srv/dirs")" "3 2"
check "a third renewal" renew --force $site
check "old folders are removed, except for the last one" is "$(find "$srv" -maxdepth 1 -name 'dir.*' | wc -l)" 2

check "another certificate with the same reload" issue other.example.com --key-file "$srv/other.key" \
  --reloadcmd "echo again >>'$srv/reloads'"
: >"$srv/reloads"
check "both renewed in one run" renew --all --force
check "share one reload" is "$(wc -l <"$srv/reloads")" 1

# ---- what fails

cat "$srv/key.pem" "$srv/full.pem" "$srv/haproxy.pem" >"$TMP/before"
before() { cat "$srv/key.pem" "$srv/full.pem" "$srv/haproxy.pem" | cmp -s - "$TMP/before"; }
fickle="test ! -e '$srv/broken' || { echo it will not start >&2; exit 7; }"
check "a reload that may fail" "$CERTO" install-cert -d $site --key-file "$srv/key.pem" --fullchain-file "$srv/full.pem" \
  --pem-file "$srv/haproxy.pem" --reloadcmd "$fickle"
check "a new installation replaces the one that shares a file" is \
  "$("$CERTO" info $site --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["installations"]))')" 2
cat "$srv/key.pem" "$srv/full.pem" "$srv/haproxy.pem" >"$TMP/before"
touch "$srv/broken"
begun=$(orders_asked)
expect_exit 4 "a reload that fails ends with 4" renew --force $site
check_said "with the last words of the command" "ended with 7" "it will not start"
check "the old files are restored" before
check "nothing is left next to them" is_tidy "$srv"
check "list says that it is pending" "$CERTO" list
check_said "in short" "not installed"
check "info says why" "$CERTO" info $site
check_said "with the words of the command" "it will not start"
expect_exit 4 "the next run tries again" renew --all
check "the old files are still there" before
expect_exit 4 "the schedule waits before it tries again" "$CERTO" cron
check_said "but repeats once what a person's command said" "it will not start"
expect_exit 4 "the run after it" "$CERTO" cron
check "repeats no message" test ! -s "$TMP/err"
rm "$srv/broken"
expect_exit 4 "in this hour it does not look whether it is fixed" "$CERTO" cron
check "once it is fixed a person's run installs" renew --all
check "the new key is in place" same "$srv/key.pem" "$(live)/key.pem"
check "without another order" is "$(orders_asked)" $((begun + 1))

touch "$srv/broken"
expect_exit 4 "one whose reload fails alone" renew --all --force
check "does not block the other" same "$srv/other.key" "$(live other.example.com)/key.pem"
rm "$srv/broken"
check "install-cert -d tries again, too" "$CERTO" install-cert -d $site

check "a reload that hangs" "$CERTO" install-cert -d other.example.com --key-file "$srv/other.key" \
  --reloadcmd "test ! -e '$srv/broken' || sleep 600" --reload-timeout 1
touch "$srv/broken"
expect_exit 4 "is ended" renew --force other.example.com
check_said "and reported as such" "did not end within 1 s"
rm "$srv/broken"
check "with a good one again" renew --all

expect_exit 4 "a server that cannot be reached is not a proof" "$CERTO" install-cert -d other.example.com \
  --key-file "$srv/third.key" --verify 127.0.0.1:1
check "a first installation that failed leaves no file" test ! -e "$srv/third.key"
check "forget" "$CERTO" install-cert -d other.example.com --forget
check "a forgotten installation is not pending" renew --all

interrupted() {
  local code=0 pid
  "$CERTO" install-cert -d other.example.com --pem-file "$srv/four.pem" --reloadcmd "touch '$srv/at-it'; sleep 60" &
  pid=$!
  wait_until test -e "$srv/at-it" || return 1
  kill -TERM $pid
  wait $pid || code=$?
  is "$code" 143
}
check "a signal ends the reload command" interrupted
check "and removes the new files again" test -z "$(find "$srv" -name '*four.pem*')"
check "forget that, too" "$CERTO" install-cert -d other.example.com --forget

echo '{"certo":"install/1"' >"$CERTO_HOME/certs/$site/install.json"
expect_exit 4 "certo does not guess the content of a damaged install.json" "$CERTO" renew --all
check_said "it is named" "install.json"
rm "$CERTO_HOME/certs/$site/install.json"
echo '{"certo":"targets/1","installations":7}' >"$CERTO_HOME/certs/other.example.com/targets.json"
expect_exit 4 "a damaged targets.json is an error" "$CERTO" renew --all
check_said "it is named" "targets.json"
check "list shows it nevertheless" "$CERTO" list
check_said "as damaged" "damaged"
check "info, too" "$CERTO" info other.example.com
rm "$CERTO_HOME/certs/other.example.com/targets.json"

# ---- what is refused

install() { "$CERTO" install-cert -d $site "$@"; }
mkdir -p "$srv/folder"
refused 73 "a target folder that is missing" "no such folder" install --key-file "$srv/none/key.pem"
refused 73 "a target that is a folder" "is a folder" install --key-file "$srv/folder"
refused 64 "two targets that are one file" "two targets" install --key-file "$srv/a.pem" --cert-file "$srv/./a.pem"
refused 64 "a file of the store" "store itself" install --key-file "$(live)/key.pem"
refused 64 "an unknown owner" "no user" install --owner no-such-user --key-file "$srv/a.pem"
refused 64 "an unknown group" "no group" install --group no-such-group --key-file "$srv/a.pem"
refused 64 "an invalid mode" "octal" install --mode rw --key-file "$srv/a.pem"
refused 64 "an owner after the files" "not followed by a file" install --key-file "$srv/a.pem" --owner root
for option in --key-file --pem-file --pfx-file; do
  refused 64 "a mode that opens the key to everyone, $option" "open the private key" install --mode 644 $option "$srv/a.pem"
done
refused 64 "a key mode without a file with a key" "not followed by a file" install --key-mode 600 --cert-file "$srv/a.pem"
refused 64 "an invalid key mode" "octal" install --key-mode 0800 --key-file "$srv/a.pem"
refused 64 "an invalid server" "is not a server" install --verify nowhere
refused 64 "a file of another certificate" "target of the certificate" "$CERTO" install-cert -d other.example.com \
  --key-file "$srv/key.pem"
refused 66 "an unknown certificate" "no certificate" "$CERTO" install-cert -d nobody.example.com --key-file "$srv/a.pem"
refused 64 "no certificate at all" "which certificate" "$CERTO" install-cert --key-file "$srv/a.pem"
check "nothing was written for them" test ! -e "$srv/a.pem"
ln -s real.pem "$srv/link.pem"
refused 73 "a link that points nowhere" "points nowhere" install --key-file "$srv/link.pem"
echo old >"$srv/real.pem"
check "a link is followed" install --key-file "$srv/link.pem"
check_said "and certo reports its target" "$srv/real.pem"
check "the file that it points to is written" same "$srv/real.pem" "$(live)/key.pem"
check "the link is still a link" test -L "$srv/link.pem"
check "forget this one only" install --forget --key-file "$srv/real.pem"

check "--key-mode opens a key" install --mode 604 --key-mode 644 --key-file "$srv/open.pem" --cert-file "$srv/open.cert"
check "as requested" mode_is "$srv/open.pem" 644
check "--mode is for the file without the key" mode_is "$srv/open.cert" 604
check "a set of files" install --mode 640 --target-dir "$srv/open"
check "--mode is for its public files" mode_is "$srv/open/cert.pem" 640
check "and not for the key" mode_is "$srv/open/key.pem" 600
check "stop all of this" install --forget --key-file "$srv/open.pem" --target-dir "$srv/open"

# chmod has no effect on CIFS and vfat.
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/no_chmod.so" "$SOURCE/tests/fake/no_chmod.c" -ldl || exit 1
without_chmod() { LD_PRELOAD=$TMP/no_chmod.so "$DYNAMIC" install-cert -d $site "$@"; }
expect_exit 73 "a file system that opens the key" without_chmod --key-file "$srv/loose.pem"
check_said "is reported as such when it is chosen" "$srv" "0755" "does not store modes"
check "no key was left there" test -z "$(find "$srv" -name '*loose.pem*')"
check "a public file is allowed there" without_chmod --cert-file "$srv/loose.pem"
# FAT and pmxcfs refuse it. The key is made with 0600, which is narrow enough.
check "a file system that refuses modes takes a key that nobody else can read" \
  env NO_CHMOD=refuse LD_PRELOAD="$TMP/no_chmod.so" "$DYNAMIC" install-cert -d $site --key-file "$srv/narrow.key"
check "... with the mode that it has" mode_is "$srv/narrow.key" 600
check "stop that" install --forget --key-file "$srv/narrow.key"
check "--key-mode allows it" without_chmod --key-mode 755 --key-file "$srv/loose.key"
check "stop this, too" install --forget --cert-file "$srv/loose.pem" --key-file "$srv/loose.key"

# ---- folders that become links

mkdir -p "$srv/own/inner" "$TMP/elsewhere/inner"
echo mine >"$TMP/elsewhere/inner/key.pem"
check "targets in a folder" install --key-file "$srv/own/inner/key.pem" --target-dir "$srv/own/inner/set"
mv "$srv/own" "$srv/moved" && ln -s "$TMP/elsewhere" "$srv/own"
expect_exit 4 "a folder on the way became a link" install --force
check_said "the hint names the command that chooses it again" "$srv/own is now a link to $TMP/elsewhere" \
  "certo install-cert -d $site --key-file '$srv/own/inner/key.pem' --target-dir '$srv/own/inner/set'"
check "nothing was written through it" is "$(ls -A "$TMP/elsewhere/inner")" key.pem
check "nor over the file there" is "$(cat "$TMP/elsewhere/inner/key.pem")" mine
check "to choose it again follows the link" install --key-file "$srv/own/inner/key.pem" --target-dir "$srv/own/inner/set"
check "once" same "$TMP/elsewhere/inner/key.pem" "$(live)/key.pem"
check "stop that" install --forget --key-file "$srv/own/inner/key.pem" --target-dir "$srv/own/inner/set"

# ---- a pipe

pipe() { "$CERTO" install-cert "$@" <"$TMP/piped.pem"; }
cp "$(live)/fullchain.pem" "$TMP/piped.pem"
cp "$(live)/key.pem" "$TMP/piped.key"
check "from a pipe" pipe --key "$TMP/piped.key" --key-file "$srv/p.key" --fullchain-file "$srv/p.pem"
check "it is the same" same "$srv/p.pem" "$TMP/piped.pem"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$TMP/wrong.key" 2>/dev/null
killed_in_a_pipe() {
  local pid
  rm -f "$srv/at-it"
  "$CERTO" install-cert --key "$srv/key.pem" --key-file "$srv/p.key" --fullchain-file "$srv/p.pem" \
    --reloadcmd "test -e '$srv/mended' || { touch '$srv/at-it'; sleep 60; }" <"$(live)/fullchain.pem" &
  pid=$!
  wait_until test -e "$srv/at-it" || return 1
  kill -9 $pid
  wait $pid
  is $? 137
}
check "another pair" "$CERTO" renew --force $site
check "killed while the server reloads it" killed_in_a_pipe
check "it is in place by then" same "$srv/p.key" "$(live)/key.pem"
touch "$srv/mended"
check "the next run, whatever it is for," "$CERTO" cron
check "restores the old pair" same "$srv/p.key" "$TMP/piped.key"
check "both of it" same "$srv/p.pem" "$TMP/piped.pem"
check "and leaves nothing to repair" test -z "$(find "$CERTO_HOME/installing" -type f)"
expect_exit 65 "another key is refused" pipe --key "$TMP/wrong.key" --key-file "$srv/p.key" --fullchain-file "$srv/p.pem"
check "the old key is still there" same "$srv/p.key" "$TMP/piped.key"
expect_exit 4 "a reload that fails in a pipe" pipe --key "$TMP/piped.key" --key-file "$srv/q.key" --reloadcmd false
check "leaves nothing" test ! -e "$srv/q.key"

# ---- two at once

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=a -keyout "$TMP/a.key" -out "$TMP/a.pem" 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=b -keyout "$TMP/b.key" -out "$TMP/b.pem" 2>/dev/null
mkdir "$srv/both"
put() { CERTO_HOME=$TMP/home-$1 "$CERTO" install-cert --key "$TMP/$1.key" --key-file "$srv/both/key" --cert-file "$srv/both/cert" <"$TMP/$1.pem"; }
of_one_pair() { is "$(openssl x509 -in "$srv/both/cert" -noout -pubkey)" "$(openssl pkey -in "$srv/both/key" -pubout)"; }
race() {
  local i first
  for ((i = 0; i < 60; i++)); do
    put a &
    first=$!
    put b || return 1
    wait $first || return 1
    of_one_pair || return 1
  done
}
check "two state folders, the same files, at once: never the key of one with the certificate of the other" race
check "nothing is left next to them" is "$(ls -A "$srv/both" | tr '\n' ' ')" "cert key "
flock -o "$srv/both" sleep 60 &
holder=$!
wait_until sh -c "! flock -n '$srv/both' true"
impatient() { CERTO_HOME=$TMP/home-a "$CERTO" install-cert --lock-timeout 0 --key "$TMP/a.key" --key-file "$srv/both/key" <"$TMP/a.pem"; }
expect_exit 75 "a folder that stays locked" impatient
check_said "is named" "$srv/both" "--lock-timeout"
kill $holder

# ---- killed, and a disk that fails

good=$TMP/good
mkdir -p "$good/srv" "$TMP/try/srv"
try=$TMP/try
export CERTO_HOME=$TMP/good/home
check "one to be killed" issue $site --key-file "$try/srv/key.pem" --fullchain-file "$try/srv/full.pem" \
  --target-dir "$try/srv/dir" --reloadcmd "cat '$try/srv/key.pem' '$try/srv/full.pem' >'$try/srv/loaded'; test ! -e '$try/broken'"
cp "$CERTO_HOME/certs/$site/targets.json" "$TMP/targets.json"
old_pair=$(cat "$(live)/key.pem" "$(live)/fullchain.pem" | sha256sum)
rm "$CERTO_HOME/certs/$site/targets.json"
check "renewed, and not installed yet" renew --force $site
cp "$TMP/targets.json" "$CERTO_HOME/certs/$site/targets.json"
new_pair=$(cat "$(live)/key.pem" "$(live)/fullchain.pem" | sha256sum)
cp -a "$try/srv/." "$good/srv/"
export CERTO_HOME=$try/home

afresh() {
  rm -rf "${try:?}"
  mkdir "$try"
  cp -a "$good/srv" "$try/srv"
  cp -a "$good/home" "$try/home"
}
wrong() { printf '%s\n' "$2" >>"$TMP/wrong.$1"; }
faulty() { # N KIND
  rm -f "$TMP/call"
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$1 FAULT=$2 FAULT_LOG=$TMP/call "$DYNAMIC" install-cert -d $site \
    >"$TMP/faulty.out" 2>"$TMP/faulty.err" </dev/null
}
pair() { cat "$try/srv/$1" "$try/srv/$2" 2>/dev/null | sha256sum; }
one_of() { [ "$1" = "$old_pair" ] || [ "$1" = "$new_pair" ]; }
each_is_whole() {
  local file old
  for file in key.pem full.pem; do
    old=$good/srv/$file
    cmp -s "$try/srv/$file" "$old" || cmp -s "$try/srv/$file" "$(live)/${file/full.pem/fullchain.pem}" || return 1
  done
  one_of "$(pair dir/key.pem dir/fullchain.pem)"
}
all_new() {
  [ "$(pair key.pem full.pem)" = "$new_pair" ] && [ "$(pair dir/key.pem dir/fullchain.pem)" = "$new_pair" ] &&
    [ "$(sha256sum <"$try/srv/loaded")" = "$new_pair" ]
}
all_old() {
  [ "$(pair key.pem full.pem)" = "$old_pair" ] && [ "$(pair dir/key.pem dir/fullchain.pem)" = "$old_pair" ] &&
    [ "$(sha256sum <"$try/srv/loaded")" = "$old_pair" ]
}
nothing_left() { is_tidy "$try/srv" && [ "$(find "$try/srv" -maxdepth 1 -name 'dir.*' | wc -l)" -le 2 ]; }

round() { # WAY KIND BROKEN: fails at each call
  local at code what
  for ((at = 1; at <= most; at++)); do
    afresh
    [ -z "$3" ] || touch "$try/broken"
    code=0
    faulty $at "$2" 2>/dev/null || code=$?
    [ -e "$TMP/call" ] || break
    what="call $at, $(cat "$TMP/call"), ended with $code:"
    [ "$2" != kill ] || [ $code = 137 ] || wrong "$1" "$what was not killed"
    [ "$2" = kill ] || [ $code = 4 ] || [ $code = 0 ] || wrong "$1" "$what $(cat "$TMP/faulty.err")"
    each_is_whole || wrong "$1" "$what a file is not whole"
    if [ -n "$3" ]; then
      code=0
      "$CERTO" install-cert -d $site >"$TMP/sound" 2>&1 || code=$?
      [ $code = 4 ] || wrong "$1" "$what with the reload broken the next run ends with $code: $(cat "$TMP/sound")"
      all_old || wrong "$1" "$what the old files are not back"
      nothing_left || wrong "$1" "$what is left: $(ls -A "$try/srv")"
      rm "$try/broken"
    fi
    "$CERTO" install-cert -d $site >"$TMP/sound" 2>&1 || wrong "$1" "$what the next run ends with $?: $(cat "$TMP/sound")"
    all_new || wrong "$1" "$what the next run did not install"
    nothing_left || wrong "$1" "$what is left after the next run: $(ls -A "$try/srv")"
  done
  echo "$1: $((at - 1)) instants" >&2
  [ $at -gt 20 ] && [ $at -lt $most ] || wrong "$1" "only $at instants"
}
verdict() { # WAY NAME
  if [ ! -s "$TMP/wrong.$1" ]; then
    ok "$2"
  else
    not_ok "$2"
    head -c 6000 "$TMP/wrong.$1" >&2
  fi
}
round killed kill '' 2>"$TMP/noise"
verdict killed "killed at any call, the files are whole and the next run installs"
round undone kill yes 2>>"$TMP/noise"
verdict undone "killed at any call of an installation whose reload fails, the next run restores the old files"
round full ENOSPC ''
verdict full "a disk that is full at any call: the files are whole and the next run installs"
FAULT_STAYS=1 round broken EIO ''
verdict broken "a disk that fails from any call on: the files are whole and the next run installs"
grep instants "$TMP/noise" >&2
