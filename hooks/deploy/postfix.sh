#!/bin/sh
# Lets Postfix check its configuration and read its certificates again.
#
# Postfix may use the files in the store themselves:
#   smtpd_tls_chain_files = STATE/certs/NAME/live/key.pem, STATE/certs/NAME/live/fullchain.pem
# Settings, KEY=value in STATE/credentials/hook-postfix (mode 0600); may be left out:
#   POSTFIX   the program, where it is not on PATH
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/postfix.sh STATE/hooks/deploy/postfix.sh
#   certo hooks test NAME
set -eu

postfix=${POSTFIX:-postfix}
# Without a terminal Postfix tells most of what is wrong to its log alone, and ends without a word here.
failed() {
  echo "'postfix $1' failed: the mail log tells why" >&2
  exit 1
}
if ! said=$("$postfix" check 2>&1); then
  printf '%s\n' "$said" >&2
  case $said in *fatal:*) exit 1 ;; esac
  failed check
fi
"$postfix" reload || failed reload
