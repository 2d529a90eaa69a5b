#!/usr/bin/env bash
# `make demo`: certificates from a real ACME server (pebble) on this machine, by every method that needs no
# account elsewhere. It stops the servers that it starts; the state tree stays in build/demo for you to
# inspect.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
build=${BUILD:-build}
demo=$build/demo
servers=$demo/servers

rm -rf "$demo"
mkdir -p "$demo"
trap 'scripts/testbed.sh stop "$servers"' EXIT
scripts/testbed.sh start "$servers" pebble challtestsrv nginx
# shellcheck disable=SC1091
. "$servers/env"
export CHALLTESTSRV DNS_ADDR

# Every option of the command line can be set in the environment as well.
PATH=$root/$build:$PATH
export PATH CERTO_HOME=$demo/state CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

say() { printf '\n# %s\n' "$*"; }

# Shows a command as a person would type it, and runs it.
run() {
  printf '$ %s\n' "$1"
  bash -c "set -eu -o pipefail; $1"
}

point() { # NAME ADDRESS: the answer that the CA gets when it looks NAME up
  local body="{\"host\":\"$1\",\"addresses\":[\"$2\"]}" address=${CHALLTESTSRV#http://} status
  exec 3<> "/dev/tcp/${address%:*}/${address#*:}"
  printf 'POST /add-a HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' ${#body} "$body" >&3
  read -r status <&3
  exec 3>&-
  [[ $status = *' 200 '* ]]
}

printf 'pebble is the CA (%s); nothing leaves this machine\n' "$CERTO_SERVER"

say 'the account, once'
run 'certo account new --agree-tos --email admin@example.com > /dev/null'

say 'small commands, joined by pipes: only the order document passes through them'
run "certo keygen -o $demo/www.key && certo csr --key $demo/www.key -d www.example.com |
  certo order | certo solve --standalone --listen 127.0.0.1:$PEBBLE_HTTP_PORT | certo fetch -o $demo/www.pem"
run "ls -l $demo/www.key $demo/www.pem"

say 'the same with one command: its own web server answers the CA, and the certificate is kept for renewal'
run "certo issue -d shop.example.com -d shop.example.net --standalone --listen 127.0.0.1:$PEBBLE_HTTP_PORT"

say 'through a web server that runs already (nginx)'
point blog.example.com 127.0.0.2
run "certo issue -d blog.example.com --webroot $WEBROOT"

say 'a wildcard and its base, by DNS records that a small program of your own sets'
printf '%s\n' "# (this demo's DNS server has no zones, hence a warning: normally certo asks all of the zone's own servers)"
run "certo issue -d example.com -d '*.example.com' -k rsa-2048 --dns exec:$root/tests/e2e/dns-challtestsrv --dns-env CHALLTESTSRV --dns-env DNS_ADDR --resolver $DNS_ADDR"

say 'the certificates in the store'
run 'certo list'

say 'nothing is due: the first run asks the CA when to renew each certificate, and later runs need no network'
run 'certo renew --all'

say 'unless you insist'
run 'certo renew --force example.com'

say 'the certificate that the CA signed'
run "certo inspect $demo/state/certs/example.com/live/fullchain.pem"

say "the state is a plain tree: $demo/state"
run "cd $demo/state && find certs/example.com -mindepth 1 | sort"

cat << END

That was certo. What you can try next:
  $build/certo list --home $demo/state      the certificates of this demo
  sudo make install                        then \`certo\` is on your PATH
  certo issue --staging --agree-tos -d NAME --webroot DIR    a test certificate from Let's Encrypt
  certo help                               all commands; \`certo help issue\` for one of them
  make test                                all tests, against servers on this machine
END
