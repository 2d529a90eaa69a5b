#!/usr/bin/env bash
# `make demo`: certificates from a real ACME server (pebble) on this machine, by every way that needs no
# account elsewhere. What it starts it stops; the state tree stays in build/demo to be looked at.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
build=${BUILD:-build}
demo=$build/demo
servers=$demo/servers

scripts/packages.sh curl
scripts/testbed.sh fetch
rm -rf "$demo"
mkdir -p "$demo"
trap 'scripts/testbed.sh stop "$servers"' EXIT
scripts/testbed.sh start "$servers" pebble challtestsrv nginx
# shellcheck disable=SC1091
. "$servers/env"
export CHALLTESTSRV

# Every option that a command takes from its argv can stand in the environment as well.
PATH=$root/$build:$PATH
export PATH CERTO_HOME=$demo/state CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

say() { printf '\n# %s\n' "$*"; }

# Shows a command as a person would type it, and runs it.
run() {
  printf '$ %s\n' "$1"
  bash -c "set -eu -o pipefail; $1"
}

point() { # NAME ADDRESS: what the CA is told when it looks NAME up
  curl -sS --fail --noproxy '*' -d "{\"host\":\"$1\",\"addresses\":[\"$2\"]}" "$CHALLTESTSRV/add-a"
}

printf 'pebble is the CA (%s); nothing leaves this machine\n' "$CERTO_SERVER"

say 'the account, once'
run 'certo account new --agree-tos --email admin@example.com > /dev/null'

say 'small commands, joined by pipes: the order document is all that crosses'
run "certo keygen -o $demo/www.key && certo csr --key $demo/www.key -d www.example.com |
  certo order | certo solve --standalone --listen 127.0.0.1:$PEBBLE_HTTP_PORT | certo fetch -o $demo/www.pem"
run "ls -l $demo/www.key $demo/www.pem"

say 'the same with one command, its own web server, and kept for renewal'
run "certo issue -d shop.example.com -d shop.example.net --standalone --listen 127.0.0.1:$PEBBLE_HTTP_PORT"

say 'through a web server that is there already (nginx)'
point blog.example.com 127.0.0.2
run "certo issue -d blog.example.com --webroot $WEBROOT"

say 'a wildcard and its base, by DNS records that a small program of your own sets'
printf '%s\n' "# (the DNS server of this demo has no zones, hence a warning: certo would ask all of a zone's own servers)"
run "certo issue -d example.com -d '*.example.com' -k rsa-2048 --dns exec:$root/tests/e2e/dns-challtestsrv --resolver $DNS_ADDR"

say 'what is there'
run 'certo list'

say 'nothing is due: the first pass asks the CA when it wants each back, and later ones need no network'
run 'certo renew --all'

say 'unless you insist'
run 'certo renew --force example.com'

say 'what the CA signed'
run "certo inspect $demo/state/certs/example.com/live/fullchain.pem"

say "the state is a plain tree: $demo/state"
run "cd $demo/state && find certs/example.com -mindepth 1 | sort"
