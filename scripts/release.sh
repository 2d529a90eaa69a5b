#!/usr/bin/env bash
# Makes a release in one folder: scripts/release.sh [FOLDER]
# Signs one again, with the date of today: scripts/release.sh --sign FOLDER
#
#   RELEASES_URL=URL                where releases are (default: releases_url in install.sh, if it is not a placeholder)
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
#   certo-VERSION-sbom.spdx              what is linked in (SPDX)
#   certo-VERSION-source.tar.gz          certo's own source
#   certo-VERSION-libraries.tar          the sources of the libraries that are linked in, as the LGPL wants it
#   SHA256SUMS, SHA256SUMS.sig           the signature is over SHA256SUMS, which names version and machine of each file,
#                                        and when it was signed: `certo upgrade` refuses a date older than half a year
#   install.sh                           with the URL and the public key in it
#
# The same sources and tools give the same bytes: times are those of the last commit, or SOURCE_DATE_EPOCH; the date of
# the signature is RELEASE_DATE, or now. RELEASE.md explains how to host releases.
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

# sign FOLDER: its checksums, with the date in the first line, and the signature.
sign() {
  {
    printf '# signed %s\n' "${RELEASE_DATE:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}"
    (cd "$1" && sha256sum certo-* install.sh)
  } > "$work/sums"
  mv "$work/sums" "$1/SHA256SUMS"
  if [ -n "${RELEASE_KEY:-}" ]; then
    openssl dgst -sha256 -sign "$RELEASE_KEY" -out "$1/SHA256SUMS.sig" "$1/SHA256SUMS"
  else
    echo "no RELEASE_KEY: this release is not signed, and its programs do not upgrade themselves" >&2
  fi
}

if [ "${1:-}" = --sign ]; then
  [ -n "${RELEASE_KEY:-}" ] || { echo "RELEASE_KEY=FILE names the key" >&2 && exit 1; }
  [ -f "${2:?--sign FOLDER}/install.sh" ] || { echo "$2 is not a release" >&2 && exit 1; }
  sign "$2"
  exit
fi

releases_url=${RELEASES_URL:-$(sed -n 's/^releases_url=//p' install.sh)}
releases_url=${releases_url%/}
case $releases_url in
  https://*.example/* | https://*.example | https://example.* | https://*.invalid/*)
    echo "$releases_url is a placeholder: give the real place of the releases with RELEASES_URL=URL, or in install.sh" >&2
    exit 1
    ;;
  https://* | http://127.0.0.1:*) ;;
  *) echo "RELEASES_URL=$releases_url is not an https URL" >&2 && exit 1 ;;
esac

make_certo() {
  env -u MAKEFLAGS -u MAKELEVEL "${MAKE:-make}" --no-print-directory VERSION="$version" RELEASES_URL="$releases_url" \
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
  tar --directory="$work" --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX -cf - "$name" | gzip -9n > "$out/$name.tar.gz"
  cp "$work/$name/bin/certo" "$out/$name"
  cp "$work/$name/libexec/certo/certo-provider-host" "$out/certo-provider-host-${name#certo-}"
}

# The sources of Debian's packages come from Debian; SYSTEM_SOURCES=0 leaves them out, for a test.
system_sources() { # FOLDER
  local lists=$work/apt package
  [ "${SYSTEM_SOURCES:-1}" = 1 ] && command -v apt-get > /dev/null || return 0
  mkdir -p "$lists/lists/partial"
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null > "$lists/sources.list" || true
  sed -n 's/^Types: .*/Types: deb-src/; p' /etc/apt/sources.list.d/*.sources 2> /dev/null > "$lists/more.sources" || true
  local options=(-qq -o "Dir::Etc::SourceList=$lists/sources.list" -o "Dir::Etc::SourceParts=$lists" -o "Dir::State::Lists=$lists/lists")
  apt-get "${options[@]}" update >&2 || true
  for package in $(dpkg-query -W -f '${source:Package}=${source:Version} ' libidn2-dev libunistring-dev libc6-dev); do
    (cd "$1" && apt-get "${options[@]}" source --download-only "$package" >&2) ||
      echo "the source of $package cannot be fetched: add it to $out/certo-$version-libraries.tar" >&2
  done
}

# certo's own source, and that of the libraries, so that anybody can link certo with changed ones.
pack_sources() {
  local archive=(tar --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner "--mode=u=rwX,go=rX")
  local name=certo-$version-source libraries=$work/certo-$version-libraries
  [ "$(git rev-parse --show-toplevel 2> /dev/null)" = "$(pwd -P)" ] ||
    { echo "this is not a git checkout, so the source is not packed" >&2 && return; }
  git ls-files -z | "${archive[@]}" --null --no-recursion --files-from=- --transform="s|^|$name/|" -cf - | gzip -9n > "$out/$name.tar.gz"
  mkdir -p "$libraries"
  find "${DEPS:-build/deps}/src" "${CERTO_SOURCES:-/nonexistent}" -maxdepth 1 -name '*.tar.*' -exec cp -t "$libraries" {} + 2> /dev/null || true
  rm -f "$libraries"/doctest-*
  system_sources "$libraries"
  (cd "$libraries" && "${archive[@]}" -cf "$out/certo-$version-libraries.tar" .)
}

if [ -n "${RELEASE_KEY:-}" ]; then
  openssl pkey -in "$RELEASE_KEY" -pubout -out "$work/key.pub"
  openssl pkey -pubin -in "$work/key.pub" -noout -text | grep prime256v1 > /dev/null ||
    { echo "$RELEASE_KEY: releases are signed with an EC key on P-256" >&2 && exit 1; }
fi
rm -rf "$out"
mkdir -p "$out"
for arch in $arches; do
  emulator=
  install_tree "$arch"
  pack "$arch"
done

scripts/notices.sh "${DEPS:-build/deps}" "$work/notices" "$version"
cp "$work/notices/certo.spdx" "$out/certo-$version-sbom.spdx"
pack_sources
sed "s|^releases_url=.*|releases_url=$releases_url|" install.sh > "$work/install.sh"
if [ -n "${RELEASE_KEY:-}" ]; then
  sed "/^# BEGIN KEY\$/r $work/key.pub" "$work/install.sh" > "$out/install.sh"
else
  cp "$work/install.sh" "$out/install.sh"
fi
sign "$out"
ls -l "$out"
cat >&2 << END

Copy $out to $releases_url/v$version, and, if it is the newest release, to $releases_url/latest. Then this installs it:
  curl -fsSL $releases_url/latest/install.sh | sh
END
