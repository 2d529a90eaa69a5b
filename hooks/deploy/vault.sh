#!/bin/sh
# Writes key, certificate and chain into HashiCorp Vault (KV version 2) or OpenBao, through its HTTP API with
# curl.
#
# Settings, KEY=value in STATE/credentials/hook-vault (mode 0600):
#   VAULT_ADDR        needed: https://vault.example:8200
#   VAULT_TOKEN       needed, or VAULT_TOKEN_FILE, a file that holds it
#   VAULT_MOUNT       the mount path of the KV engine (default: secret)
#   VAULT_PATH        the secret (default: certo/NAME, the certificate's)
#   VAULT_NAMESPACE, VAULT_CACERT
# The secret has the members key, certificate, chain, fullchain, serial and not_after.
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/vault.sh STATE/hooks/deploy/vault.sh
#   certo hooks test NAME
set -eu
umask 077

missing() {
  printf 'vault: %s is not set\n' "$1" >&2
  exit 78
}

[ -n "${VAULT_ADDR-}" ] || missing VAULT_ADDR
token=${VAULT_TOKEN-}
if [ -z "$token" ] && [ -n "${VAULT_TOKEN_FILE-}" ]; then token=$(cat "$VAULT_TOKEN_FILE"); fi
[ -n "$token" ] || missing VAULT_TOKEN
if [ "${CERTO_HOOK-}" = check ]; then exit 0; fi

# json FILE: its lines as one JSON string. PEM needs no escapes.
json() {
  awk 'BEGIN { printf "\"" } { printf "%s\\n", $0 } END { printf "\"" }' "$1"
}

# For curl's configuration, which keeps the token out of the list of processes.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf '{"data":{"key":%s,' "$(json "$CERTO_KEY_PATH")"
  printf '"certificate":%s,' "$(json "$CERTO_CERT_PATH")"
  printf '"chain":%s,' "$(json "$CERTO_CHAIN_PATH")"
  printf '"fullchain":%s,' "$(json "$CERTO_FULLCHAIN_PATH")"
  printf '"serial":"%s","not_after":"%s"}}' "$CERTO_SERIAL" "$CERTO_NOT_AFTER"
} >"$body"

{
  printf 'header = %s\n' "$(quoted "X-Vault-Token: $token")"
  if [ -n "${VAULT_NAMESPACE-}" ]; then printf 'header = %s\n' "$(quoted "X-Vault-Namespace: $VAULT_NAMESPACE")"; fi
  if [ -n "${VAULT_CACERT-}" ]; then printf 'cacert = %s\n' "$(quoted "$VAULT_CACERT")"; fi
} | curl -sS --fail -m 60 -K - -o /dev/null -H 'Content-Type: application/json' --data-binary "@$body" \
  "${VAULT_ADDR%/}/v1/${VAULT_MOUNT:-secret}/data/${VAULT_PATH:-certo/$CERTO_NAME}"
