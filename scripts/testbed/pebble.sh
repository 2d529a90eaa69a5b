# shellcheck shell=bash
# pebble, a second one that refuses nonces, and the DNS server of both.

start_challtestsrv() {
  launch challtestsrv "$depot/pebble/usr/bin/pebble-challtestsrv" -defaultIPv4 127.0.0.1 -defaultIPv6 '' \
    -dnsserver "127.0.0.1:$dns_port" -management "127.0.0.1:$dns_management_port" \
    -http01 '' -https01 '' -tlsalpn01 '' -doh "127.0.0.1:$doh_port" -doh-cert "$dir/tls/server.pem" \
    -doh-cert-key "$dir/tls/server.key"
  tell CHALLTESTSRV "http://127.0.0.1:$dns_management_port" DNS_ADDR "127.0.0.1:$dns_port" \
    DNS_OVER_HTTPS "https://127.0.0.1:$doh_port/dns-query"
}

wait_challtestsrv() {
  wait_port challtestsrv 127.0.0.1 "$dns_management_port"
  wait_port challtestsrv 127.0.0.1 "$dns_port"
  wait_port challtestsrv 127.0.0.1 "$doh_port"
}

start_pebble() {
  launch_pebble pebble "$pebble_port" "$pebble_management_port" "$nonce_reject"
  tell PEBBLE_DIRECTORY "https://127.0.0.1:$pebble_port/dir" PEBBLE_CA "$dir/tls/ca.pem" \
    PEBBLE_MGMT "https://127.0.0.1:$pebble_management_port"
  [ "$eab" = false ] || tell PEBBLE_EAB_KID "$eab_kid" PEBBLE_EAB_KEY "$eab_key"
}

wait_pebble() {
  wait_port pebble 127.0.0.1 "$pebble_port"
  wait_port pebble 127.0.0.1 "$pebble_management_port"
}

start_pebble-nonces() {
  launch_pebble pebble-nonces "$nonces_port" "$nonces_management_port" 15
  tell PEBBLE_NONCES_DIRECTORY "https://127.0.0.1:$nonces_port/dir" \
    PEBBLE_NONCES_MGMT "https://127.0.0.1:$nonces_management_port"
  wanted pebble || tell PEBBLE_CA "$dir/tls/ca.pem"
}

wait_pebble-nonces() {
  wait_port pebble-nonces 127.0.0.1 "$nonces_port"
}

# launch_pebble NAME PORT MANAGEMENT-PORT NONCE-REJECT. "Retry-After: 1" is the least that pebble can send.
launch_pebble() {
  local name=$1 port=$2 management=$3 nonces=$4 keys= more=
  [ "$eab" = false ] || keys="\"$eab_kid\": \"$eab_key\""
  # If there are two profiles and the order names none, pebble takes any, and a new certificate may expire
  # before the
# old one.
  [ -z "$shortlived" ] || more=', "shortlived": { "description": "six days", "validityPeriod": 518400 }'
  cat >"$dir/$name.json" <<CONFIG
{
  "pebble": {
    "listenAddress": "127.0.0.1:$port",
    "managementListenAddress": "127.0.0.1:$management",
    "certificate": "$dir/tls/server.pem",
    "privateKey": "$dir/tls/server.key",
    "httpPort": $http_port,
    "tlsPort": $tls_port,
    "ocspResponderURL": "",
    "externalAccountBindingRequired": $eab,
    "externalAccountMACKeys": { $keys },
    "domainBlocklist": ["blocked.example"],
    "retryAfter": { "authz": 1, "order": 1 },
    "keyAlgorithm": "ecdsa",
    "profiles": {
      "default": { "description": "ninety days", "validityPeriod": 7776000 }$more
    }
  }
}
CONFIG
  launch "$name" env PEBBLE_VA_NOSLEEP=1 PEBBLE_VA_ALWAYS_VALID="$always_valid" PEBBLE_WFE_NONCEREJECT="$nonces" \
    PEBBLE_AUTHZREUSE="$authz_reuse" PEBBLE_ALTERNATE_ROOTS="$alternates" PEBBLE_CHAIN_LENGTH="$chain_length" \
    "$depot/pebble/usr/bin/pebble" -config "$dir/$name.json" -dnsserver "$pebble_dns" ${strict:+-strict}
}
