#!/usr/bin/env bash
# Installs the Debian packages that are missing: scripts/packages.sh build|check|test|fuzz|PACKAGE...
# Prints one line if it installs something, and nothing otherwise.
set -euo pipefail

build_packages=(ca-certificates cmake g++ libidn2-dev libunistring-dev lld-16 make zlib1g-dev)
check_packages=(clang-format-16 clang-tidy-16 libc6-dev libstdc++-12-dev shellcheck)
fuzz_packages=(clang-16 libclang-rt-16-dev libstdc++-12-dev)
test_packages=(binutils curl groff-base openssl python3 util-linux)

wanted=()
for word in "$@"; do
  case $word in
    build) wanted+=("${build_packages[@]}") ;;
    check) wanted+=("${check_packages[@]}") ;;
    fuzz) wanted+=("${fuzz_packages[@]}") ;;
    test) wanted+=("${test_packages[@]}") ;;
    *) wanted+=("$word") ;;
  esac
done

# A program from any source counts; a library counts only as a package.
missing=()
have=
if command -v dpkg-query > /dev/null; then
  have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2> /dev/null || true)
fi
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<< "$have" || command -v "$package" > /dev/null || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get > /dev/null; then
  echo "no apt-get here; the build continues, but needs these (their Debian names): ${missing[*]}" >&2
  exit 0
fi
root=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo > /dev/null || ! sudo -n true 2> /dev/null; then
    echo "missing packages; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo -n)
fi

echo "installing: ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  # Another apt may run at the same time, for example in another build.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
    "$@" >> "$log" 2>&1
}
install() { apt install -y --no-install-recommends "${missing[@]}"; }

# The package lists may be absent or too old to name a file that still exists; then they are read again.
if ! { install || { apt update && install; }; }; then
  tail -n 20 "$log" >&2
  echo "could not install: ${missing[*]}" >&2
  exit 1
fi
