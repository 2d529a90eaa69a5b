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
"$postfix" check
"$postfix" reload
