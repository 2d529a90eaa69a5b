#!/usr/bin/env bash
# `make bench`, or scripts/bench.sh [PART...]: see tests/bench/bench.py. lego, certbot and uacme are measured,
# too, if they are installed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
build=${BUILD:-build}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/certo-bench.XXXXXX")
trap 'scripts/testbed.sh stop "$WORK/servers"; rm -rf "$WORK"' EXIT

scripts/packages.sh curl python3 time
scripts/testbed.sh fetch pebble nginx
scripts/testbed.sh start "$WORK/servers" pebble challtestsrv nginx
set -a
# shellcheck disable=SC1091
. "$WORK/servers/env"
set +a
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# Pebble's root after the machine's own roots, as in the bundle of a public CA's user.
cat /etc/ssl/certs/ca-certificates.crt "$PEBBLE_CA" >"$WORK/bundle.pem"

cat >"$WORK/uacme-hook" <<'END'
#!/bin/sh
[ "$2" = http-01 ] || exit 1
case $1 in
begin) mkdir -p "$WEBROOT/.well-known/acme-challenge" && printf %s "$5" > "$WEBROOT/.well-known/acme-challenge/$4" ;;
*) rm -f "$WEBROOT/.well-known/acme-challenge/$4" ;;
esac
END
chmod 755 "$WORK/uacme-hook"
curl -sS --fail --noproxy '*' -d '{"host":"nginx.bench.example","addresses":["127.0.0.2"]}' "$CHALLTESTSRV/add-a"

export WORK CERTO="$build/certo" WHOLE_BUNDLE="$WORK/bundle.pem" DNS_PROVIDER="$root/tests/e2e/dns-challtestsrv"
export PEBBLE_LOG="$WORK/servers/log/pebble"
python3 tests/bench/bench.py "$@"
