#!/bin/sh
# Posts to a channel of Slack by an incoming webhook; this also works with Mattermost and Rocket.Chat.
#
# Settings, KEY=value in STATE/credentials/hook-slack (mode 0600):
#   SLACK_WEBHOOK_URL   needed: the address that Slack gave
# To install it:
#   ln -s /usr/local/share/certo/hooks/notify/slack.sh STATE/hooks/notify/slack.sh
#   certo renew --all --notify always
set -eu
umask 077

if [ -z "${SLACK_WEBHOOK_URL-}" ]; then
  printf 'slack: SLACK_WEBHOOK_URL is not set\n' >&2
  exit 78
fi

# Its stdin as one JSON string; &, < and > are Slack's own signs.
json() {
  tr -d '\000-\010\013-\037' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g' |
    awk 'BEGIN { printf "\"" } { printf "%s%s", (NR > 1 ? "\\n" : ""), $0 } END { printf "\"" }'
}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf '{"text":%s}\n' "$({ printf '*%s* (%s)\n' "$CERTO_SUBJECT" "$(uname -n)" && cat; } | json)"
} >"$body"
# The address is the secret: on stdin it is not in the list of processes.
printf 'url = "%s"\nheader = "Content-Type: application/json"\n' \
  "$(printf '%s' "$SLACK_WEBHOOK_URL" | sed 's/[\\"]/\\&/g')" |
  curl -sS --fail -m 50 -K - -o /dev/null --data-binary "@$body"
