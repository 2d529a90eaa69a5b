#!/bin/sh
# Gives HAProxy the new key and chain; if a socket is named, through its runtime API and without a reload.
#
# Settings, KEY=value in STATE/credentials/hook-haproxy (mode 0600); all are optional:
#   HAPROXY_PEM      the file with key and chain, as the configuration names it
#                    (default: /etc/haproxy/certs/NAME.pem, where NAME is the certificate's)
#   HAPROXY_SOCKET   the admin socket: a path, or HOST:PORT; needs socat or nc. The certificate must be in use.
#   HAPROXY_RELOAD   a shell command, used if no socket is named (default: systemctl reload haproxy)
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/haproxy.sh STATE/hooks/deploy/haproxy.sh
#   certo hooks test NAME
set -eu
umask 077

pem=${HAPROXY_PEM:-/etc/haproxy/certs/$CERTO_NAME.pem}

fail() {
  printf 'haproxy: %s\n' "$1" >&2
  exit 1
}

if [ ! -d "${pem%/*}" ]; then
  printf 'haproxy: there is no folder %s: make it, or set HAPROXY_PEM\n' "${pem%/*}" >&2
  exit 78
fi
if [ "${CERTO_HOOK-}" = check ]; then exit 0; fi

# Sends its stdin to the admin socket, and prints the answer.
ask() {
  case $HAPROXY_SOCKET in
    /*) if command -v socat >/dev/null 2>&1; then
      socat -t 10 - "UNIX-CONNECT:$HAPROXY_SOCKET"
    else
      nc -w 10 -U "$HAPROXY_SOCKET"
    fi ;;
    *:*) if command -v socat >/dev/null 2>&1; then
      socat -t 10 - "TCP:$HAPROXY_SOCKET"
    else
      nc -w 10 "${HAPROXY_SOCKET%:*}" "${HAPROXY_SOCKET##*:}"
    fi ;;
    *) fail "HAPROXY_SOCKET is neither a path nor HOST:PORT: $HAPROXY_SOCKET" ;;
  esac
}

# The runtime API first: if it refuses the certificate, the next start must not find it on the disk.
if [ -n "${HAPROXY_SOCKET-}" ]; then
  # An empty line ends the certificate.
  answer=$({
    printf 'set ssl cert %s <<\n' "$pem"
    cat "$CERTO_KEY_PATH" "$CERTO_FULLCHAIN_PATH" | grep -v '^[[:space:]]*$'
    printf '\n'
  } | ask)
  case $answer in
    *'ransaction created'* | *'ransaction updated'*) ;;
    *) fail "set ssl cert: $(printf '%s' "$answer" | tr '\n' ' ')" ;;
  esac
  answer=$(printf 'commit ssl cert %s\n' "$pem" | ask)
  case $answer in
    *Success*) ;;
    *)
      printf 'abort ssl cert %s\n' "$pem" | ask >/dev/null
      fail "commit ssl cert: $(printf '%s' "$answer" | tr '\n' ' ')"
      ;;
  esac
fi

trap 'rm -f "$pem.new.$$"' EXIT
cat "$CERTO_KEY_PATH" "$CERTO_FULLCHAIN_PATH" >"$pem.new.$$"
mv -f "$pem.new.$$" "$pem"

if [ -n "${HAPROXY_SOCKET-}" ]; then
  exit
elif [ -n "${HAPROXY_RELOAD-}" ]; then
  sh -c "$HAPROXY_RELOAD"
elif systemctl is-active --quiet haproxy 2>/dev/null; then
  systemctl reload haproxy
else
  fail "systemd does not run haproxy; start it, or set HAPROXY_RELOAD"
fi
