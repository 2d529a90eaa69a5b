#!/usr/bin/env bash
# Makes a Debian package of what `make install` installs: scripts/deb.sh [FILE.deb]
#
# It is for the machine that builds it. Its certo holds no release key, so that only apt and dpkg upgrade it.
# Its installation schedules nothing; its removal also removes the schedule of `certo schedule install`.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-build}
version=${VERSION:-$(sed -n 's/^VERSION := //p' Makefile)}
architecture=$(dpkg --print-architecture)
file=${1:-$build/certo_${version}_$architecture.deb}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH LC_ALL=C
umask 022

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
env -u MAKEFLAGS -u MAKELEVEL "${MAKE:-make}" --no-print-directory BUILD="$build" VERSION="$version" RELEASE_PUBKEY= \
  DESTDIR="$root" PREFIX=/usr install >&2

# Debian's zsh searches this folder.
mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
gzip -9n "$root"/usr/share/man/man1/certo.1 "$root"/usr/share/man/man7/certo-*.7
doc=$root/usr/share/doc/certo
{
  printf 'certo is free software:\n\n  Copyright the certo authors\n\n'
  printf 'On Debian systems, the text of the Apache License, Version 2.0, is in /usr/share/common-licenses/Apache-2.0.\n\n'
  cat "$build/notices.txt"
} > "$doc/copyright"
rm "$doc/LICENSE"
mv "$doc/CHANGELOG.md" "$doc/changelog"
gzip -9n "$root/usr/share/doc/certo/changelog"

# What lintian calls errors, and is meant so: one static program with its own libraries.
mkdir -p "$root/usr/share/lintian/overrides"
cat > "$root/usr/share/lintian/overrides/certo" << 'END'
certo: statically-linked-binary [usr/bin/certo]
certo: embedded-library *
END

# certo is static; only the provider host needs a minimum version of libc.
libc=$(objdump -T "$root/usr/libexec/certo/certo-provider-host" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
mkdir "$root/DEBIAN"
cat > "$root/DEBIAN/control" << END
Package: certo
Version: $version
Architecture: $architecture
Section: net
Priority: optional
Maintainer: The certo authors <certo@users.noreply.github.com>
Depends: libc6 (>= ${libc#GLIBC_})
Recommends: ca-certificates
Suggests: systemd | cron
Installed-Size: $(du -k --apparent-size -s "$root/usr" | cut -f1)
Description: ACME client for the shell and for cron
 certo gets, renews and keeps TLS certificates over ACME (RFC 8555). It is one
 static program that checks every certificate before it stores it, and survives
 being killed at any instant.
END
cat > "$root/DEBIAN/prerm" << 'END'
#!/bin/sh
set -e
if [ "$1" = remove ]; then
  "$DPKG_ROOT/usr/bin/certo" schedule remove ${DPKG_ROOT:+--root "$DPKG_ROOT"} || true
  [ ! -d "$DPKG_ROOT/var/lib/certo" ] || echo "Certificates and keys stay in $DPKG_ROOT/var/lib/certo."
fi
END
# The removal of an earlier package has removed the schedule, too.
cat > "$root/DEBIAN/postinst" << 'END'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d "$DPKG_ROOT/var/lib/certo/certs" ] &&
  [ "$("$DPKG_ROOT/usr/bin/certo" schedule status ${DPKG_ROOT:+--root "$DPKG_ROOT"} 2> /dev/null)" = "not scheduled" ]; then
  echo "Nothing renews the certificates in $DPKG_ROOT/var/lib/certo: run 'certo schedule install'."
fi
END
chmod 755 "$root/DEBIAN/prerm" "$root/DEBIAN/postinst"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$(dirname "$file")"
dpkg-deb --root-owner-group -Zxz --build "$root" "$file" >&2
echo "$file"
