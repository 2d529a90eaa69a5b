#!/bin/sh
# Makes Postfix check its configuration and read its certificates again.
#
# Postfix may use the files in the store themselves:
#   smtpd_tls_chain_files = STATE/certs/NAME/live/key.pem, STATE/certs/NAME/live/fullchain.pem
# Settings, KEY=value in STATE/credentials/hook-postfix (mode 0600); optional:
#   POSTFIX   the program, if it is not on PATH
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/postfix.sh STATE/hooks/deploy/postfix.sh
#   certo hooks test NAME
set -eu

# By systemd, if it started the server: what the hook itself starts belongs to certo.service, and ends with it.
reload_by_systemd() {
  for unit in "$@"; do
    if systemctl is-active --quiet "$unit" 2>/dev/null; then
      systemctl reload "$unit"
      exit
    fi
  done
}

postfix=${POSTFIX:-postfix}
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$postfix" >/dev/null && exit 0
  printf 'postfix: there is no program %s: set POSTFIX\n' "$postfix" >&2
  exit 78
fi
# Without a terminal, Postfix writes most errors to its log only, and prints nothing here.
failed() {
  echo "'postfix $1' failed: see the mail log" >&2
  exit 1
}
if ! said=$("$postfix" check 2>&1); then
  printf '%s\n' "$said" >&2
  case $said in *fatal:*) exit 1 ;; esac
  failed check
fi
[ -n "${POSTFIX-}" ] || reload_by_systemd postfix
"$postfix" reload || failed reload
