#!/usr/bin/env bash
# --challenge-hook: a program with the words of uacme's hooks fulfils challenges of any type; what it declines is tried
# by the next type, and what a run that died had begun is ended by the next one.
TESTBED="pebble challtestsrv nginx"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
hook=$TMP/hook.sh
calls=$TMP/calls
set_a a.example.com 127.0.0.2 # where nginx serves $WEBROOT
set_a b.example.com 127.0.0.2

# It knows http-01 and dns-01. A file stops it: "declines-TYPE", or "deadly" to kill certo.
cat >"$hook" <<SCRIPT
#!/bin/sh
echo "\$1 \$2 \$3" >>"$calls"
[ "\$UACME_METHOD \$UACME_TYPE \$UACME_IDENT \$UACME_TOKEN \$UACME_AUTH" = "\$*" ] || exit 9
[ "\$1" != begin ] || [ ! -e "$TMP/declines-\$2" ] || { echo "not \$2 today" >&2; exit 1; }
file=$WEBROOT/.well-known/acme-challenge/\$4
case \$2:\$1 in
  http-01:begin) mkdir -p "\${file%/*}" && printf %s "\$5" >"\$file" ;;
  http-01:*) rm -f "\$file" ;;
  dns-01:begin) CHALLTESTSRV=$CHALLTESTSRV DNS_ADDR=$DNS_ADDR "$DNS_PROVIDER" present "\$CERTO_RECORD" "\$5" ;;
  dns-01:*) CHALLTESTSRV=$CHALLTESTSRV DNS_ADDR=$DNS_ADDR "$DNS_PROVIDER" cleanup "_acme-challenge.\$3" "\$5" ;;
  *) exit 1 ;;
esac || exit
[ "\$1" != begin ] || [ ! -e "$TMP/deadly" ] || kill -9 \$PPID
SCRIPT
chmod 755 "$hook"

issue() {
  : >"$calls"
  "$CERTO" issue --agree-tos "$@"
}
called() { tr '\n' ',' <"$calls"; }
tidy() {
  is "$(find "$WEBROOT" -type f)" "" && is "$(dns_txt_count _acme-challenge.a.example.com)" 0 &&
    is "$(find "$CERTO_HOME/presented" -mindepth 1)" ""
}

check "a chosen type" issue -d a.example.com --challenge-hook "$hook" --challenge-type http-01
check "... by the words of uacme" is "$(called)" "begin http-01 a.example.com,done http-01 a.example.com,"
check "... leaves nothing" tidy
: >"$calls"
check "it renews in an empty environment" env -i PATH="$PATH" "$CERTO" --home "$CERTO_HOME" renew -f a.example.com
check "... by the same words" is "$(called)" "begin http-01 a.example.com,done http-01 a.example.com,"
check "info shows it" grep -q "challenge-hook $hook http-01" <("$CERTO" info a.example.com)
check "a wildcard" issue -d '*.a.example.com' --challenge-hook "$hook" --challenge-type dns-01 --cert-name star
check "... by a record" is "$(called)" "begin dns-01 a.example.com,done dns-01 a.example.com,"
check "... leaves nothing" tidy
check "exec: before the path" issue -d a.example.com -f --challenge-hook "exec:$hook" --challenge-type http-01

touch "$TMP/declines-http-01"
check "without a type, the next one follows a declined one" issue -d b.example.com --challenge-hook "$hook"
check "... which is not ended" sh -c '! grep -q "^[df].* http-01" "$0"' "$calls"
check "... the accepted one is" grep -qx 'done dns-01 b.example.com' "$calls"
check "... nothing is left" tidy
touch "$TMP/declines-dns-01"
refused 78 "a program that declines all" "b.example.com" issue -d b.example.com -f --challenge-hook "$hook"
check_said "... its words are shown" "not http-01 today" "not dns-01 today"
refused 78 "a chosen type that is declined" "b.example.com" \
  issue -d b.example.com -f --challenge-hook "$hook" --challenge-type http-01
rm -f "$TMP"/declines-*
refused 78 "a type that the CA does not offer" "the CA offers" \
  issue -d b.example.com -f --challenge-hook "$hook" --challenge-type moon-01

set_a c.example.com 127.0.0.3 # where nobody answers
refused 1 "a validation that fails" "c.example.com" issue -d c.example.com --challenge-hook "$hook" --challenge-type http-01
check "... is ended by failed" is "$(called)" "begin http-01 c.example.com,failed http-01 c.example.com,"

touch "$TMP/deadly"
expect_exit 137 "certo dies while the program works" issue -d a.example.com -f --challenge-hook "$hook" --challenge-type http-01
rm "$TMP/deadly"
check "the same command again" issue -d a.example.com -f --challenge-hook "$hook" --challenge-type http-01
check "... ends what the dead run had begun" grep -qx 'failed http-01 a.example.com' "$calls"
check "... leaves nothing" tidy

"$CERTO" order -d a.example.com >"$TMP/order.json"
check "the pipe" "$CERTO" solve --challenge-hook "$hook" --challenge-type http-01 "$TMP/order.json"

refused 78 "a program that is missing" "$TMP/none" issue -d a.example.com -f --challenge-hook "$TMP/none"
refused 64 "a type with a space" "is not a challenge type" \
  issue -d a.example.com -f --challenge-hook "$hook" --challenge-type 'http 01'
refused 64 "a type without a program" "belongs to --challenge-hook" issue -d a.example.com --standalone --challenge-type http-01
chmod 777 "$hook"
refused 78 "a program that anybody can change" "$hook" issue -d a.example.com -f --challenge-hook "$hook"

# ---- the example for other machines, with a stand-in for sftp that works on this one ----

mkdir "$TMP/bin"
cat >"$TMP/bin/sftp" <<SCRIPT
#!/bin/sh
for host; do :; done
echo "\$host" >>"$calls"
while read -r action first second third; do
  case \$action in
    -mkdir) [ -d "\$first" ] || mkdir "\$first" ;;
    put) cp "\$second" "\$third" ;;
    -rm) rm -f "\$first" ;;
    *) exit 1 ;;
  esac
done
SCRIPT
chmod 755 "$TMP/bin/sftp"
: >"$calls"
sed -e "s|^hosts=.*|hosts='one two'|" -e "s|^webroot=.*|webroot=$WEBROOT|" "$SOURCE/hooks/challenge/sftp.sh" >"$TMP/sftp.sh"
chmod 755 "$TMP/sftp.sh"
check "the example for webroots of other machines" env PATH="$TMP/bin:$PATH" "$CERTO" issue --agree-tos -d b.example.com -f \
  --challenge-hook "$TMP/sftp.sh" --challenge-type http-01
check "... sends to each of them, twice" is "$(grep -cx one "$calls") $(grep -cx two "$calls")" "2 2"
check "... leaves no file" is "$(find "$WEBROOT" -type f)" ""
