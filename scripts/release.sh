#!/usr/bin/env bash
# Makes a release in one folder: scripts/release.sh [FOLDER]
#
#   ARCHES="x86_64 aarch64 armhf"   for which machines (default: this one); others need Debian's cross compilers
#   RELEASE_KEY=FILE                signs: an EC key on P-256, PEM (openssl ecparam -genkey -name prime256v1 -noout)
#   VERSION=N.N.N                   default: the Makefile's
#
# FOLDER (build/release) is the content of <releases>/vN.N.N, and, for the newest release, of
# <releases>/latest, too:
#
#   certo-VERSION-ARCH.tar.gz            everything below a prefix, for install.sh
#   certo-VERSION-ARCH                   the programs by themselves, for `certo upgrade`
#   certo-provider-host-VERSION-ARCH
#   SHA256SUMS, SHA256SUMS.sig           the signature is over SHA256SUMS, which names version and machine of each file
#   install.sh                           with the public key in it
#
# The same sources and tools give the same bytes: times are those of the last commit, or SOURCE_DATE_EPOCH.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-build}
out=${1:-$build/release}
version=${VERSION:-$(sed -n 's/^VERSION := //p' Makefile)}
native=$(uname -m)
arches=${ARCHES:-$native}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
umask 022

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_certo() {
  env -u MAKEFLAGS -u MAKELEVEL "${MAKE:-make}" --no-print-directory VERSION="$version" \
    RELEASE_PUBKEY="${RELEASE_KEY:+$work/key.pub}" "$@" >&2
}

# install_tree ARCH: builds for it and installs into $work/certo-VERSION-ARCH. Another machine's program is
# started once by qemu, which also lets it write its own manual.
install_tree() {
  local arch=$1 tree=$work/certo-$version-$1 triple='' program
  local arguments=(DESTDIR="$tree" PREFIX=)
  case $arch in
    "$native") arguments+=(BUILD="$build") ;;
    aarch64) triple=aarch64-linux-gnu ;;
    armhf) triple=arm-linux-gnueabihf ;;
    x86_64) triple=x86_64-linux-gnu ;;
    *) echo "there are no releases for $arch" >&2 && return 1 ;;
  esac
  if [ "$arch" != "$native" ]; then
    scripts/packages.sh qemu-user-static "g++-${triple/_/-}"
    emulator=qemu-${triple%%-*}-static
    arguments+=(CROSS="$triple" BUILD="$build/cross/$arch" DEPS="$build/cross/$arch/deps" RUN="$emulator")
  fi
  make_certo "${arguments[@]}" install
  for program in bin/certo libexec/certo/certo-provider-host; do
    [ "$(QEMU_LD_PREFIX=/usr/$triple ${emulator:-} "$tree/$program" version)" = "certo $version" ] ||
      { echo "$program for $arch does not run" >&2 && return 1; }
  done
}

# pack ARCH: from the tree to the files of a release. Names, times, owners and modes in the archive are fixed.
pack() {
  local name=certo-$version-$1
  cp LICENSE CHANGELOG.md "$work/$name/"
  mkdir -p "$work/$name/share/doc/certo"
  mv "$work/$name/LICENSE" "$work/$name/CHANGELOG.md" "$work/$name/share/doc/certo/"
  tar --directory="$work" --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX -cf - "$name" | gzip -9n > "$out/$name.tar.gz"
  cp "$work/$name/bin/certo" "$out/$name"
  cp "$work/$name/libexec/certo/certo-provider-host" "$out/certo-provider-host-${name#certo-}"
}

if [ -n "${RELEASE_KEY:-}" ]; then
  openssl pkey -in "$RELEASE_KEY" -pubout -out "$work/key.pub"
  openssl pkey -pubin -in "$work/key.pub" -noout -text | grep -q prime256v1 ||
    { echo "$RELEASE_KEY: releases are signed with an EC key on P-256" >&2 && exit 1; }
fi
rm -rf "$out"
mkdir -p "$out"
for arch in $arches; do
  emulator=
  install_tree "$arch"
  pack "$arch"
done

if [ -n "${RELEASE_KEY:-}" ]; then
  sed "/^# BEGIN KEY\$/r $work/key.pub" install.sh > "$out/install.sh"
else
  cp install.sh "$out/install.sh"
fi
(cd "$out" && sha256sum certo-* install.sh) > "$work/sums"
mv "$work/sums" "$out/SHA256SUMS"
if [ -n "${RELEASE_KEY:-}" ]; then
  openssl dgst -sha256 -sign "$RELEASE_KEY" -out "$out/SHA256SUMS.sig" "$out/SHA256SUMS"
else
  echo "no RELEASE_KEY: this release is not signed, and its programs do not upgrade themselves" >&2
fi
ls -l "$out"
