#!/usr/bin/env bash
# A release from scripts/release.sh, install.sh and certo upgrade, against a web server on this machine.
TESTBED=""
. "$(dirname "$0")/lib.sh"
unset CERTO_HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS
build=${BUILD:-$SOURCE/build}
arch=$(uname -m)
export SOURCE_DATE_EPOCH=1700000000 SYSTEM_SOURCES=0
# Lists of releases have a date, and old ones are refused.
RELEASE_DATE=$(date -u +%Y-%m-%dT%H:%M:%SZ)
export RELEASE_DATE RELEASES_URL=https://releases.certo-test.net/certo
signed() { echo "# signed $RELEASE_DATE" && cat; }

absent() {
  ! [ -e "$1" ]
}

# ---- releases ----

# variant VERSION NAME: the existing build with one new object, linked again, in $TMP/NAME.
variant() {
  mkdir -p "$TMP/$2"
  cp -a "$build/obj" "$TMP/$2/obj"
  rm -f "$TMP/$2"/obj/src/base/version.*
  cp -p "$build/recipes" "$build/notices.txt" "$build/NOTICES" "$TMP/$2/"
  (cd "$SOURCE" && VERSION=$1 BUILD=$TMP/$2 RELEASE_KEY=${3-$TMP/key.pem} scripts/release.sh "$TMP/$2/out")
}
openssl ecparam -genkey -name prime256v1 -noout -out "$TMP/key.pem"
openssl ecparam -genkey -name prime256v1 -noout -out "$TMP/other.pem"
openssl ecparam -genkey -name secp384r1 -noout -out "$TMP/p384.pem"
check "a release" variant 7.0.0 seven
check "a later one" variant 7.10.0 ten
again() {
  (cd "$SOURCE" && VERSION=7.0.0 BUILD=$TMP/seven RELEASE_KEY=$TMP/key.pem scripts/release.sh "$TMP/again")
}
check "the first once more" again
check "... is the same bytes" cmp "$TMP/again/SHA256SUMS" "$TMP/seven/out/SHA256SUMS"
expect_exit 1 "a key of another kind signs nothing" variant 7.0.0 none "$TMP/p384.pem"
key_of() {
  sed -n '/^# BEGIN KEY/,/^# END KEY/p' "$1" | grep -v '^#'
}
expect_exit 1 "a placeholder is no place for releases" env RELEASES_URL=https://certo.example/releases "$SOURCE/scripts/release.sh" "$TMP/none"
check_said "... and it says what to give" "RELEASES_URL=URL"
check "install.sh holds the URL" grep -qx "releases_url=$RELEASES_URL" "$TMP/seven/out/install.sh"
sbom=$TMP/seven/out/certo-7.0.0-sbom.spdx
check "the SBOM names what is linked" is \
  "$(sed -n 's/^PackageName: //p' "$sbom" | sort | tr '\n' ' ')" \
  "c-ares certo curl fmt glibc libidn2 libstdc++ libunistring mbedtls nghttp2 publicsuffix simdjson zlib "
# Only a checkout knows which files are certo's.
if [ "$(git -C "$SOURCE" rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$SOURCE" && pwd -P)" ]; then
  check "certo's source is next to the release" tar -tzf "$TMP/seven/out/certo-7.0.0-source.tar.gz" certo-7.0.0-source/Makefile
fi
tar -xzOf "$TMP/seven/out/certo-7.0.0-$arch.tar.gz" "certo-7.0.0-$arch/share/doc/certo/NOTICES" >"$TMP/notices"
check "the tarball has the notices" grep -q 'GNU LESSER GENERAL PUBLIC LICENSE' "$TMP/notices"
check "install.sh holds the public key" is "$(key_of "$TMP/seven/out/install.sh")" "$(openssl pkey -in "$TMP/key.pem" -pubout)"
no_private_half() {
  ! grep -rlF "$(sed -n 2p "$TMP/key.pem")" "$TMP/seven/out"
}
check "the private half is nowhere" no_private_half

site=$TMP/site
mkdir -p "$site"
publish() { # publish NAME VERSION: as the newest
  rm -rf "$site/latest" "$site/v$2"
  cp -r "$TMP/$1/out" "$site/v$2"
  cp -r "$TMP/$1/out" "$site/latest"
}
publish seven 7.0.0
mkdir "$TMP/web"
python3 -u -m http.server --bind 127.0.0.1 --directory "$site" 0 >"$TMP/web/log" 2>&1 </dev/null &
echo $! >"$TMP/web/pid"
lib_fakes="$lib_fakes $TMP/web"
wait_until grep -q 'port [0-9]' "$TMP/web/log"
CERTO_BASE_URL=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$TMP/web/log")
export CERTO_BASE_URL

# ---- install.sh, not as root, because tests must not change this machine ----

chmod 711 "$TMP"
chmod -R go+rX "$site"
mkdir -p "$TMP/bin" "$TMP/there"
as_user=()
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$HOME" "$TMP/there"
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
crontab_stand_in "$TMP/bin/crontab"
user() {
  (cd "$TMP/there" && TMPDIR=$TMP/there PATH=$TMP/bin:$PATH "${as_user[@]}" "$@")
}
script=$site/latest/install.sh
# installer FLAG...: as curl … | sh does it.
installer() {
  user sh -s -- --prefix "$TMP/there/certo" --no-schedule "$@" <"$script"
}
prefix=$TMP/there/certo
nothing_there() {
  [ -z "$(find "$TMP/there" "$HOME" -mindepth 1)" ] || { find "$TMP/there" "$HOME" && return 1; }
}
# fails NAME TEXT FLAG...: install.sh ends with 1, says so, and leaves nothing behind.
fails() {
  local name=$1 text=$2
  shift 2
  pipe_in installer "$@"
  expect_exit 1 "$name" replay
  check_said "... is told" "$text"
  check "... and nothing is installed" nothing_there
}
# Checked commands have no stdin, so this runs before the check.
pipe_in() {
  piped=0
  "$@" >"$TMP/piped.out" 2>"$TMP/piped.err" || piped=$?
}
replay() {
  cat "$TMP/piped.out"
  cat "$TMP/piped.err" >&2
  return $piped
}

# Cut every 500 bytes, and at each byte of the last line; only its newline may be missing.
size=$(stat -c %s "$script")
cuts=0
for cut in $(seq 0 500 "$size") $(seq $((size - 30)) $((size - 3))); do
  head -c "$cut" "$script" >"$TMP/cut.sh"
  user sh -s -- --prefix "$prefix" --no-schedule <"$TMP/cut.sh" >"$TMP/cut.out" 2>&1
  if nothing_there >/dev/null; then cuts=$((cuts + 1)); else not_ok "install.sh that ends after $cut bytes does something"; fi
done
check "install.sh that is cut off does nothing, wherever it is cut" test "$cuts" -ge 40

tarball=certo-7.0.0-$arch.tar.gz
cp "$site/v7.0.0/$tarball" "$TMP/good.tar.gz"
flip() { # flip FILE: one bit in its middle
  python3 -c 'import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[1], "wb").write(data)' "$1"
}
flip "$site/v7.0.0/$tarball"
fails "a flipped bit in the tarball" "its checksum is wrong"
head -c 1000000 "$TMP/good.tar.gz" >"$site/v7.0.0/$tarball"
fails "a tarball that is cut off" "its checksum is wrong"
rm "$site/v7.0.0/$tarball"
fails "no tarball" "cannot be fetched"
cp "$TMP/good.tar.gz" "$site/v7.0.0/$tarball"

openssl dgst -sha256 -sign "$TMP/other.pem" -out "$site/latest/SHA256SUMS.sig" "$site/latest/SHA256SUMS"
chmod go+r "$site/latest/SHA256SUMS.sig"
fails "a signature by another key" "the signature of"
rm "$site/latest/SHA256SUMS.sig"
fails "no signature" "there is no signature"
publish seven 7.0.0
sed -i "s/^[0-9a-f]\{8\}/00000000/" "$site/latest/SHA256SUMS"
fails "checksums that were changed" "the signature of"
publish seven 7.0.0
fails "a version that does not exist" "cannot be fetched" --version 6.0.0
fails "an invalid version" "digits and dots" --version ../latest
CERTO_BASE_URL=http://example.com fails "http from elsewhere" "only https"

pipe_in installer
check "install.sh" replay
check_said "... reports what it did" "certo 7.0.0 is installed" "certificates are not renewed automatically yet"
check "... without a word about the signature" is "$(grep -c signature "$TMP/piped.err")" 0
check "... certo runs" is "$("$prefix/bin/certo" version)" "certo 7.0.0"
for file in libexec/certo/certo-provider-host share/man/man1/certo.1 share/bash-completion/completions/certo \
  share/zsh/site-functions/_certo share/fish/vendor_completions.d/certo.fish; do
  check "... $file" test -s "$prefix/$file"
done
pipe_in installer --version v7.0.0
check "again, by its version" replay
check "... leaves no incomplete file" is "$(find "$prefix" -name '*.new')" ""
check "nothing is left in its temporary folder" is "$(find "$TMP/there" -mindepth 1 -maxdepth 1)" "$prefix"

# ---- with fewer tools ----

# A PATH with only these.
tools=$TMP/tools
mkdir "$tools"
for tool in sh uname cut sed grep tail tr mktemp rm cp mv mkdir find sort gzip tar chmod cat id rmdir curl wget sha256sum setpriv; do
  ln -s "$(command -v "$tool")" "$tools/$tool" 2>/dev/null
done
with_tools() {
  rm -rf "$prefix"
  pipe_in env PATH="$tools" "${as_user[@]}" "$tools/sh" -s -- --prefix "$prefix" --no-schedule <"$script"
}
with_tools
check "without openssl" replay
check_said "... it reports what was not verified" "the checksum was verified and the signature was not"
rm "$tools/curl"
if [ -e "$tools/wget" ]; then
  with_tools
  check "wget alone" replay
  rm "$tools/wget"
  printf '#!/bin/sh\n[ "$1" = --help ] || echo "  Location: http://127.0.0.1:1/x" >&2\nexit 8\n' >"$tools/wget"
  chmod 755 "$tools/wget"
  with_tools
  expect_exit 1 "wget does not follow a redirect to plain http" replay
  check_said "... the message names the address" "http://127.0.0.1:1/x, which is not https"
  rm "$tools/wget"
  printf '#!/bin/sh\n[ "$1" != --help ] || echo "BusyBox v1.36.1"\nexit 1\n' >"$tools/wget"
  chmod 755 "$tools/wget"
  with_tools
  expect_exit 1 "a wget that verifies no server, and no openssl" replay
  check_said "... the message says what is missing" "busybox's wget does not verify the server"
  rm "$tools/wget"
fi
with_tools
expect_exit 1 "neither curl nor wget" replay
check_said "... is told" "neither curl nor wget"
ln -s "$(command -v curl)" "$tools/curl"
rm "$tools/sha256sum"
with_tools
expect_exit 1 "nothing for SHA-256" replay
check_said "... is told" "nothing here can compute SHA-256"
check "... and nothing is installed" absent "$prefix/bin/certo"

# ---- the schedule, and removal ----

pipe_in user sh -s -- --schedule <"$script"
check "at home, with a schedule" replay
check "... it is in ~/.local" test -x "$HOME/.local/bin/certo"
check "... and cron starts it" grep -q "$HOME/.local/bin/certo cron" "$HOME/crontab"
rm "$HOME/crontab"
on_terminal() {
  (cd "$TMP/there" && TMPDIR=$TMP/there PATH=$TMP/bin:$PATH "$SOURCE/tests/e2e/on-terminal" "[Y/n]" true \
    "${as_user[@]}" sh -c "cat '$script' | sh")
}
check "on a terminal it asks, although the script comes through a pipe" on_terminal
check "... and Enter is a yes" grep -q "$HOME/.local/bin/certo cron" "$HOME/crontab"
pipe_in user sh -s -- --no-schedule <"$script"
check "again, with a schedule that exists" replay
check "... it does not say that nothing renews" is "$(grep -c 'not renewed automatically' "$TMP/piped.err")" 0
cp "$HOME/crontab" "$TMP/crontab"
printf '%s\n' '7 * * * * /opt/certo cron' '# 3 3 * * * /x/acme.sh --cron' >"$HOME/crontab"
pipe_in user sh -s <"$script"
check "with a cron job that starts a certo" replay
check_said "... it is shown" "  7 * * * * /opt/certo cron" "one of them starts certo: keep it, or remove it and run: certo schedule install"
check "... and no comment" is "$(grep -c acme.sh "$TMP/piped.err")" 0
check "... without a second schedule" is "$(grep -c certo "$HOME/crontab")" 1
printf '%s\n' '3 3 * * * "/root/.acme.sh"/acme.sh --cron --home "/root/.acme.sh" > /dev/null' >"$HOME/crontab"
pipe_in user sh -s -- --no-schedule <"$script"
check "with a cron job of acme.sh" replay
check_said "... it is shown" "  3 3 * * * \"/root/.acme.sh\"/acme.sh --cron" "certo takes their certificates over with 'certo import DIR'" \
  "not renewed automatically yet"
cp "$TMP/crontab" "$HOME/crontab"
user mkdir -p "$HOME/state/certo/certs"
pipe_in user sh -s -- --uninstall <"$script"
check "--uninstall" replay
check_said "... reports that the state stays" "still in $HOME/state/certo"
check "... which it does" test -d "$HOME/state/certo/certs"
check "... and no other file is left" is "$(find "$HOME/.local" -type f)" ""
check "... nor the schedule" is "$(grep -c certo "$HOME/crontab")" 0
pipe_in user sh -s -- --uninstall <"$script"
expect_exit 1 "--uninstall where nothing is" replay

# ---- certo upgrade ----

pipe_in installer
check "version 7.0.0 again" replay
upgrade() {
  user "$prefix/bin/certo" upgrade --allow-http-loopback "$@"
}
installed() {
  is "$("$prefix/bin/certo" version) $("$prefix/libexec/certo/certo-provider-host" version)" "certo $1 certo $1"
}
# refuses CODE NAME TEXT: certo upgrade changes nothing.
refuses() {
  refused "$1" "upgrade: $2" "$3" upgrade
  check "... and nothing has changed" installed 7.0.0
  check "... and nothing is left" is "$(find "$prefix" -name '*.new' -o -name '*.old' -o -name '.*')" ""
}
check "the newest already" upgrade
check_said "... is told" "certo 7.0.0 is the newest"
publish ten 7.10.0
check "upgrade --check" upgrade --check
check_said "... names the new version" "certo 7.10.0 is available"
check "... as JSON" upgrade --check --json
check_said "... too" '"version":"7.0.0","offered":"7.10.0","is_newer":true'
check "... and changes nothing" installed 7.0.0

flip "$site/v7.10.0/certo-7.10.0-$arch"
refuses 76 "a flipped bit" "checksum mismatch"
publish ten 7.10.0
flip "$site/v7.10.0/certo-provider-host-7.10.0-$arch"
refuses 76 "... in the provider host" "checksum mismatch"
publish ten 7.10.0
openssl dgst -sha256 -sign "$TMP/other.pem" -out "$site/latest/SHA256SUMS.sig" "$site/latest/SHA256SUMS"
refuses 76 "a signature by another key" "the signature does not match the key"
: >"$site/latest/SHA256SUMS.sig"
refuses 76 "an empty signature" "the signature does not match the key"
rm "$site/latest/SHA256SUMS.sig"
refuses 69 "no signature" "the server answers 404"
publish ten 7.10.0
sign() {
  openssl dgst -sha256 -sign "$TMP/key.pem" -out "$site/latest/SHA256SUMS.sig" "$site/latest/SHA256SUMS"
}
printf '#!/bin/sh\necho certo 7.1.0\n' >"$site/v7.10.0/certo-7.10.0-$arch"
(cd "$site/v7.10.0" && sha256sum certo-*) | signed >"$site/latest/SHA256SUMS"
sign
refuses 1 "a program of another version than its name" "does not run on this machine: 7.1.0"
printf 'no program' >"$site/v7.10.0/certo-7.10.0-$arch"
(cd "$site/v7.10.0" && sha256sum certo-*) | signed >"$site/latest/SHA256SUMS"
sign
refuses 1 "a program for another machine" "does not run on this machine"
sed -i "s/-$arch/-vax/" "$site/latest/SHA256SUMS"
sign
refuses 1 "a release for other machines" "release 7.10.0 has no"
cat "$TMP/seven/out/SHA256SUMS" "$TMP/ten/out/SHA256SUMS" | grep -v 'install.sh\|^#' | signed >"$site/latest/SHA256SUMS"
sign
refuses 76 "two versions in one list" "it lists two versions"
publish ten 7.10.0
refused 78 "upgrade: http needs its flag" "CERTO_BASE_URL" user "$prefix/bin/certo" upgrade

echo 'an old manual' >"$prefix/share/man/man1/certo.1"
check "upgrade" upgrade
check_said "... reports what it did" "upgraded to certo 7.10.0; 7.0.0 is kept as $prefix/bin/certo.old"
check "... both programs" installed 7.10.0
check "... the old ones are kept" is "$("$prefix/bin/certo.old" version)" "certo 7.0.0"
check "... the manual is the new one" grep -q 'certo 7.10.0' "$prefix/share/man/man1/certo.1"
check "... nothing else is left" is "$(find "$prefix" -name '*.new' -o -name '.*')" ""
check "again" upgrade
check_said "... is the newest" "certo 7.10.0 is the newest"
publish seven 7.0.0
refused 1 "upgrade: an older release" "the server offers certo 7.0.0, which is older than this one, 7.10.0" upgrade
check "... changes nothing" installed 7.10.0
check "... but --check may show it" upgrade --check
check_said "... and is reported" "certo 7.10.0 is newer than the latest release, 7.0.0"
printf '# signed 2020-01-01T00:00:00Z\n' >"$TMP/sums" && grep -v '^#' "$TMP/ten/out/SHA256SUMS" >>"$TMP/sums"
publish ten 7.10.0
cp "$TMP/sums" "$site/latest/SHA256SUMS"
sign
refused 76 "upgrade: a list of releases that was signed long ago" "more than 180 days ago" upgrade
publish seven 7.0.0

# ---- upgrades by the schedule ----

pipe_in installer --version 7.0.0
auto_home=$TMP/there/auto
mkdir -p "$auto_home/hooks/notify"
printf '#!/bin/sh\necho "$CERTO_SUBJECT" >>"%s"\n' "$auto_home/told" >"$auto_home/hooks/notify/tell"
chmod 755 "$auto_home/hooks/notify/tell"
chmod -R go-w "$auto_home"
[ "$(id -u)" != 0 ] || chown -R "$(stat -c %u "$prefix")" "$auto_home"
scheduled() {
  user "$prefix/bin/certo" cron --home "$auto_home" --allow-http-loopback
}
told() { cat "$auto_home/told" 2>/dev/null; }
publish ten 7.10.0
check "without --auto the schedule" scheduled
check "... upgrades nothing" installed 7.0.0
publish seven 7.0.0
expect_exit 64 "--auto perhaps" upgrade --auto perhaps
check "--auto on" upgrade --auto on --home "$auto_home"
publish ten 7.10.0
check "the schedule" scheduled
check "... upgrades" installed 7.10.0
check "... and tells it" is "$(told)" "certo: upgraded to 7.10.0"
# A release that runs, but cannot read the state.
mkdir -p "$TMP/bad/out"
cp "$TMP/ten/out/install.sh" "$TMP/bad/out/"
for name in certo certo-provider-host; do
  printf '#!/bin/sh\n[ "$1" = version ] && echo certo 7.20.0 && exit\necho what is this >&2\nexit 3\n' \
    >"$TMP/bad/out/$name-7.20.0-$arch"
done
(cd "$TMP/bad/out" && sha256sum certo-* | signed >SHA256SUMS)
openssl dgst -sha256 -sign "$TMP/key.pem" -out "$TMP/bad/out/SHA256SUMS.sig" "$TMP/bad/out/SHA256SUMS"
chmod go+r "$TMP/bad/out/"*
publish bad 7.20.0
check "once a day" scheduled
check "... it looks" installed 7.10.0
soon() { sed -i 's/"looked": "[^"]*"/"looked": "2026-01-01T00:00:00Z"/' "$auto_home/upgrade.json"; }
soon
check "a release that fails its check" scheduled
check_said "... is reported" "certo 7.20.0 failed its check, so certo 7.10.0 was put back" "what is this"
check "... and undone" installed 7.10.0
check "... and told" is "$(told | tail -n 1)" "certo: upgrade failed"
soon
check "... and not tried again" scheduled
check "... at all" is "$(told | wc -l)" 2
check "--auto off" upgrade --auto off --home "$auto_home"
check_said "... says so" "only by 'certo upgrade'"

# As after a run that died between the two renames.
publish ten 7.10.0
pipe_in installer --version 7.0.0
cp "$TMP/ten/out/certo-provider-host-7.10.0-$arch" "$prefix/libexec/certo/certo-provider-host"
check "upgrade: continues after the first rename" upgrade
check "... and completes it" installed 7.10.0

check "a build without a key" variant 7.0.0 keyless ''
mkdir "$TMP/there/keyless"
cp "$TMP/keyless/out/certo-7.0.0-$arch" "$TMP/there/keyless/certo"
refused 78 "... does not upgrade itself" "built without the public key" "$TMP/there/keyless/certo" upgrade --allow-http-loopback

# ---- a Debian package ----

if command -v dpkg-deb >/dev/null; then
  deb() {
    (cd "$SOURCE" && VERSION=7.0.0 BUILD=$TMP/keyless scripts/deb.sh "$1")
  }
  check "a Debian package" deb "$TMP/certo.deb"
  check "... once more" deb "$TMP/same.deb"
  check "... is the same bytes" cmp "$TMP/certo.deb" "$TMP/same.deb"
  check "... of this version" is "$(dpkg-deb -f "$TMP/certo.deb" Package Version | tr '\n' ' ')" "Package: certo Version: 7.0.0 "
  check "... unpacks" dpkg-deb -x "$TMP/certo.deb" "$TMP/deb"
  check "... runs" is "$("$TMP/deb/usr/bin/certo" version)" "certo 7.0.0"
  check "... and is not upgraded past dpkg" test -z "$(strings -n 60 "$TMP/deb/usr/bin/certo" | grep -F "$(openssl pkey -in "$TMP/key.pem" -pubout | sed -n 2p)")"
  # In a separate root, with unchanged maintainer scripts that run outside of it.
  root=$TMP/root
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$root/etc/cron.d" "$root/var/lib/certo/certs" "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
    touch "$root/var/lib/dpkg/status"
    in_root() {
      dpkg --root="$root" --force-depends --force-script-chrootless --log=/dev/null "$@"
    }
    check "the package is installed" in_root -i "$TMP/certo.deb"
    check_said "... reports that nothing renews the certificates" "Nothing renews the certificates in $root/var/lib/certo: run"
    check "... certo runs" is "$("$root/usr/bin/certo" version)" "certo 7.0.0"
    check "... and has a schedule" "$root/usr/bin/certo" schedule install --kind cron --root "$root"
    check "an upgrade" in_root -i "$TMP/certo.deb"
    check "... says nothing about it" is "$(grep -c 'Nothing renews' "$TMP/out")" 0
    check "... and keeps it" test -e "$root/etc/cron.d/certo"
    check "the package is removed" in_root -r certo
    check_said "... reports that the state stays" "stay in $root/var/lib/certo"
    check "... the program is gone" absent "$root/usr/bin/certo"
    check "... so is its schedule" absent "$root/etc/cron.d/certo"
    check "installed again" in_root -i "$TMP/certo.deb"
    check_said "... reports that nothing renews the certificates" "Nothing renews the certificates in $root/var/lib/certo: run"
    check "and purged" in_root -P certo
    check "... which leaves the state" test -d "$root/var/lib/certo/certs"
  fi
fi
