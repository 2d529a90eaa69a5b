#!/usr/bin/env bash
# Every script of Debian's acme.sh package, unchanged, in certo's host: its add and its rm, under dash and under
# busybox sh, behind a recording HTTPS proxy with a CA of its own, up to the first authenticated request.
# What each reached is printed; nothing leaves this machine. dns_pdns, dns_nsupdate and dns_knot change real servers.
TESTBED="pdns bind pebble --pebble-dns pdns"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

depot=${TESTBED_DEPOT:-$SOURCE/build/testbed}
"$SOURCE/scripts/testbed.sh" fetch acmesh >&2 || exit 1
busybox=$depot/busybox/bin/busybox
dnsapi=$depot/acmesh/usr/share/acme.sh/dnsapi
mkdir "$TMP/busybox-tools" "$TMP/proxy" "$TMP/dash-tools"
"$busybox" --install -s "$TMP/busybox-tools"
printf '#!/bin/sh\n' | tee "$TMP/dash-tools/sleep" >"$TMP/dash-tools/ssh"
chmod 755 "$TMP/dash-tools"/*

# Those that call a program of the service or edit a file here, and ask nobody by HTTP.
without_http='cpanel_uapi dynv6 gcloud knot lexicon maradns mydevil nsd nsupdate openstack'

python3 "$SOURCE/tests/fake/dnsapi_scripts.py" --dir "$TMP/proxy" --certo "$CERTO" \
  --host "$SOURCE/hooks/adapters/acmesh-dnsapi.sh" --shell "dash=dash" --shell "busybox=$busybox sh" \
  --path "dash=$TMP/dash-tools:$PATH" --path "busybox=$TMP/busybox-tools" "$dnsapi"/dns_*.sh \
  >"$TMP/reached" 2>"$TMP/driver.err" || cat "$TMP/driver.err" >&2
cat "$TMP/reached" >&2

check "every script ran both ways" is "$(wc -l <"$TMP/reached" | tr -d ' ')" \
  "$(($(find "$dnsapi" -name 'dns_*.sh' | wc -l) * 2))"
while IFS=' :' read -r name action reached; do
  case " $without_http " in *" ${name#dns_} "*) continue ;; esac
  case $reached in
    GET\ * | POST\ * | PUT\ * | PATCH\ * | DELETE\ * | HEAD\ *) ok "$name $action: $reached" ;;
    *) not_ok "$name $action: $reached" ;;
  esac
done <"$TMP/reached"
