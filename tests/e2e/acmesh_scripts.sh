#!/usr/bin/env bash
# Every script of Debian's acme.sh package, unchanged, in certo's host: its add and its rm, under dash and under
# busybox sh, behind a recording HTTPS proxy with a CA of its own, up to the first authenticated request.
# What each reached is printed; nothing leaves this machine. dns_pdns changes a real server.
TESTBED="pdns pebble --pebble-dns pdns"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

depot=${TESTBED_DEPOT:-$SOURCE/build/testbed}
"$SOURCE/scripts/testbed.sh" fetch acmesh >&2 || exit 1
busybox=$depot/busybox/bin/busybox
dnsapi=$depot/acmesh/usr/share/acme.sh/dnsapi
mkdir "$TMP/busybox-tools" "$TMP/proxy" "$TMP/dash-tools"
"$busybox" --install -s "$TMP/busybox-tools"
rm "$TMP/busybox-tools/sleep"
# Nobody waits, and nobody connects by ssh.
printf '#!/bin/sh\n' | tee "$TMP/dash-tools/sleep" "$TMP/busybox-tools/sleep" >"$TMP/dash-tools/ssh"
chmod 755 "$TMP/dash-tools"/* "$TMP/busybox-tools/sleep"

# Those that call a program of the service or edit a file here, and ask nobody by HTTP; and acme.sh's template.
without_http='cpanel_uapi dynv6 gcloud knot lexicon maradns mydevil myapi nsd nsupdate openstack'
# A rm that needs the id or the cookie that its add got from the real service; gname needs a list of suffixes, and kas
# the addresses of its service, before they log in.
needs_service='bh.rm bhosted.rm freedns.rm gname.add gname.rm kas.add kas.rm'

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
    "no request: the script makes none")
      if [ "$action" = rm ]; then ok "$name rm: $reached"; else not_ok "$name add: $reached"; fi
      ;;
    "nothing authenticated"*)
      case " $needs_service " in
        *" ${name#dns_}.$action "*) ok "$name $action: its service has to answer first" ;;
        *) not_ok "$name $action: $reached" ;;
      esac
      ;;
    GET\ * | POST\ * | PUT\ * | PATCH\ * | DELETE\ * | HEAD\ *) ok "$name $action: $reached" ;;
    *) not_ok "$name $action: $reached" ;;
  esac
done <"$TMP/reached"

# ---- PowerDNS, by its API over plain HTTP on this machine ----

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
mkdir -p "$CERTO_HOME/providers"
install -m 644 "$dnsapi/dns_pdns.sh" "$CERTO_HOME/providers/dns_pdns.sh"
export PDNS_Url=$PDNS_API_URL PDNS_ServerId=localhost PDNS_Token=$PDNS_API_KEY PDNS_Ttl=5
unset PDNS_API_URL PDNS_API_KEY
check "wildcard and apex by acme.sh's dns_pdns: two values at one name" "$CERTO" issue --agree-tos -d pdns.test -d '*.pdns.test' \
  --dns acmesh:dns_pdns --resolver "$PDNS_DNS" -vv
# shellcheck disable=SC2016  # sh's dollars
check "... no secret is shown" sh -c '! grep -qF "$0" "$1" "$2"' "$PDNS_Token" "$TMP/out" "$TMP/err"
check "... no value is left" is "$(txt_values "$PDNS_DNS" _acme-challenge.pdns.test)" ""
unset PDNS_Url PDNS_ServerId PDNS_Token PDNS_Ttl
check "a renewal in an empty environment" env -i PATH="$PATH" HOME="$HOME" "$CERTO" --home "$CERTO_HOME" renew --force pdns.test
check "... leaves none either" is "$(txt_values "$PDNS_DNS" _acme-challenge.pdns.test)" ""
