#!/bin/sh
# Sends a message by a Telegram bot.
#
# Settings, KEY=value in STATE/credentials/hook-telegram (mode 0600):
#   TELEGRAM_TOKEN     needed: the bot's token
#   TELEGRAM_CHAT_ID   needed: the chat that gets the message
#   TELEGRAM_URL       the server of the bot API (default: https://api.telegram.org)
# To install it:
#   ln -s /usr/local/share/certo/hooks/notify/telegram.sh STATE/hooks/notify/telegram.sh
#   certo renew --all --notify always
set -eu
umask 077

missing() {
  printf 'telegram: %s is not set\n' "$1" >&2
  exit 78
}
[ -n "${TELEGRAM_TOKEN-}" ] || missing TELEGRAM_TOKEN
[ -n "${TELEGRAM_CHAT_ID-}" ] || missing TELEGRAM_CHAT_ID

text=$(mktemp)
trap 'rm -f "$text"' EXIT
# A message may have 4096 characters.
{ printf '%s (%s)\n\n' "$CERTO_SUBJECT" "$(uname -n)" && cat; } | head -c 4000 >"$text"
# The address holds the token: on stdin it is not in the list of processes.
printf 'url = "%s/bot%s/sendMessage"\n' "${TELEGRAM_URL:-https://api.telegram.org}" "$TELEGRAM_TOKEN" |
  curl -sS --fail -m 50 -K - -o /dev/null --data-urlencode "chat_id=$TELEGRAM_CHAT_ID" --data-urlencode "text@$text"
