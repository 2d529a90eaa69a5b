#!/bin/sh
# Sends a mail: by the sendmail of this machine, or directly to a mail server with curl.
#
# Settings, KEY=value in STATE/credentials/hook-mail (mode 0600):
#   MAIL_TO     needed: one address, or several with blanks between them
#   MAIL_FROM   the sender (default: certo@ this host)
#   SENDMAIL    the program (default: sendmail, /usr/sbin/sendmail), if SMTP_URL is not set
#   SMTP_URL    a mail server instead: smtp://mail.example:587 or smtps://mail.example
#   SMTP_USER, SMTP_PASSWORD   for the login there; with them, smtp:// is encrypted by STARTTLS
# To install it:
#   ln -s /usr/local/share/certo/hooks/notify/mail.sh STATE/hooks/notify/mail.sh
#   certo renew --all --notify always
set -eu
umask 077

if [ -z "${MAIL_TO-}" ]; then
  printf 'mail: MAIL_TO is not set\n' >&2
  exit 78
fi
host=$(uname -n)
from=${MAIL_FROM:-certo@$host}

message=$(mktemp)
trap 'rm -f "$message"' EXIT
{
  printf 'From: %s\n' "$from"
  printf 'To: %s\n' "$(printf '%s' "$MAIL_TO" | sed 's/  */, /g')"
  printf 'Subject: %s (%s)\n' "$CERTO_SUBJECT" "$host"
  printf 'Date: %s\n' "$(LC_ALL=C date '+%a, %d %b %Y %H:%M:%S %z')"
  printf 'Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n'
  cat
} >"$message"

# For curl's configuration, which keeps the password out of the list of processes.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

if [ -n "${SMTP_URL-}" ]; then
  {
    printf 'url = %s\n' "$(quoted "$SMTP_URL")"
    printf 'mail-from = %s\n' "$(quoted "$from")"
    for address in $MAIL_TO; do printf 'mail-rcpt = %s\n' "$(quoted "$address")"; done
    if [ -n "${SMTP_USER-}" ]; then
      printf 'user = %s\nssl-reqd\n' "$(quoted "$SMTP_USER:${SMTP_PASSWORD-}")"
    fi
  } | curl -sS -m 50 -K - --crlf -T "$message"
  exit
fi

sendmail=${SENDMAIL:-$(command -v sendmail || printf /usr/sbin/sendmail)}
# shellcheck disable=SC2086 # a list of addresses
"$sendmail" -i -f "$from" -- $MAIL_TO <"$message"
