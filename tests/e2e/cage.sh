#!/usr/bin/env bash
# The cage of code in .so files: forbidden actions fail, and the functions of C++ and libc work. Tested as root and
# as another user, with the libc of this machine and with that of Debian 13.
TESTBED="pebble challtestsrv newer-libc"
. "$(dirname "$0")/lib.sh"

export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
build=$(dirname "$CERTO")
plugins=$build/plugins
fake_run "$TMP/service" httpreq.py --user certo --password 'se:cret' || exit 1
chmod 755 "$TMP"

# as USER COMMAND...: nobody cannot become root again.
as() {
  local user=$1
  shift
  case $user in
    root) "$@" ;;
    *) setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$@" ;;
  esac
}

# present USER PROGRAM PLUGIN [OPTION...]: one record by that plugin, from an order that needs one.
present() {
  local user=$1 program=$2 plugin=$3
  shift 3
  as "$user" "$program" present --home "$TMP/home-$user" --dns "$plugin" "$@" <"$TMP/order.json"
}

# secret USER: a file of that user, and the settings that name it.
secret() {
  local folder=$TMP/secret-$1
  mkdir -p "$folder" "$TMP/home-$1"
  printf secret >"$folder/account.key"
  printf 'BAD_SECRET=%s\nBAD_TARGET=%s\n' "$folder/account.key" "$folder/new" >"$folder/settings"
  printf 'HTTPREQ_ENDPOINT=%s\nHTTPREQ_USERNAME=certo\nHTTPREQ_PASSWORD=se:cret\n' "$FAKE_HTTPREQ" >"$folder/httpreq"
  chmod 600 "$folder"/*
  [ "$1" = root ] || chown -R 65534:65534 "$folder" "$TMP/home-$1"
}

# untouched USER: the file of `secret` is as it was.
untouched() {
  local folder=$TMP/secret-$1
  [ "$(cat "$folder/account.key") $(stat -c %a "$folder/account.key") $(ls "$folder" | tr '\n' ' ')" = \
    "secret 600 account.key httpreq settings " ]
}

# all_by PROGRAM LIBC USER: every kind of plugin.
all_by() {
  local program=$1 libc=$2 user=$3
  check "$libc, as $user: a plugin in C++ has threads, memory, exceptions and names of hosts" \
    present "$user" "$program" "$plugins/test-threads.so"
  check "$libc, as $user: a plugin reaches its service" \
    present "$user" "$program" "$plugins/httpreq.so" --dns-credentials "$TMP/secret-$user/httpreq"
  check "$libc, as $user: no call that is forbidden succeeds" \
    present "$user" "$program" "$plugins/bad-forbidden.so" --dns-credentials "$TMP/secret-$user/settings"
  check "... and its target did not change" untouched "$user"
}

check "an account" "$CERTO" account new --agree-tos
check "an order" "$CERTO" order -d cage.example
cp "$TMP/out" "$TMP/order.json"
chmod 644 "$TMP/order.json"

# A host that the newer loader starts, next to certo as the real one is.
mkdir -p "$TMP/newer"
cp "$CERTO" "$TMP/newer/certo"
for loader in "${NEWER_LIBC%%:*}"/ld-linux*.so.*; do break; done
cat >"$TMP/newer/certo-provider-host" <<END
#!/bin/sh
exec "$loader" --library-path "$NEWER_LIBC" "$build/certo-provider-host" "\$@"
END
chmod 755 "$TMP/newer/certo-provider-host"
check "the host runs with the libc of Debian 13" \
  sh -c 'echo "{}" | "$0" _dns 2>&1 | grep -q "task"' "$TMP/newer/certo-provider-host"

users=root
[ "$(id -u)" = 0 ] && users="root nobody"
for user in $users; do
  secret "$user"
  all_by "$CERTO" "this libc" "$user"
  all_by "$TMP/newer/certo" "Debian 13's libc" "$user"
done
