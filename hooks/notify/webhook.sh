#!/bin/sh
# Posts the summary as JSON: {"event":"failure|change|ok","subject":"…","host":"…","text":"…"}
#
# Settings, KEY=value in STATE/credentials/hook-webhook (mode 0600):
#   WEBHOOK_URL             needed
#   WEBHOOK_AUTHORIZATION   the value of a header Authorization, for example: Bearer TOKEN
# To install it:
#   ln -s /usr/local/share/certo/hooks/notify/webhook.sh STATE/hooks/notify/webhook.sh
#   certo renew --all --notify always
set -eu
umask 077

if [ -z "${WEBHOOK_URL-}" ]; then
  printf 'webhook: WEBHOOK_URL is not set\n' >&2
  exit 78
fi

# Its stdin as one JSON string.
json() {
  tr -d '\000-\010\013-\037' | sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g' |
    awk 'BEGIN { printf "\"" } { printf "%s%s", (NR > 1 ? "\\n" : ""), $0 } END { printf "\"" }'
}

# For curl's configuration, which keeps secrets out of the list of processes.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf '{"event":"%s","subject":%s,' "$CERTO_EVENT" "$(printf '%s' "$CERTO_SUBJECT" | json)"
  printf '"host":%s,"text":%s}\n' "$(uname -n | json)" "$(json)"
} >"$body"
{
  printf 'url = %s\nheader = "Content-Type: application/json"\n' "$(quoted "$WEBHOOK_URL")"
  if [ -n "${WEBHOOK_AUTHORIZATION-}" ]; then
    printf 'header = %s\n' "$(quoted "Authorization: $WEBHOOK_AUTHORIZATION")"
  fi
} | curl -sS --fail -m 50 -K - -o /dev/null --data-binary "@$body"
