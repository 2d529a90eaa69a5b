# shellcheck shell=bash
# For the end-to-end scripts. Source it, with the servers and flags that the script wants:
#
#   TESTBED="pebble challtestsrv nginx --eab"     (before sourcing; empty for none, the default is testbed.sh's)
#   . "$(dirname "$0")/lib.sh"
#
# It sets the variables of scripts/testbed.sh (all exported) and
#
#   CERTO      the program under test, an absolute path; build/certo by default
#   TMP        a temporary folder, removed at the end; KEEP=1 keeps it
#   SOURCE     the repository
#   DNS_PROVIDER   tests/e2e/dns-challtestsrv, a provider for `--dns`
#
# A script prints only "ok NAME" and "not ok NAME" lines on stdout. The output of a failed check goes to stderr.
# The script ends with 1 if a check failed, also if it ends early.
set -u

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CERTO=${CERTO:-$SOURCE/build/certo}
case $CERTO in /*) ;; *) CERTO=$PWD/$CERTO ;; esac
DNS_PROVIDER=$SOURCE/tests/e2e/dns-challtestsrv
TMP=$(mktemp -d "${TMPDIR:-/tmp}/certo-e2e.XXXXXX")
export CERTO SOURCE DNS_PROVIDER TMP
lib_failures=0
lib_fakes=
lib_shell=$BASHPID

# Without the state, proxy settings and CA bundle of the person who runs the tests.
export HOME=$TMP/home XDG_STATE_HOME=$TMP/home/state CERTO_HOME=$TMP/certo
mkdir -p "$HOME"
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR

# The ids of processes that the script has started and lib_end stops.
started=

lib_end() {
  local code=$? directory pid
  trap - EXIT
  # A child that is killed before it has reset its traps comes here as well.
  [ "$BASHPID" = "$lib_shell" ] || exit "$code"
  for pid in $started; do kill "$pid" 2>/dev/null || :; done
  for pid in $started; do wait "$pid" 2>/dev/null || :; done
  for directory in $lib_fakes; do fake_stop "$directory"; done
  "$SOURCE/scripts/testbed.sh" stop "$TMP/testbed"
  if [ -n "${KEEP-}" ]; then
    printf 'kept: %s\n' "$TMP" >&2
  else
    rm -rf "$TMP"
  fi
  if [ "$code" = 0 ] && [ "$lib_failures" != 0 ]; then code=1; fi
  exit "$code"
}
trap lib_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

ok() {
  printf 'ok %s\n' "$1"
}

not_ok() {
  printf 'not ok %s\n' "$1"
  lib_failures=$((lib_failures + 1))
}

# check NAME COMMAND...: the command succeeds.
check() {
  expect_exit 0 "$@"
}

# wait_until COMMAND...: tries it until it succeeds, for ten seconds at most.
wait_until() {
  local tries=0
  until "$@" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 500 ] || return 1
    sleep 0.02
  done
}

# expect_exit CODE NAME COMMAND...: the command ends with CODE. Its output is in $TMP/out and $TMP/err afterwards, and
# not before: until then, these files are from the last command, and COMMAND may read them.
expect_exit() {
  local expected=$1 name=$2 code=0
  shift 2
  "$@" >"$TMP/out.new" 2>"$TMP/err.new" </dev/null || code=$?
  mv "$TMP/out.new" "$TMP/out"
  mv "$TMP/err.new" "$TMP/err"
  if [ "$code" = "$expected" ]; then
    ok "$name"
  else
    not_ok "$name"
    {
      printf -- '--- %s: exit %s, expected %s:' "$name" "$code" "$expected"
      printf ' %s' "$@"
      printf '\n'
      head -c 20000 "$TMP/out" "$TMP/err"
    } >&2
  fi
  return 0
}

# said TEXT...: the last checked command wrote each TEXT to stdout or stderr; for use inside `check`.
said() {
  local text
  for text in "$@"; do
    cat "$TMP/out.last" "$TMP/err.last" 2>/dev/null | grep -qF -- "$text" || return 1
  done
}

# check_said NAME TEXT...: the command of the last expect_exit or check wrote each TEXT.
check_said() {
  local name=$1
  shift
  cp "$TMP/out" "$TMP/out.last"
  cp "$TMP/err" "$TMP/err.last"
  if said "$@"; then
    ok "$name"
  else
    not_ok "$name"
    { printf -- '--- %s: not said: %s\n' "$name" "$*" && cat "$TMP/out.last" "$TMP/err.last"; } >&2
  fi
}

# refused CODE NAME TEXT COMMAND...: the command ends with CODE and nothing on stdout, and says exactly one sentence,
# which contains TEXT, and exactly one hint. Both are in $TMP/err. What certo itself sees after a failed validation may
# follow.
refused() {
  local expected=$1 name=$2 text=$3 code=0
  shift 3
  "$@" >"$TMP/out" 2>"$TMP/err" </dev/null || code=$?
  if [ "$code" = "$expected" ] && [ ! -s "$TMP/out" ] &&
    [ "$(sed '/^certo: what certo sees itself/,$d' "$TMP/err" | wc -l)" = 2 ] &&
    sed -n 1p "$TMP/err" | grep '^certo: ' | grep -qF -- "$text" && sed -n 2p "$TMP/err" | grep -q '^certo: hint: .'; then
    ok "$name"
  else
    not_ok "$name"
    {
      printf -- '--- %s: exit %s, expected %s, one sentence with "%s" and one hint:' "$name" "$code" "$expected" "$text"
      printf ' %s' "$@"
      printf '\n'
      head -c 20000 "$TMP/out" "$TMP/err"
    } >&2
  fi
  return 0
}

# names_in FILE: the names that the first certificate of FILE is for, sorted, on one line.
names_in() {
  openssl x509 -in "$1" -noout -ext subjectAltName | tr ',' '\n' | sed -n 's/^ *\(DNS\|IP Address\)://p' | sort |
    tr '\n' ' ' | sed 's/ $//'
}

# signed_by ROOT CHAIN: openssl can follow the chain up to the root.
signed_by() {
  openssl verify -CAfile "$1" -untrusted "$2" "$2"
}

# same_key KEY CHAIN: the first certificate is for this private key.
same_key() {
  [ "$(openssl pkey -in "$1" -pubout)" = "$(openssl x509 -in "$2" -noout -pubkey)" ]
}

# is VALUE EXPECTED: for use with check.
is() {
  [ "$1" = "$2" ] || { printf "it is '%s' and not '%s'\n" "$1" "$2" && return 1; }
}

# manage VERB JSON: one request to challtestsrv's management.
manage() {
  curl -sS --fail --noproxy '*' -m 10 -d "$2" "$CHALLTESTSRV/$1"
}

# The number of TXT values at NAME, in challtestsrv.
dns_txt_count() {
  "$DNS_PROVIDER" list "$1" | wc -l | tr -d ' '
}

# crontab_stand_in FILE: a crontab program that keeps its table in $HOME/crontab. The real one keeps the machine's.
crontab_stand_in() {
  cat >"$1" <<'END'
#!/bin/sh
case $1 in
  -l) cat "$HOME/crontab" 2>/dev/null || { echo "no crontab for somebody" >&2; exit 1; } ;;
  -) cat >"$HOME/crontab" ;;
esac
END
  chmod 755 "$1"
}

# new_account: makes a new default account, for which no name was proven. Pebble reuses one valid
# authorization in a hundred, even if its setting says none.
new_account() {
  rm -r "$CERTO_HOME/accounts"
  "$CERTO" account new --agree-tos
}

# set_a NAME ADDRESS: NAME resolves to ADDRESS and nothing else.
set_a() {
  clear_a "$1"
  manage add-a "{\"host\":\"$1\",\"addresses\":[\"$2\"]}"
}

clear_a() {
  manage clear-a "{\"host\":\"$1\"}"
}

# set_cname NAME TARGET: challtestsrv follows one step.
set_cname() {
  manage set-cname "{\"host\":\"$1\",\"target\":\"$2\"}"
}

# set_servfail NAME, clear_servfail NAME: every query for it fails.
set_servfail() {
  manage set-servfail "{\"host\":\"$1\"}"
}

clear_servfail() {
  manage clear-servfail "{\"host\":\"$1\"}"
}

# dns_history NAME: the queries for NAME, one query type a line (A, TXT, CAA or the number).
dns_history() {
  manage dns-request-history "{\"host\":\"${1%.}\"}" | python3 -c '
import json, sys
names = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA", 257: "CAA"}
for event in json.load(sys.stdin) or []:
    kind = event["Question"]["Qtype"]
    print(names.get(kind, kind))'
}

clear_dns_history() {
  manage clear-request-history "{\"host\":\"${1%.}\",\"type\":\"dns\"}"
}

# pebble_status SERIAL-HEX: Valid or Revoked.
pebble_status() {
  curl -sS --fail --noproxy '*' -m 10 --cacert "$PEBBLE_CA" "$PEBBLE_MGMT/cert-status-by-serial/$1" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["Status"])'
}

# pebble_root [N]: the PEM of the root that pebble issues under, or of its Nth alternate.
pebble_root() {
  curl -sS --fail --noproxy '*' -m 10 --cacert "$PEBBLE_CA" "$PEBBLE_MGMT/roots/${1:-0}"
}

# txt_values HOST:PORT NAME: the TXT values that this DNS server has for NAME, sorted, on one line.
txt_values() {
  DNS_ADDR=$1 "$DNS_PROVIDER" list "$2" | sort | tr '\n' ' ' | sed 's/ $//'
}

# bind_tool NAME ARGUMENT...: nsupdate or dig, if the testbed has BIND.
bind_tool() {
  local name=$1
  shift
  LD_LIBRARY_PATH=$BIND_LIBRARIES "$BIND_TOOLS/$name" "$@"
}

# fake_start FOLDER SCENARIO [FLAG...]: the fake CA; sets FAKE_DIRECTORY and FAKE_CA. Its requests are logged in
# FOLDER/requests.jsonl.
fake_start() {
  local folder=$1 scenario=$2
  shift 2
  fake_run "$folder" ca.py --scenario "$scenario" "$@"
}

# fake_run FOLDER PROGRAM [FLAG...]: starts a program of tests/fake, and reads FOLDER/env when it is ready.
fake_run() {
  local folder=$1 program=$2 tries=0
  shift 2
  mkdir -p "$folder"
  rm -f "$folder/env"
  python3 "$SOURCE/tests/fake/$program" --dir "$folder" "$@" >"$folder/log" 2>&1 </dev/null &
  printf '%s\n' "$!" >"$folder/pid"
  lib_fakes="$lib_fakes $folder"
  until [ -e "$folder/env" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 500 ] || ! kill -0 "$(cat "$folder/pid")" 2>/dev/null; then
      printf '%s did not start: %s\n' "$program" "$(tail -n 1 "$folder/log")" >&2
      return 1
    fi
    sleep 0.02
  done
  set -a
  # shellcheck disable=SC1091
  . "$folder/env"
  set +a
}

# fake_stop FOLDER: ends that fake, quietly when it is gone already.
fake_stop() {
  local pid
  [ -e "$1/pid" ] || return 0
  pid=$(cat "$1/pid")
  rm -f "$1/pid"
  kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  return 0
}

TESTBED=${TESTBED-pebble challtestsrv nginx}
if [ -n "$TESTBED" ]; then
  # shellcheck disable=SC2086  # a list of words
  if ! "$SOURCE/scripts/testbed.sh" start "$TMP/testbed" $TESTBED >&2; then
    not_ok "the test servers start"
    exit 1
  fi
  set -a
  # shellcheck disable=SC1091
  . "$TMP/testbed/env"
  set +a
fi
