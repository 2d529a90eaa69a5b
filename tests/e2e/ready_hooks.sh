#!/usr/bin/env bash
# The ready-made hooks: each is run with a stand-in for its tool on PATH, which writes down how it was called, and the
# adapters with tiny hooks for the other clients.
# shellcheck disable=SC2016 # the stand-ins' own dollars
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
NAME=ready.example.com
live=$CERTO_HOME/certs/$NAME/live
called=$TMP/called
mkdir -p "$TMP/bin"
export PATH=$TMP/bin:$PATH

# tool NAME [BODY]: logs its arguments, one call a line, then does BODY.
tool() {
  printf '#!/bin/sh\nprintf "%%s" "${0##*/}" >>"%s"\nprintf " %%s" "$@" >>"%s"\necho >>"%s"\n%s\n' \
    "$called" "$called" "$called" "${2-}" >"$TMP/bin/$1"
  chmod 755 "$TMP/bin/$1"
}
# systemd UNIT...: from now on only these are active; without a log of the question.
systemd() {
  tool systemctl
  printf '#!/bin/sh\nif [ "$1 $2" = "is-active --quiet" ]; then case " %s " in *" $3 "*) exit 0 ;; esac; exit 3; fi\n' "$*" |
    cat - "$TMP/bin/systemctl" >"$TMP/bin/systemctl.new"
  mv "$TMP/bin/systemctl.new" "$TMP/bin/systemctl"
  chmod 755 "$TMP/bin/systemctl"
}
# called_as LINE...: exactly these calls since the last check.
called_as() {
  local got
  got=$(cat "$called")
  : >"$called"
  is "$got" "$(printf '%s\n' "$@")"
}
# ready KIND/NAME [SETTING...]: the only hook of its kind, with these settings.
ready() {
  local name=${1##*/} folder=$CERTO_HOME/hooks/${1%/*}
  [ "${1%/*}" != adapters ] || folder=$CERTO_HOME/hooks/deploy
  rm -rf "$folder"
  mkdir -p "$folder" "$CERTO_HOME/credentials"
  install -m 755 "$SOURCE/hooks/$1.sh" "$folder/$name.sh"
  shift
  (umask 077 && printf '%s\n' "$@" >"$CERTO_HOME/credentials/hook-$name")
}
deploy() { "$CERTO" hooks test "$NAME" --only deploy; }
tell() { "$CERTO" cron --notify always; }
mode_of() { stat -c %a "$1"; }
pair() { cat "$live/key.pem" "$live/fullchain.pem"; }
# sent PYTHON: an expression over the last request that the sink got.
sent() { sent_before 0 "$1"; }
# sent_before N PYTHON: the same over the request that came N requests before the last one.
sent_before() {
  python3 - "$TMP/sink/requests.jsonl" "$1" "$2" <<'PYTHON'
import json, sys
request = json.loads(open(sys.argv[1]).read().splitlines()[-1 - int(sys.argv[2])])
assert eval(f"({sys.argv[3]})", {"json": json, "open": open, **request}), json.dumps(request, indent=1)
PYTHON
}

check "a certificate" "$CERTO" issue --agree-tos -d "$NAME" --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
: >"$called"

# ---- servers on this machine ----

systemd
tool nginx
ready deploy/nginx
check "nginx" deploy
check "... is checked, then reloaded" called_as 'nginx -t -q' 'nginx -s reload'
tool nginx 'echo "[emerg] unexpected }" >&2; exit 1'
expect_exit 4 "nginx with a bad configuration" deploy
check_said "... is not reloaded" "nginx.sh: [emerg] unexpected }"
check "... as it was meant" called_as 'nginx -t -q'
tool nginx
ready deploy/nginx "NGINX_RELOAD=echo mine >>'$called'"
check "nginx with a reload command" deploy
check "... uses it" called_as 'nginx -t -q' mine
tool nginx 'case $1 in -s) echo "invalid PID number" >&2; exit 1 ;; esac'
ready deploy/nginx
expect_exit 4 "an nginx that does not run" deploy
check_said "... is reported" "nginx: it cannot be reloaded; if it does not run, start it"
: >"$called"

tool apache2ctl 'case $3 in DUMP_RUN_CFG) echo "PidFile: \"'"$TMP"'/apache.pid\"" ;; esac'
ready deploy/apache
echo $$ >"$TMP/apache.pid"
check "apache" deploy
check "... is checked, then reloaded" called_as 'apache2ctl configtest' 'apache2ctl -t -D DUMP_RUN_CFG' 'apache2ctl graceful'
# A process that has ended.
sh -c 'echo $$' >"$TMP/apache.pid"
expect_exit 4 "an apache that does not run" deploy
check_said "... is reported" "apache: it does not run, so there is nothing to reload; start it"
check "... and not started" called_as 'apache2ctl configtest' 'apache2ctl -t -D DUMP_RUN_CFG'
rm "$TMP/apache.pid"
expect_exit 4 "... also without a pid file" deploy
: >"$called"
tool postfix
ready deploy/postfix
check "postfix" deploy
check "... is checked, then reloaded" called_as 'postfix check' 'postfix reload'
tool doveconf
tool doveadm
ready deploy/dovecot
check "dovecot" deploy
check "... is checked, then reloaded" called_as 'doveconf -n' 'doveadm reload'

# What systemd started, systemd reloads: a process that the hook starts would end with certo.service.
tool nginx
systemd nginx apache2 postfix dovecot haproxy
for server in "nginx nginx -t -q" "apache2 apache2ctl configtest" "postfix postfix check" "dovecot doveconf -n"; do
  unit=${server%% *}
  ready "deploy/${unit%2}"
  check "$unit that systemd has started" deploy
  check "... is reloaded by systemd" called_as "${server#* }" "systemctl reload $unit"
done
ready deploy/haproxy "HAPROXY_PEM=$TMP/systemd.pem"
check "haproxy that systemd has started" deploy
check "... is reloaded by systemd" called_as "systemctl reload haproxy"
systemd
expect_exit 4 "a haproxy that does not run" deploy
check_said "... is reported" "systemd does not run haproxy; start it, or set HAPROXY_RELOAD"
check "... and nothing is called" is "$(cat "$called")" ""

# ---- HAProxy ----

pem=$TMP/haproxy.pem
ready deploy/haproxy "HAPROXY_PEM=$pem" "HAPROXY_RELOAD=echo reloaded >>'$called'"
check "haproxy without a socket" deploy
check "... is reloaded" called_as reloaded
check "... with key and chain in one file" is "$(cat "$pem")" "$(pair)"
check "... that nobody else can read" is "$(mode_of "$pem")" 600

fake_run "$TMP/haproxy" haproxy_socket.py --known "$pem" || exit 1
cat >"$TMP/bin/socat" <<'PYTHON'
#!/usr/bin/env python3
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[-1].split(":", 1)[1])
server.sendall(sys.stdin.buffer.read())
while data := server.recv(65536):
    sys.stdout.buffer.write(data)
PYTHON
chmod 755 "$TMP/bin/socat"
rm "$pem"
ready deploy/haproxy "HAPROXY_PEM=$pem" "HAPROXY_SOCKET=$HAPROXY_FAKE_SOCKET"
check "haproxy by its runtime API" deploy
check "... has the pair" is "$(cat "$TMP/haproxy/in-use")" "$(pair)"
check "... on the disk, too" is "$(cat "$pem")" "$(pair)"
check "... and is not reloaded" is "$(cat "$called")" ""
touch "$TMP/haproxy/refuse"
rm "$pem"
expect_exit 4 "what HAProxy refuses" deploy
check_said "... is reported in its words" "commit ssl cert: inconsistencies between private key and certificate"
check "... and the file is not written" test ! -e "$pem"
ready deploy/haproxy "HAPROXY_PEM=$TMP/other.pem" "HAPROXY_SOCKET=$HAPROXY_FAKE_SOCKET"
expect_exit 4 "a file that HAProxy does not use" deploy
check_said "... is told" "not referenced by the configuration"
fake_stop "$TMP/haproxy"

# Chosen by certo deploy: only if its settings are usable.
ready deploy/haproxy "HAPROXY_PEM=$TMP/missing/a.pem" "HAPROXY_RELOAD=echo reloaded >>'$called'"
rm -r "$CERTO_HOME/hooks/deploy"
expect_exit 78 "deploy by a hook whose folder is missing" "$CERTO" deploy -d "$NAME" --hook haproxy
check_said "... says so, and where its settings are" "there is no folder $TMP/missing" "$CERTO_HOME/credentials/hook-haproxy"
check "... and stores nothing" test ! -e "$CERTO_HOME/certs/$NAME/hooks.json"
mkdir "$TMP/missing"
check "once it exists" "$CERTO" deploy -d "$NAME" --hook haproxy
check "... the hook runs" is "$(cat "$TMP/missing/a.pem")" "$(pair)"
check "... once" called_as reloaded
check "hooks remove takes the hook's name" "$CERTO" hooks remove "$NAME" haproxy
check "... and the certificate has none" is "$("$CERTO" hooks list "$NAME" 2>/dev/null | wc -l)" 0

# The real one; socat above speaks to its socket, too.
mkdir -p "$TMP/real"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$TMP/real/key" -out "$TMP/real/cert" \
  -subj /CN=old -days 2 2>/dev/null
cat "$TMP/real/key" "$TMP/real/cert" >"$TMP/real/a.pem"
cat >"$TMP/real/cfg" <<CONFIG
global
  stats socket $TMP/real/sock level admin
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend web
  bind unix@$TMP/real/web ssl crt $TMP/real/a.pem
CONFIG
LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES "$TLS_SERVERS/usr/sbin/haproxy" -db -f "$TMP/real/cfg" >"$TMP/real/log" 2>&1 &
haproxy=$!
wait_until test -S "$TMP/real/sock"
ready deploy/haproxy "HAPROXY_PEM=$TMP/real/a.pem" "HAPROXY_SOCKET=$TMP/real/sock"
check "the real HAProxy" deploy
serial=$(openssl x509 -in "$live/cert.pem" -noout -serial | sed 's/.*=//')
check "... has the new certificate without a reload" sh -c \
  'echo "show ssl cert $0" | socat - "UNIX-CONNECT:$1" | grep -qi "^Serial: 0*$2\$"' "$TMP/real/a.pem" "$TMP/real/sock" "$serial"
ready deploy/haproxy "HAPROXY_PEM=$TMP/real/b.pem" "HAPROXY_SOCKET=$TMP/real/sock"
expect_exit 4 "... and refuses a file that it does not use" deploy
check_said "... in its words" "not referenced by the configuration"
kill "$haproxy"
wait "$haproxy" 2>/dev/null

# ---- elsewhere ----

tool docker 'case $1 in ps) echo c1; echo c2 ;; cp) cp -L "$3" "$(dirname "$0")/../${4#*:}" ;; esac'
ready deploy/docker DOCKER_KEY_FILE=/in-docker.key DOCKER_FULLCHAIN_FILE=/in-docker.pem DOCKER_SIGNAL=HUP
check "docker" deploy
check "... copies into each container and signals it" called_as "docker ps -q --filter label=certo.name=$NAME" \
  "docker cp -L $live/key.pem c1:/in-docker.key" "docker cp -L $live/fullchain.pem c1:/in-docker.pem" \
  'docker kill --signal HUP c1' "docker cp -L $live/key.pem c2:/in-docker.key" \
  "docker cp -L $live/fullchain.pem c2:/in-docker.pem" 'docker kill --signal HUP c2'
check "... the pair" same_key "$TMP/in-docker.key" "$TMP/in-docker.pem"
ready deploy/docker DOCKER_LABEL=tls
check "docker without files" deploy
check "... restarts" called_as 'docker ps -q --filter label=tls' 'docker restart c1' 'docker restart c2'

mkdir -p "$TMP/it's remote"
tool ssh 'for last; do :; done; exec sh -c "$last"'
ready deploy/ssh SSH_HOST=deploy@far.example SSH_PORT=2222 "SSH_KEY_FILE=$TMP/it's remote/key" \
  "SSH_FULLCHAIN_FILE=$TMP/it's remote/chain" "SSH_RELOAD=echo reloaded there >>'$called'"
check "ssh" deploy
check "... logs in without asking" grep -q '^ssh -o BatchMode=yes -o ConnectTimeout=20 -p 2222 -- deploy@far.example ' "$called"
check "... copies the pair" same_key "$TMP/it's remote/key" "$TMP/it's remote/chain"
check "... the key for nobody else" is "$(mode_of "$TMP/it's remote/key")" 600
check "... and reloads" grep -qx 'reloaded there' "$called"
ready deploy/ssh SSH_HOST=far.example SSH_KEY_FILE=/nowhere/key
expect_exit 4 "ssh to a missing folder" deploy
ready deploy/ssh
expect_exit 4 "ssh without a host" deploy
check_said "... says what is missing" "ssh: SSH_HOST is not set"
: >"$called"

tool kubectl 'case " $* " in *" apply "*) cat >"'"$TMP"'/applied" ;; *) echo "kind: Secret" ;; esac'
ready deploy/kubernetes-secret KUBE_NAMESPACE=web
check "kubernetes" deploy
check "... makes the secret and applies it" called_as \
  "kubectl --namespace=web create secret tls ready-example-com --cert=$live/fullchain.pem --key=$live/key.pem --dry-run=client -o yaml" \
  'kubectl --namespace=web apply -f -'
check "... as it was made" is "$(cat "$TMP/applied")" 'kind: Secret'

fake_run "$TMP/sink" sink.py || exit 1
ready deploy/vault "VAULT_ADDR=$SINK_HTTP/" 'VAULT_TOKEN=s."token'
check "vault" deploy
check "... gets the secret where it belongs" sent 'method == "POST" and path == "/v1/secret/data/certo/ready.example.com"'
check "... with the token" sent "headers['x-vault-token'] == 's.\"token'"
check "... all of it" sent "json.loads(body)['data']['key'] == open('$live/key.pem').read() and
  json.loads(body)['data']['fullchain'] == open('$live/fullchain.pem').read() and
  sorted(json.loads(body)['data']) == ['certificate', 'chain', 'fullchain', 'key', 'not_after', 'serial']"
ready deploy/vault "VAULT_ADDR=$SINK_HTTP" VAULT_TOKEN=t VAULT_PATH=refused
expect_exit 4 "a vault that refuses" deploy
check_said "... is told" "vault.sh: curl:" 403
rm -r "$CERTO_HOME/hooks/deploy"

# ---- notifications ----

: >"$called"
tool sendmail "cat >'$TMP/mail'"
ready notify/mail 'MAIL_TO=a@example.com  b@example.com' MAIL_FROM=certo@example.com
check "mail by sendmail" tell
check "... to both" called_as 'sendmail -i -f certo@example.com -- a@example.com b@example.com'
check "... with a subject" grep -q '^Subject: certo: 1 unchanged (' "$TMP/mail"
check "... and the summary" grep -qx '1 unchanged' "$TMP/mail"
ready notify/mail MAIL_TO=a@example.com "SMTP_URL=$SINK_SMTP"
check "mail by a mail server" tell
check "... is sent" sent 'method == "MAIL" and path == "a@example.com" and "Subject: certo: 1 unchanged" in body'
ready notify/webhook "WEBHOOK_URL=$SINK_HTTP/hook" 'WEBHOOK_AUTHORIZATION=Bearer a\b"c'
check "webhook" tell
check "... is JSON" sent 'json.loads(body)["event"] == "ok" and json.loads(body)["subject"] == "certo: 1 unchanged" and
  json.loads(body)["text"] == "1 unchanged" and headers["content-type"] == "application/json"'
check "... with its authorization" sent 'headers["authorization"] == "Bearer a\\b\"c"'
ready notify/slack "SLACK_WEBHOOK_URL=$SINK_HTTP/services/T0/B0/x"
check "slack" tell
check "... gets a text" sent 'path == "/services/T0/B0/x" and json.loads(body)["text"].startswith("*certo: 1 unchanged* (")'
ready notify/telegram "TELEGRAM_URL=$SINK_HTTP" TELEGRAM_TOKEN=1:t TELEGRAM_CHAT_ID=-42
check "telegram" tell
check "... gets a message" sent 'path == "/bot1:t/sendMessage" and body.startswith("chat_id=-42&text=certo%3A")'
ready notify/ntfy "NTFY_URL=$SINK_HTTP/topic" NTFY_TOKEN=tk
check "ntfy" tell
check "... gets title, priority and text" sent 'path == "/topic" and headers["title"].startswith("certo: 1 unchanged") and
  headers["priority"] == "default" and headers["authorization"] == "Bearer tk" and body == "1 unchanged\n"'
for name in mail webhook slack telegram ntfy; do
  ready notify/$name
  check "$name without settings" tell
  check_said "... is a warning that says what is missing" "is not set" "warning: notify hook"
done
rm -r "$CERTO_HOME/hooks/notify"

# ---- adapters: what other clients run ----

# foreign FILE BODY
foreign() {
  printf '#!/bin/sh\n%s\n' "$2" >"$TMP/$1"
  chmod 755 "$TMP/$1"
}
# by ADAPTER NAME: a certificate with apex and wildcard through the adapter, and no record left.
by() {
  local name=$2
  install -m 755 "$SOURCE/hooks/adapters/$1.sh" "$TMP/$1.sh"
  check "$1" "$CERTO" issue -d "$name" -d "*.$name" --dns "exec:$TMP/$1.sh" --resolver "$DNS_ADDR" \
    --dns-env CHALLTESTSRV --dns-env DNS_ADDR
  check "... leaves no record" is "$(dns_txt_count "_acme-challenge.$name")" 0
  check "... is renewed by cron" env -i HOME="$HOME" "$CERTO" renew --home "$CERTO_HOME" --force "$name"
}
: >"$called"
tool lego-hook "exec '$DNS_PROVIDER' \"\$1\" \"\${2%.}\" \"\$3\""
EXEC_PATH=$TMP/bin/lego-hook by lego-exec lego.example.com
check "... as lego calls it" is "$(sed 's/ [^ ]*$//' "$called" | sort -u | tr '\n' ',')" \
  'lego-hook cleanup _acme-challenge.lego.example.com.,lego-hook present _acme-challenge.lego.example.com.,'

foreign auth "'$DNS_PROVIDER' present _acme-challenge.\$CERTBOT_DOMAIN \$CERTBOT_VALIDATION >&2; echo id-\$CERTBOT_VALIDATION"
foreign cleanup "[ \"\$CERTBOT_AUTH_OUTPUT\" = id-\$CERTBOT_VALIDATION ] || exit 1
exec '$DNS_PROVIDER' cleanup _acme-challenge.\$CERTBOT_DOMAIN \$CERTBOT_VALIDATION"
CERTBOT_AUTH_HOOK=$TMP/auth CERTBOT_CLEANUP_HOOK=$TMP/cleanup by certbot-manual certbot.example.com
check "... and nothing of what it printed" is "$(find "$HOME/.certo-certbot" -type f)" ""

foreign dehydrated-hook "case \$1 in
  deploy_challenge) exec '$DNS_PROVIDER' present _acme-challenge.\$2 \$4 ;;
  clean_challenge) exec '$DNS_PROVIDER' cleanup _acme-challenge.\$2 \$4 ;;
esac"
DEHYDRATED_HOOK=$TMP/dehydrated-hook by dehydrated dehydrated.example.com

foreign uacme-hook "[ \"\$1 \$2 \$3 \$5\" = \"\$UACME_METHOD dns-01 \$UACME_IDENT \$UACME_AUTH\" ] || exit 1
case \$1 in
  begin) exec '$DNS_PROVIDER' present _acme-challenge.\$3 \$5 ;;
  done | failed) exec '$DNS_PROVIDER' cleanup _acme-challenge.\$3 \$5 ;;
esac"
UACME_HOOK=$TMP/uacme-hook by uacme uacme.example.com

mkdir "$TMP/bare"
for adapter in lego-exec certbot-manual dehydrated uacme; do
  cp "$TMP/$adapter.sh" "$TMP/bare/"
  expect_exit 78 "$adapter without a hook" "$CERTO" issue -d none.example.com --dns "exec:$TMP/bare/$adapter.sh" \
    --resolver "$DNS_ADDR"
  check_said "... says what is missing" "$adapter: " "is not set"
done

mkdir -p "$TMP/deploy"
cat >"$TMP/deploy/myservice.sh" <<SCRIPT
#!/usr/bin/env sh
myservice_deploy() {
  _cdomain="\$1" _ckey="\$2" _ccert="\$3" _cca="\$4" _cfullchain="\$5"
  _debug _cdomain "\$_cdomain"
  _getdeployconf MYSERVICE_FILE
  if [ -z "\$MYSERVICE_FILE" ]; then
    _err "MYSERVICE_FILE is needed"
    return 1
  fi
  _savedeployconf MYSERVICE_FILE "\$MYSERVICE_FILE"
  _H1="X-Key: \$(printf '%s' abc | _base64)"
  _H2='X-Quoted: a "b" \\ c'
  _response=\$(_post "domain=\$_cdomain" "\$MYSERVICE_URL/import" "" POST application/x-www-form-urlencoded) || return 1
  _response=\$(_get "\$MYSERVICE_URL/token-in-the-path") || return 1
  _response=\$(_post "\$(cat "\$_ckey")
" "\$MYSERVICE_URL/key" "" PUT) || return 1
  cat "\$_ckey" "\$_cfullchain" >"\$MYSERVICE_FILE"
  _info "done: \$_response"
}
SCRIPT
ready adapters/acmesh-deploy "ACMESH_DEPLOY=$TMP/deploy/myservice.sh" "MYSERVICE_FILE=$TMP/myservice.pem" \
  "MYSERVICE_URL=$SINK_HTTP"
tool curl "exec $(command -v curl) \"\$@\""
check "a deploy script of acme.sh" deploy
rm "$TMP/bin/curl"
check "... gets domain, key, certificate, CA and chain" is "$(cat "$TMP/myservice.pem")" "$(pair)"
check "... and may speak HTTP" sent_before 2 "path == '/import' and body == 'domain=$NAME' and headers['x-key'] == 'YWJj'"
check "... with headers as they are" sent_before 2 "headers['x-quoted'] == 'a \"b\" \\\\ c' and method == 'POST'"
check "... by GET" sent_before 1 "path == '/token-in-the-path' and method == 'GET'"
check "... with a body of several lines" sent "path == '/key' and method == 'PUT' and body == open('$live/key.pem').read()"
check "... whose key, header and URL are not in the list of processes" sh -c '! grep -e YWJj -e PRIVATE -e token-in-the-path "$0"' "$called"
ready adapters/acmesh-deploy "ACMESH_DEPLOY=$TMP/deploy/myservice.sh"
expect_exit 4 "one that lacks a setting" deploy
check_said "... says so" "MYSERVICE_FILE is needed"

# ---- make install ----

check "make install brings them along" make -s -n -C "$SOURCE" -o all install DESTDIR="$TMP/staged"
check_said "... below share/certo" "install -D -m 755 hooks/deploy/nginx.sh '$TMP/staged/usr/local/share/certo/hooks/deploy/nginx.sh'"
