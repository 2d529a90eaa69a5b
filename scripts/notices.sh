#!/usr/bin/env bash
# The notices of all that certo links: scripts/notices.sh DEPS FOLDER [VERSION]
#
# Writes into FOLDER
#   notices.txt   component, version, license and copyright of all that is linked, for `certo version --licenses`
#   NOTICES       the same with the whole license texts, for packages
#   certo.spdx    a list of the components for programs (SPDX 2.3, tag-value)
#
# Texts come from the pinned sources that scripts/deps.sh built (DEPS/licenses, DEPS/src), and for what Debian links
# from /usr/share/doc and /usr/share/common-licenses. If a text is missing on this machine, its URL is given.
set -euo pipefail
cd "$(dirname "$0")/.."

deps=$1 out=$2 version=${3:-$(sed -n 's/^VERSION := //p' Makefile)}
mkdir -p "$out"

# name, license, where it comes from (pinned: scripts/deps.sh; else Debian's packages: binary and source), URL, copyright
components() {
  cat << 'END'
mbedtls|Apache-2.0|pinned|https://github.com/Mbed-TLS/mbedtls|The Mbed TLS Contributors
curl|curl|pinned|https://curl.se|1996-2025 Daniel Stenberg and many contributors
nghttp2|MIT|pinned|https://nghttp2.org|2012-2024 Tatsuhiro Tsujikawa; 2012-2024 nghttp2 contributors
c-ares|MIT|pinned|https://c-ares.org|1998 Massachusetts Institute of Technology; 2007-2024 Daniel Stenberg with many contributors
simdjson|Apache-2.0|pinned|https://simdjson.org|2018-2022 The simdjson authors
fmt|MIT|pinned|https://fmt.dev|2012-present Victor Zverovich
publicsuffix|MPL-2.0|pinned|https://publicsuffix.org|The contributors of the Public Suffix List
libidn2|LGPL-3.0-or-later OR GPL-2.0-or-later|libidn2-dev libidn2|https://www.gnu.org/software/libidn/|2011-2022 Simon Josefsson and others
libunistring|LGPL-3.0-or-later OR GPL-2.0-or-later|libunistring-dev libunistring|https://www.gnu.org/software/libunistring/|1995-2022 Free Software Foundation, Inc.
zlib|Zlib|zlib1g-dev zlib|https://zlib.net|1995-2022 Jean-loup Gailly and Mark Adler
glibc|LGPL-2.1-or-later|libc6-dev glibc|https://www.gnu.org/software/libc/|1991-2022 Free Software Foundation, Inc.
libstdc++|GPL-3.0-or-later WITH GCC-exception-3.1|libstdc++-12-dev gcc-12|https://gcc.gnu.org|1997-2022 Free Software Foundation, Inc.
END
}

# The version that was linked; "unknown" on a machine without dpkg.
version_of() { # NAME ORIGIN
  case $2 in
    pinned) cut -d' ' -f1 "$deps/stamp/$1" 2> /dev/null || echo unknown ;;
    *) dpkg-query -W -f '${Version}\n' "${2%% *}" 2> /dev/null | head -n 1 | grep . || echo unknown ;;
  esac
}

# The row of a pinned source in scripts/deps.sh.
pinned() { # NAME VERSION FIELD
  sed -n "s/^\($1 $2 [0-9a-f]\{64\} .*\)/\1/p" scripts/deps.sh | cut -d' ' -f"$3"
}

# The license text of a component; nothing if this machine does not have it.
text_of() { # NAME VERSION ORIGIN
  local tarball member work
  if [ "$3" != pinned ]; then
    cat "/usr/share/doc/${3%% *}/copyright" 2> /dev/null || true
    return
  fi
  if [ -s "$deps/licenses/$1" ]; then
    cat "$deps/licenses/$1"
    return
  fi
  for tarball in "$deps/src/$1-$2".tar.*; do
    [ -f "$tarball" ] || return 0
    work=$(mktemp -d)
    member=$(cmake -E tar tf "$(realpath "$tarball")" 2> /dev/null | grep -E '^[^/]+/(LICENSE(\.md|\.rst|\.txt)?|COPYING)$' | sort | head -n 1)
    [ -z "$member" ] || (file=$(realpath "$tarball") && cd "$work" && cmake -E tar xf "$file" "$member" 2> /dev/null && cat "$member")
    rm -rf "$work"
  done
}

# Short texts must be given with each copy of the program; the long ones are named, and are in NOTICES.
is_short() { case $1 in MIT | curl | BSD-3-Clause) ;; *) return 1 ;; esac; }

# BSD and MIT texts of a Debian copyright file: what is under "License:".
permission() { # FILE
  if grep -q '^Format: .*copyright-format' "$1"; then
    awk '/^License:/ { on = 1; next } /^[^ ]/ { on = 0 } on { sub(/^ /, ""); print ($0 == "." ? "" : $0) }' "$1" | awk 'NF || seen { print; seen = 1 }' | head -n 40
  else
    cat "$1"
  fi
}

short=$out/notices.txt.new
whole=$out/NOTICES.new
spdx=$out/certo.spdx.new
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
created=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y CHANGELOG.md)}" +%Y-%m-%dT%H:%M:%SZ)

cat > "$short" << END
certo $version is under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0

These libraries are linked in. libidn2, libunistring and glibc are under the GNU Lesser General Public License: the
sources of certo and of the libraries are next to each release, so that anybody can link certo with changed ones.
publicsuffix is data under the Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/); its source is the list at
https://publicsuffix.org.
The whole texts of all licenses are in share/doc/certo/NOTICES.

END
cat > "$spdx" << END
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: certo-$version
DocumentNamespace: https://spdx.org/spdxdocs/certo-$version
Creator: Tool: scripts/notices.sh
Created: $created

PackageName: certo
SPDXID: SPDXRef-certo
PackageVersion: $version
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageLicenseConcluded: Apache-2.0
PackageLicenseDeclared: Apache-2.0
PackageCopyrightText: NOASSERTION
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-certo
END

: > "$work/permissions"
: > "$work/texts"
while IFS='|' read -r name license origin url copyright; do
  number=$(version_of "$name" "$origin")
  printf '%-13s %-22s %s\n  Copyright %s; %s\n' "$name" "$number" "$license" "$copyright" "$url" >> "$short"
  text_of "$name" "$number" "$origin" > "$work/text"
  {
    printf '\n---- %s %s (%s) ----\n\n' "$name" "$number" "$license"
    if [ -s "$work/text" ]; then cat "$work/text"; else printf 'Copyright %s; the text of the license: %s\n' "$copyright" "$url"; fi
  } >> "$work/texts"
  if is_short "$license" && [ -s "$work/text" ]; then
    printf '\n---- %s ----\n\n' "$name" >> "$work/permissions"
    permission "$work/text" >> "$work/permissions"
  fi

  id=$(printf '%s' "$name" | tr -c 'A-Za-z0-9.-' -)
  {
    printf '\nPackageName: %s\nSPDXID: SPDXRef-%s\nPackageVersion: %s\n' "$name" "$id" "$number"
    if [ "$origin" = pinned ]; then
      download=$(pinned "$name" "$number" 5)
      sum=$(pinned "$name" "$number" 3)
      case $download in '' | -) download=$url ;; esac
      printf 'PackageDownloadLocation: %s\n' "$download"
      [ -z "$sum" ] || printf 'PackageChecksum: SHA256: %s\n' "$sum"
    else
      printf 'PackageDownloadLocation: %s\n' "$url"
      printf 'ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/%s@%s\n' "${origin%% *}" "$number"
    fi
    printf 'FilesAnalyzed: false\nPackageLicenseConcluded: %s\nPackageLicenseDeclared: %s\n' "$license" "$license"
    printf 'PackageCopyrightText: <text>Copyright %s</text>\n' "$copyright"
    printf 'Relationship: SPDXRef-certo CONTAINS SPDXRef-%s\n' "$id"
  } >> "$spdx"
done < <(components)

cp "$short" "$whole"
cat "$work/permissions" >> "$short"
{
  cat "$work/texts"
  for license in Apache-2.0 LGPL-2.1 LGPL-3 GPL-2 GPL-3; do
    [ -f "/usr/share/common-licenses/$license" ] || continue
    printf '\n---- %s ----\n\n' "$license"
    cat "/usr/share/common-licenses/$license"
  done
} >> "$whole"

# A file that is the same keeps its time, so that nothing is compiled again.
for file in notices.txt NOTICES certo.spdx; do
  if cmp -s "$out/$file.new" "$out/$file"; then rm "$out/$file.new"; else mv "$out/$file.new" "$out/$file"; fi
done
