#!/usr/bin/env bash
# Certificates on a real Postfix: it gets them, reloads, and presents them after STARTTLS; if its
# configuration is broken, certo restores the old ones, and once it is fixed the next run installs without another
# order. Then the same by the ready-made hook, with the files in the store.
TESTBED=
# Postfix's commands are for root only, and it needs a user and a group of its own.
[ "$(id -u)" != 0 ] || TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
if [ -z "$TESTBED" ]; then
  ok "this is not root: Postfix cannot be started"
  exit
fi

site=mail.example.com
live=$CERTO_HOME/certs/$site/live
home=$TMP/postfix
postfix=$home/bin/postfix
mkdir -p "$home/bin" "$home/etc" "$home/meta" "$home/queue" "$home/tls"
# A daemon that gives up root cannot read a folder that mktemp made.
chmod 755 "$TMP"
# Below the kernel's own range, so that no outgoing connection takes it before Postfix does.
port=$(python3 -c '
import random, socket
while True:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port := random.randrange(20000, 32000)))
            break
        except OSError: pass
print(port)')

# It is nobody's child here, so it may stay a zombie, and its number may be another's.
is_master() { readlink "/proc/$1/exe" | grep -q '/postfix/sbin/master$'; }
is_gone() { ! is_master "$1"; }
stop_postfix() {
  local pid=
  read -r pid 2>/dev/null <"$home/queue/pid/master.pid"
  [ -n "$pid" ] && is_master "$pid" || return 0
  kill "$pid"
  wait_until is_gone "$pid"
}
stop_all() {
  local code=$?
  stop_postfix
  (exit $code)
  lib_end
}
trap stop_all EXIT

on_the_wire() {
  timeout 5 openssl s_client -connect "127.0.0.1:$port" -servername $site -starttls smtp </dev/null 2>/dev/null |
    openssl x509 -noout -serial 2>/dev/null
}
# After a reload, an old smtpd may still accept a connection before it ends, so the test waits for these.
presents() { [ "$(on_the_wire)" = "$1" ]; }
serial_of() { openssl x509 -in "$1" -noout -serial; }
presents_ours() { presents "$(serial_of "$live/cert.pem")"; }
# The installed certificate, and the number of orders that the CA got.
pair() { cat "$home/tls/key.pem" "$home/tls/fullchain.pem"; }
orders() { grep -c 'POST /order-plz' "$TMP/testbed/log/pebble"; }
renew() { "$CERTO" renew --ca-bundle "$PEBBLE_CA" "$@"; }

# ---- Postfix

libraries=$TLS_SERVERS_LIBRARIES:$TLS_SERVERS/usr/lib/postfix
cat >"$postfix" <<SCRIPT
#!/bin/sh
LD_LIBRARY_PATH='$libraries' exec '$TLS_SERVERS/usr/sbin/postfix' -c '$home/etc' "\$@"
SCRIPT
chmod 755 "$postfix"
cp "$TLS_SERVERS/etc/postfix/postfix-files" "$home/meta/"
: >"$home/meta/dynamicmaps.cf"
# Its processes get no environment but what import_environment says. The users are two that every Debian has.
# Every table is empty: an smtpd that has one to look into waits for services that are not in this master.cf.
main_cf() { # FOLDER: where key and chain are
  cat >"$home/etc/main.cf" <<CONFIG
compatibility_level = 3.6
import_environment = MAIL_CONFIG MAIL_LOGTAG POSTLOG_SERVICE POSTLOG_HOSTNAME LANG=C LD_LIBRARY_PATH=$libraries
daemon_directory = $TLS_SERVERS/usr/lib/postfix/sbin
command_directory = $TLS_SERVERS/usr/sbin
shlib_directory = $TLS_SERVERS/usr/lib/postfix
sendmail_path = $TLS_SERVERS/usr/sbin/sendmail
mailq_path = $TLS_SERVERS/usr/sbin/sendmail
newaliases_path = $TLS_SERVERS/usr/sbin/sendmail
manpage_directory = $TLS_SERVERS/usr/share/man
html_directory = no
readme_directory = no
meta_directory = $home/meta
queue_directory = $home/queue
data_directory = $home/data
maillog_file = $home/log
maillog_file_prefixes = $home
mail_owner = mail
setgid_group = uucp
myhostname = $site
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
smtpd_peername_lookup = no
notify_classes =
smtpd_tls_security_level = may
smtpd_tls_chain_files = $1/key.pem, $1/fullchain.pem
CONFIG
}
main_cf "$home/tls"
cat >"$home/etc/master.cf" <<CONFIG
127.0.0.1:$port inet n - n - - smtpd
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CONFIG
cp "$home/etc/master.cf" "$home/master.cf"
# A line that does not disturb smtpd, which does not read this file.
break_master_cf() { echo "submission inet" >>"$home/etc/master.cf"; }
mend_master_cf() { cp "$home/master.cf" "$home/etc/"; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$home/tls/key.pem" \
  -out "$home/tls/fullchain.pem" -subj /CN=old -days 30 2>/dev/null
check "Postfix starts" "$postfix" start
first=$(serial_of "$home/tls/fullchain.pem")
check "and presents a self-signed certificate" wait_until presents "$first"

# ---- a certificate for it

check "a certificate" "$CERTO" issue -d $site --agree-tos --server "$PEBBLE_DIRECTORY" --ca-bundle "$PEBBLE_CA" \
  --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
sum=$(pair | sha256sum)
expect_exit 4 "a chain without its key is found out" "$CERTO" install-cert -d $site \
  --fullchain-file "$home/tls/fullchain.pem" --reloadcmd "$postfix reload" --verify "127.0.0.1:$port/smtp"
check_said "by Postfix's reply to STARTTLS" "454 4.7.0 TLS not available" "the previous files were restored"
check "the old files are restored" is "$(pair | sha256sum)" "$sum"
check "and Postfix presents them" wait_until presents "$first"

check "install both, reload, and see it there" "$CERTO" install-cert -d $site --key-file "$home/tls/key.pem" \
  --fullchain-file "$home/tls/fullchain.pem" --reloadcmd "$postfix check && $postfix reload" \
  --verify "127.0.0.1:$port/smtp"
check "Postfix presents it" wait_until presents_ours
check "a renewal" renew --force $site
check_said "is installed" "renewed" "installed"
check "the server presents the new one" wait_until presents_ours
check "certo status sees it there, by SMTP" "$CERTO" status $site
check_said "with its chain" "1 of 1 server presents the right certificate"
check "which is another" test "$(serial_of "$live/cert.pem")" != "$first"

# ---- a configuration that is broken

served=$(on_the_wire)
sum=$(pair | sha256sum)
break_master_cf
expect_exit 4 "with a broken master.cf the renewal ends with 4" renew --force $site
check_said "and shows Postfix's own message" "master.cf: line 5: bad field count" "the previous files were restored"
version=$(readlink "$live") asked=$(orders)
check "the old files are restored" is "$(pair | sha256sum)" "$sum"
check "Postfix presents the old one" wait_until presents "$served"
check "and not the new one" test "$(serial_of "$live/cert.pem")" != "$served"
check "certo status sees that" "$CERTO" status $site
check_said "and says which one" "127.0.0.1:$port/smtp: it presents the certificate with serial" "and not the one of the store"
expect_exit 4 "the next run tries again" renew --all
check "and Postfix presents the old one" wait_until presents "$served"
mend_master_cf
check "once it is fixed the next run installs" renew --all
check "Postfix presents the new one" wait_until presents_ours
check "it is the same certificate" is "$(readlink "$live")" "$version"
check "no other one was ordered" is "$(orders)" "$asked"

# A configuration that Postfix itself accepts.
served=$(on_the_wire)
sum=$(pair | sha256sum)
main_cf "$home/nowhere"
expect_exit 4 "with a main.cf of no certificate the renewal ends with 4" renew --force $site
check_said "because there is no handshake" "127.0.0.1:$port: no TLS connection: it "
version=$(readlink "$live") asked=$(orders)
check "the old files are restored" is "$(pair | sha256sum)" "$sum"
main_cf "$home/tls"
check "Postfix is fixed by hand" "$postfix" reload
check "and presents the old one" wait_until presents "$served"
check "the next run installs" renew --all
check "Postfix presents the new one" wait_until presents_ours
check "it is the same certificate" is "$(readlink "$live")" "$version"
check "no other one was ordered" is "$(orders)" "$asked"

# ---- the ready-made hook, and a Postfix that reads the store

check "no file is installed any more" "$CERTO" install-cert -d $site --forget
main_cf "$live"
mkdir -p "$CERTO_HOME/credentials"
(umask 077 && echo "POSTFIX=$postfix" >"$CERTO_HOME/credentials/hook-postfix")
check "Postfix takes the store's files by the hook" "$CERTO" deploy -d $site --hook "$SOURCE/hooks/deploy/postfix.sh"
check "a renewal" renew --force $site
check "the server presents the new one" wait_until presents_ours

break_master_cf
expect_exit 4 "with a broken master.cf the hook fails" renew --force $site
check_said "and shows Postfix's own message" "master.cf: line 5: bad field count"
asked=$(orders)
mend_master_cf
echo "this is no parameter" >>"$home/etc/main.cf"
expect_exit 4 "so it does with a broken main.cf" renew --all
check_said "which Postfix reports only in its log" "'postfix check' failed: see the mail log"
main_cf "$live"
check "once both are fixed the next run reloads" renew --all
check "Postfix presents the new one" wait_until presents_ours
check "no other one was ordered" is "$(orders)" "$asked"

stop_postfix
expect_exit 4 "a Postfix that does not run cannot be reloaded" "$CERTO" hooks test $site --only deploy
check_said "and the hook reports it" "'postfix reload' failed: see the mail log"
