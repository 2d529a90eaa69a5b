#!/bin/sh
# Proves a name whose web server is on other machines (http-01): puts the token into their webroots by sftp. The
# machines need an account for sftp only, whose key ssh finds without asking.
#
# Copy this file, set the two lines, and make the copy yours alone to change:
hosts='web1.example.com web2.example.com'
webroot=/var/www/html
# To use it:
#   certo issue -d example.com --challenge-hook /etc/certo/sftp.sh --challenge-type http-01
set -eu

# For the machines' own commands instead of sftp, replace `send`:
#   rsync: rsync --chmod=F644 --mkpath "$file" "$1:$webroot/.well-known/acme-challenge/$4"
send() { # HOST, with the batch on stdin
  sftp -q -o BatchMode=yes -b - "$1" >/dev/null
}

[ "$2" = http-01 ] || { printf 'sftp: it puts files for http-01 only\n' >&2 && exit 1; }
folder=$webroot/.well-known/acme-challenge
if [ "$1" = begin ]; then
  file=$(mktemp)
  trap 'rm -f "$file"' EXIT
  printf %s "$5" >"$file"
  chmod 644 "$file"
  for host in $hosts; do
    # "-" continues after a failure: the folders may exist.
    printf -- '-mkdir %s\n-mkdir %s\nput -p %s %s/%s\n' "$webroot/.well-known" "$folder" "$file" "$folder" "$4" | send "$host"
  done
else
  for host in $hosts; do
    printf -- '-rm %s/%s\n' "$folder" "$4" | send "$host"
  done
fi
