#!/usr/bin/env bash
# State that cannot be written, or was damaged: certo requests nothing that it cannot store, finds lost data again
# if it can, and one damaged certificate does not stop the others.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

WEB=$TMP/web
mkdir -p "$WEB"
fake_start "$TMP/ca" good || exit 1

issue() { # HOME FLAG...
  local home=$1
  shift
  "$CERTO" issue -d www.example.com --webroot "$WEB" --agree-tos --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" --home "$home" "$@"
}
orders_asked() {
  local count
  count=$(grep -c '"step": "new-order"' "$TMP/ca/requests.jsonl")
  echo "$count"
}
registered() {
  grep '"step": "new-account"' "$TMP/ca/requests.jsonl" | grep -vc '"onlyReturnExisting": true'
}
pair_matches() { # CERTIFICATE-FOLDER
  [ "$(openssl x509 -in "$1/live/fullchain.pem" -noout -pubkey)" = "$(openssl pkey -in "$1/live/key.pem" -pubout)" ]
}
copy_of_good() {
  rm -rf "${TMP:?}/home"
  cp -a "$TMP/good" "$TMP/home"
  entry=$TMP/home/certs/www.example.com
}

check "a good pair to begin with" issue "$TMP/good"
begun=$(orders_asked)

# ---- folders

mkdir -m 777 "$TMP/open"
expect_exit 77 "a home that others can write to is refused" issue "$TMP/open"
check_said "the hint says what to do" "chmod go-w"
mkdir -m 770 "$TMP/group"
expect_exit 77 "a home that the group can write to is refused" issue "$TMP/group"
check "nothing is written there" test -z "$(find "$TMP/open" "$TMP/group" -mindepth 1)"
touch "$TMP/file"
expect_exit 77 "a home that is a file is refused" issue "$TMP/file"

mounted=
unmount() {
  # shellcheck disable=SC2086  # a list of folders
  [ -z "$mounted" ] || umount $mounted 2>/dev/null
  lib_end
}
trap unmount EXIT
disk=$TMP/disk
mkdir -p "$disk"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=256k,mode=700 certo-test "$disk" 2>/dev/null; then
  mounted=$disk
  cp -a "$TMP/good/." "$disk/"
  mount -o remount,ro "$disk"
  expect_exit 73 "a read-only disk is noticed" issue "$disk" --force
  check_said "it is reported as such" "read-only"
  check "a read-only disk is noticed before an order is opened" test "$(orders_asked)" = "$begun"
  mount -o remount,rw "$disk"
  dd if=/dev/zero of="$disk/filler" bs=1k count=1000 2>/dev/null
  expect_exit 73 "a full disk is noticed" issue "$disk" --force
  check_said "the full disk is reported as such" "no space left"
  check "a full disk is noticed before an order is opened" test "$(orders_asked)" = "$begun"
  check "the pair in use is whole on the full disk" pair_matches "$disk/certs/www.example.com"
  rm "$disk/filler"
  check "with room again the same command succeeds" issue "$disk" --force
  check "the new pair matches" pair_matches "$disk/certs/www.example.com"
else
  # Without mounts, only the folder's mode stands in for the disk, and only if this user is not root.
  chmod 500 "$disk"
  if [ "$(id -u)" = 0 ]; then
    not_ok "a small disk can be mounted"
  else
    expect_exit 73 "a read-only folder is noticed" issue "$disk"
    check "a read-only folder is noticed before an order is opened" test "$(orders_asked)" = "$begun"
  fi
fi

# ---- damage

accounts=$(registered)
for damage in 'printf x >' 'truncate -s 0' 'truncate -s 100' 'rm -f'; do
  copy_of_good
  # shellcheck disable=SC2034  # the damage uses it
  key=$(echo "$TMP"/home/accounts/*/default/account.key)
  eval "$damage \"\$key\""
  begun=$(orders_asked)
  expect_exit 65 "a damaged account key is an error ($damage)" issue "$TMP/home" --force
  check_said "the damaged key is named ($damage)" "account.key"
  check "no other account is made ($damage)" test "$(registered) $(orders_asked)" = "$accounts $begun"
done

copy_of_good
printf '{"certo":"account/1",' >"$(echo "$TMP"/home/accounts/*/default/account.json)"
check "a damaged account.json is found again by the key" issue "$TMP/home" --force
check "no other account is made for a damaged account.json" test "$(registered)" = "$accounts"

for damage in 'printf "{" >' 'printf "{\"certo\":\"status/1\",\"due\":7}" >' 'truncate -s 0' 'rm -f'; do
  copy_of_good
  begun=$(orders_asked)
  eval "$damage \"\$entry/status.json\""
  check "a pass passes over a damaged status.json ($damage)" "$CERTO" renew --all --home "$TMP/home"
  check "it renews nothing for that ($damage)" test "$(orders_asked)" = "$begun"
  check "status.json is whole again ($damage)" python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["due"]' \
    "$entry/status.json"
done

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$TMP/other.key" 2>/dev/null
damage_pair() { # NAME
  case $1 in
    key-cut) truncate -s 50 "$entry/live/key.pem" ;;
    key-other) cat "$TMP/other.key" >"$entry/live/key.pem" ;;
    key-gone) rm "$entry/live/key.pem" ;;
    chain-cut) truncate -s 400 "$entry/live/fullchain.pem" ;;
    chain-empty) : >"$entry/live/fullchain.pem" ;;
    chain-gone) rm "$entry/live/fullchain.pem" ;;
    live-gone) rm "$entry/live" ;;
    live-dangles) ln -sfn 20200101T000000Z-00000000 "$entry/live" ;;
    version-gone) rm -r "$(readlink -f "$entry/live")" ;;
  esac
}
for damage in key-cut key-other key-gone chain-cut chain-empty chain-gone live-gone live-dangles version-gone; do
  copy_of_good
  damage_pair $damage
  check "a damaged pair is renewed ($damage)" "$CERTO" renew --all --home "$TMP/home"
  check "the pair is whole again ($damage)" pair_matches "$entry"
done

for damage in 'printf "{" >' 'truncate -s 0' 'printf "{\"certo\":\"request/9\"}" >'; do
  copy_of_good
  for name in a b; do
    issue "$TMP/home" --cert-name $name >"$TMP/out" 2>"$TMP/err" || not_ok "the certificate $name ($damage)"
    rm "$TMP/home/certs/$name/live"
  done
  eval "$damage \"\$TMP/home/certs/a/request.json\""
  expect_exit 65 "a damaged request.json is an error ($damage)" "$CERTO" renew --all --home "$TMP/home"
  check_said "the damaged request.json is named ($damage)" "certs/a/request.json"
  check "the others are renewed all the same ($damage)" pair_matches "$TMP/home/certs/b"
done

copy_of_good
echo junk >"$(echo "$TMP"/home/ca/*/directory.json)"
mkdir -p "$entry/next" "$TMP/home/presented"
echo junk >"$entry/next/order.json"
echo junk >"$entry/next/key.pem"
echo junk >"$TMP/home/presented/junk.json"
check "damage in a cache, or in files of a dead run, stops nothing" issue "$TMP/home" --force
check "the pair after it matches" pair_matches "$entry"
