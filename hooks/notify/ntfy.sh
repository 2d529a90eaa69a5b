#!/bin/sh
# Publishes the summary to a topic of ntfy; a failure has high priority.
#
# Settings, KEY=value in STATE/credentials/hook-ntfy (mode 0600):
#   NTFY_URL     needed: https://ntfy.sh/TOPIC
#   NTFY_TOKEN   an access token, if the topic requires one
# To install it:
#   ln -s /usr/local/share/certo/hooks/notify/ntfy.sh STATE/hooks/notify/ntfy.sh
#   certo renew --all --notify always
set -eu
umask 077

if [ -z "${NTFY_URL-}" ]; then
  printf 'ntfy: NTFY_URL is not set\n' >&2
  exit 78
fi
priority=default
if [ "$CERTO_EVENT" = failure ]; then priority=high; fi

# For curl's configuration, which keeps secrets out of the list of processes.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

text=$(mktemp)
trap 'rm -f "$text"' EXIT
cat >"$text"
{
  printf 'url = %s\n' "$(quoted "$NTFY_URL")"
  printf 'header = %s\n' "$(quoted "Title: $CERTO_SUBJECT ($(uname -n))")"
  printf 'header = "Priority: %s"\n' "$priority"
  if [ -n "${NTFY_TOKEN-}" ]; then printf 'header = %s\n' "$(quoted "Authorization: Bearer $NTFY_TOKEN")"; fi
} | curl -sS --fail -m 50 -K - -o /dev/null --data-binary "@$text"
