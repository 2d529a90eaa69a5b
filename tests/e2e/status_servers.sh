#!/usr/bin/env bash
# certo status with the servers that begin TLS in a protocol of their own: Dovecot (IMAP, POP3), PostgreSQL, MariaDB.
# postfix.sh has SMTP.
TESTBED=
# Dovecot starts as root only, and finds its programs below /usr only: this test shows them to it there.
[ "$(id -u)" != 0 ] || TESTBED=endpoints
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C NO_COLOR=1
if [ -z "$TESTBED" ]; then
  ok "this is not root: Dovecot cannot be started"
  exit
fi
# Servers that give up root cannot read a folder that mktemp made. The user is one that every Debian has.
chmod 755 "$TMP"
user=mail

read -r imap pop3 postgres mysql <<<"$(python3 -c '
import random, socket
found = []
while len(found) < 4:
    port = random.randrange(20000, 32000)
    try:
        with socket.socket() as probe: probe.bind(("127.0.0.1", port))
        if port not in found: found.append(port)
    except OSError: pass
print(*found)')"

tls=$TMP/tls
mkdir -p "$tls"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/ca.key" -out "$tls/ca.pem" -subj /CN=ca \
  -days 90 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/key.pem" -out "$tls/csr.pem" -subj /CN=db 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$tls/ext"
openssl x509 -req -in "$tls/csr.pem" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 80 -extfile "$tls/ext" \
  -out "$tls/cert.pem" 2>/dev/null
install -o $user -g $user -m 600 "$tls/key.pem" "$tls/server.key"

launch() { # LOG COMMAND...
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  started="$started $!"
}
# What a server says first: those that wait for the client say nothing, and listening is enough.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

mkdir -p "$TMP/dovecot/run" "$TMP/dovecot/state"
cat >"$TMP/dovecot/conf" <<CONFIG
base_dir = $TMP/dovecot/run
state_dir = $TMP/dovecot/state
log_path = $TMP/dovecot/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <$tls/cert.pem
ssl_key = <$tls/server.key
default_login_user = nobody
default_internal_user = $user
default_internal_group = $user
mail_location = maildir:$TMP/dovecot/mail
service imap-login {
  chroot =
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = $pop3
  }
  inet_listener pop3s {
    port = 0
  }
}
passdb {
  driver = static
  args = nopassword=y
}
CONFIG
launch "$TMP/dovecot/out" unshare -m sh -c \
  "mount -t overlay overlay -o 'lowerdir=$ENDPOINTS/usr:/usr' /usr && exec dovecot -F -c '$TMP/dovecot/conf'"

as_user() { setpriv --reuid $user --regid $user --clear-groups env LD_LIBRARY_PATH="$ENDPOINTS_LIBRARIES" "$@"; }
programs=$(dirname "$(find "$ENDPOINTS/usr/lib/postgresql" -name initdb)")
install -d -o $user -g $user "$TMP/pg" "$TMP/mysql"
check "a PostgreSQL cluster" as_user "$programs/initdb" -D "$TMP/pg" -A trust -N -E UTF8 --locale=C
cat >>"$TMP/pg/postgresql.conf" <<CONFIG
port = $postgres
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
ssl = on
ssl_cert_file = '$tls/cert.pem'
ssl_key_file = '$tls/server.key'
CONFIG
launch "$TMP/pg.log" setpriv --reuid $user --regid $user --clear-groups env LD_LIBRARY_PATH="$ENDPOINTS_LIBRARIES" \
  "$programs/postgres" -D "$TMP/pg"
postgres_pid=$!
launch "$TMP/mysql.log" setpriv --reuid $user --regid $user --clear-groups env LD_LIBRARY_PATH="$ENDPOINTS_LIBRARIES" \
  "$ENDPOINTS/usr/sbin/mariadbd" --no-defaults --basedir="$ENDPOINTS/usr" --datadir="$TMP/mysql" --port="$mysql" \
  --bind-address=127.0.0.1 --socket="$TMP/mysql/socket" --ssl-cert="$tls/cert.pem" --ssl-key="$tls/server.key" \
  --lc-messages-dir="$ENDPOINTS/usr/share/mysql" --skip-grant-tables --innodb-buffer-pool-size=8M
for port in "$imap" "$pop3" "$postgres" "$mysql"; do
  check "a server listens on $port" wait_until listens "$port"
done

status() { "$CERTO" status --ca-bundle "$tls/ca.pem" "$@"; }
answers() { status "127.0.0.1:$1"; }
for server in "$imap/imap" "$pop3/pop3" "$postgres/postgres" "$mysql/mysql"; do
  # A server may listen before it is ready.
  wait_until answers "$server" >/dev/null
  check "a certificate by ${server#*/}" status "127.0.0.1:$server"
  check_said "is read and right" "ok     127.0.0.1:$server" "127.0.0.1  in 79 days" "1 server: 1 ok"
done
check "all at once" status "127.0.0.1:$imap/imap" "127.0.0.1:$pop3/pop3" "127.0.0.1:$postgres/postgres" "127.0.0.1:$mysql/mysql"

expect_exit 1 "another protocol than the server's" status --timeout 3 "127.0.0.1:$postgres/mysql" "127.0.0.1:$mysql/postgres" \
  "127.0.0.1:$mysql/imap" "127.0.0.1:$imap/mysql" "127.0.0.1:$pop3/ldap"
check_said "is a finding" "5 servers: 5 crit" "it does not answer as PostgreSQL does" "it does not answer as MySQL does"
expect_exit 1 "TLS from the first byte" status --timeout 3 "127.0.0.1:$mysql"

echo "ssl = off" >>"$TMP/pg/postgresql.conf"
kill -HUP "$postgres_pid"
has_no_tls() { ! answers "$postgres/postgres"; }
wait_until has_no_tls >/dev/null
expect_exit 1 "PostgreSQL without TLS" status "127.0.0.1:$postgres/postgres"
check_said "says so" "no TLS: PostgreSQL says that it has none (its setting ssl)"
