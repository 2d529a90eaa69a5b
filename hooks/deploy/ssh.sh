#!/bin/sh
# Copies the certificate to another host by ssh, and reloads the server there.
#
# Settings, KEY=value in STATE/credentials/hook-ssh (mode 0600):
#   SSH_HOST             needed: [USER@]HOST; its host key must be known
#   SSH_PORT, SSH_IDENTITY   port, and file with the private key to log in with
#   SSH_KEY_FILE, SSH_CERT_FILE, SSH_CHAIN_FILE, SSH_FULLCHAIN_FILE
#                        absolute paths there; a file without a path is not copied
#   SSH_RELOAD           a shell command to run there, for example: systemctl reload nginx
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/ssh.sh STATE/hooks/deploy/ssh.sh
#   certo hooks test NAME
set -eu

if [ -z "${SSH_HOST-}" ]; then
  printf 'ssh: SSH_HOST is not set\n' >&2
  exit 78
fi
if [ -n "${SSH_IDENTITY-}" ] && [ ! -r "$SSH_IDENTITY" ]; then
  printf 'ssh: SSH_IDENTITY: %s cannot be read\n' "$SSH_IDENTITY" >&2
  exit 78
fi
if [ -z "${SSH_KEY_FILE-}${SSH_CERT_FILE-}${SSH_CHAIN_FILE-}${SSH_FULLCHAIN_FILE-}${SSH_RELOAD-}" ]; then
  printf 'ssh: it has nothing to do: set SSH_FULLCHAIN_FILE and SSH_KEY_FILE, or SSH_RELOAD\n' >&2
  exit 78
fi
if [ "${CERTO_HOOK-}" = check ]; then exit 0; fi
set -- -o BatchMode=yes -o ConnectTimeout=20
if [ -n "${SSH_PORT-}" ]; then set -- "$@" -p "$SSH_PORT"; fi
if [ -n "${SSH_IDENTITY-}" ]; then set -- "$@" -i "$SSH_IDENTITY"; fi
set -- "$@" -- "$SSH_HOST"

# quoted WORD: as one word for the shell on the other host.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# Copies everything before it replaces the first file.
replace=:
while read -r file variable mode; do
  eval "target=\${$variable-}"
  # shellcheck disable=SC2154 # set by eval
  [ -n "$target" ] || continue
  new=$(quoted "$target.new")
  # shellcheck disable=SC2029 # quoted for the shell there
  ssh "$@" "umask 077 && cat > $new && chmod $mode $new" <"$file"
  replace="$replace && mv -f $new $(quoted "$target")"
done <<END
$CERTO_KEY_PATH SSH_KEY_FILE 600
$CERTO_CERT_PATH SSH_CERT_FILE 644
$CERTO_CHAIN_PATH SSH_CHAIN_FILE 644
$CERTO_FULLCHAIN_PATH SSH_FULLCHAIN_FILE 644
END
if [ -n "${SSH_RELOAD-}" ]; then replace="$replace && { $SSH_RELOAD
}"; fi
# shellcheck disable=SC2029
[ "$replace" = : ] || ssh "$@" "$replace" </dev/null
