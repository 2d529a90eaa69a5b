#!/usr/bin/env bash
# Runs shellcheck on our scripts and clang-tidy on our C++: scripts/lint.sh [FILE.cc...]
# A file that was clean is checked again if it, or a header that it includes, has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build} deps=${DEPS:-build/deps}

scripts/packages.sh check

# -x follows `. lib.sh`, so that a function's file is read with its callers, and -a reports faults in it.
mapfile -t scripts < <(grep -lE '^#!.*(ba)?sh\b' -r scripts tests/e2e tests/torture tests/fake hooks .ci install.sh 2> /dev/null | sort)
shellcheck -a -x -P SCRIPTDIR --severity=warning "${scripts[@]}"

files=("$@")
[ $# -gt 0 ] || files=(src/*/*.cc providers/*.cc providers/sdk/*.cc)

is_clean() {
  local stamp=$build/lint/$1.ok list=$build/obj/${1%.cc}.d headers=()
  [ -f "$stamp" ] && [ -f "$list" ] || return 1
  mapfile -t headers < <(tr -s ' ' '\n' < "$list" | grep -E '^(src|providers|tests)/.*[^:]$')
  [ -z "$(find "$1" .clang-tidy "${headers[@]}" -newer "$stamp" 2>&1 | head -n 1)" ]
}

todo=()
for file in "${files[@]}"; do
  [ -f "$file" ] || continue
  is_clean "$file" || todo+=("$file")
done
[ ${#todo[@]} -gt 0 ] || exit 0

tidy() {
  local file=$1 out
  if out=$(clang-tidy-16 --quiet "$file" -- -std=c++20 -Isrc -Iproviders -isystem "$deps/include" -DCERTO_VERSION='"lint"' -DCERTO_RELEASES_URL='"lint"' -DCERTO_RELEASE_KEY='"lint"' -DCERTO_BUILTIN=lint -DCERTO_PACKED='"lint"' 2> /dev/null) &&
    [ -z "$out" ]; then
    mkdir -p "$(dirname "$build/lint/$file")"
    touch "$build/lint/$file.ok"
    return
  fi
  echo "$out"
  return 1
}
export -f tidy
export build deps
printf '%s\n' "${todo[@]}" | xargs -P "$(nproc)" -I{} bash -c 'tidy "$1"' _ {}
