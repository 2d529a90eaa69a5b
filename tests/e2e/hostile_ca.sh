#!/usr/bin/env bash
# Every scenario of the fake CA against `certo issue --force` over a good pair. Whatever the CA does, certo ends with
# the code in the list and one clean line. Without a new certificate, the pair in use does not change, and no record
# or file for validation stays.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

name=www.example.com
at_once=${JOBS_AT_ONCE:-4}
witness=/tmp/certo-was-here # the scenarios name it as token and in shell text
SEED=$TMP/seed
mkdir -p "$SEED/web"

request_count() { # FOLDER STEP
  grep -c "\"method\": \"POST\".*\"step\": \"$2\"" "$1/requests.jsonl"
}

live_pair_matches() { # HOME
  local live=$1/certs/$name/live
  [ "$(openssl x509 -in "$live/fullchain.pem" -noout -pubkey)" = "$(openssl pkey -in "$live/key.pem" -pubout)" ]
}

# ---- a good pair, of a CA that is gone afterwards

fake_start "$SEED/ca" good || exit 1
check "a good pair to begin with" "$CERTO" issue -d $name --webroot "$SEED/web" --agree-tos --home "$SEED/home" \
  --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA"
fake_stop "$SEED/ca"
account_key=$(echo "$SEED"/home/accounts/*/default/account.key)
live_pair_matches "$SEED/home" || not_ok "the good pair matches"

# ---- one scenario

wrong() {
  printf '%s\n' "$*" >>"$wrong_file"
}

# Each event is one line that begins with "certo: "; nothing in it moves the cursor or the reading direction.
look_at_text() { # FILE PREFIX
  if grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$1"; then
    wrong "control or bidi bytes in $(basename "$1")"
  fi
  if grep -qvP "$2" "$1"; then wrong "a line in $(basename "$1") is not a line of certo"; fi
  if grep -qP '.{1400}' "$1"; then wrong "a line in $(basename "$1") is too long"; fi
}

look_at_failure() {
  cmp -s "$SEED/pair.key" "$live/key.pem" || wrong "the key in use changed"
  cmp -s "$SEED/pair.chain" "$live/fullchain.pem" || wrong "the certificate in use changed"
  [ "$(readlink "$live")" = "$(readlink "$SEED/home/certs/$name/live")" ] || wrong "live was switched"
  [ "$(grep -cvP '^certo: (hint|warning|will fail|  do): |^certo: what certo sees itself' "$folder/err")" = 1 ] || wrong "not one message"
}

look_at_success() {
  cmp -s "$SEED/pair.key" "$live/key.pem" && wrong "the key is the old one"
  live_pair_matches "$folder/home" || wrong "key and certificate do not match"
  openssl verify -no_check_time -CAfile "$FAKE_ROOT" -untrusted "$live/chain.pem" "$live/cert.pem" >>"$folder/verify" 2>&1 ||
    wrong "the chain does not verify"
}

look_at_remains() { # SCENARIO
  [ -z "$(find "$folder/web" -mindepth 1)" ] || wrong "something is left in the webroot"
  [ -z "$(find "$folder/home/presented" -mindepth 1 2>/dev/null)" ] || wrong "something is left in presented/"
  [ -z "$(find "$folder/home" -name '*.tmp-*')" ] || wrong "a temporary file is left"
  local accounts=$folder/home/accounts/127.0.0.1%3A${FAKE_PORT}_directory/default
  if [ "$1" = algorithm-other ]; then
    cmp -s "$account_key" "$accounts"/closed-*.key || wrong "the account key before is lost"
  else
    cmp -s "$account_key" "$accounts/account.key" || wrong "the account key changed"
  fi
  [ "$(stat -c %a "$live/key.pem")" = 600 ] || wrong "the key can be read by others"
  if grep -q '"scheme": "http"' "$folder/ca/requests.jsonl"; then wrong "a request went out without TLS"; fi
  [ ! -e "$witness" ] || wrong "$witness was made"
  look_at_text "$folder/err" '^certo: (  do: )?[^ ]'
  look_at_text "$folder/log" '^[0-9]{4}-|^certo: '
  # The program's JSON may be of several lines, its strings hold no raw control byte.
  if grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$folder/home/certs/$name/status.json"; then wrong "control bytes in status.json"; fi
}

# Promises of single scenarios in addition to that.
look_closer() { # SCENARIO
  local asked
  case $1 in
    nonce-refused-[56])
      asked=$(request_count "$folder/ca" new-order)
      [ "$asked" = 6 ] || wrong "newOrder was asked $asked times instead of 6" ;;
    nonce-refused-always)
      asked=$(request_count "$folder/ca" new-order)
      [ "$asked" -le 6 ] || wrong "newOrder was asked $asked times" ;;
    limited-* | paused | busy-far)
      asked=$(request_count "$folder/ca" new-order)
      [ "$asked" -le 3 ] || wrong "newOrder was asked $asked times" ;;
    alternates-*)
      asked=$(request_count "$folder/ca" certificate)
      [ "$asked" -le 11 ] || wrong "$asked chains were fetched" ;;
    token-* | order-other-* | order-more-* | order-no-* | order-shell-* | order-1000-* | authorization-other-* | authorization-ancestor)
      asked=$(request_count "$folder/ca" challenge)
      [ "$asked" = 0 ] || [[ $1 = token-not-canonical || $1 = token-shared ]] || wrong "a challenge was answered" ;;
    answer-lost | answer-lost-deaf | reset-once | finalize-slow | order-reused)
      asked=$(request_count "$folder/ca" new-order)
      [ "$asked" = 1 ] || wrong "newOrder was asked $asked times" ;;
    algorithm-other)
      openssl pkey -in "$folder"/home/accounts/*/default/account.key -noout -text | grep -q P-384 ||
        wrong "the account's key is not of type ec-384"
      grep -q '^certo: warning: the CA does not accept an account key of type ec-256' "$folder/err" || wrong "no warning" ;;
    algorithm-none)
      grep -q '^certo: hint: the CA accepts only EdDSA' "$folder/err" || wrong "no hint" ;;
    date-ahead | date-behind | certificate-counterpart)
      grep -q '^certo: warning: ' "$folder/err" || wrong "no warning" ;;
  esac
}

issue() { # FLAG...
  timeout -k 5 60 "$CERTO" issue -d $name --webroot "$folder/web" --agree-tos --force --home "$folder/home" \
    --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" --log "$folder/log" "$@" >"$folder/out" 2>"$folder/err" </dev/null
}

# The account of the good pair's CA is the account here, too, so that its key must survive.
prepare() { # SCENARIO
  mkdir -p "$folder/web" "$folder/ca"
  cp -a "$SEED/home" "$folder/home"
  rm -rf "$folder/home/accounts" "$folder/home/ca"
  # The fake CA needs most of its time to make keys.
  mkdir "$folder/ca/tls"
  cp "$SEED"/ca/tls/*.key "$folder/ca/tls/"
  fake_start "$folder/ca" "$1" || return 1
  touch "$folder/ca/requests.jsonl"
  (umask 077 && mkdir -p "$folder/home/accounts/127.0.0.1%3A${FAKE_PORT}_directory/default")
  cp -p "$account_key" "$folder/home/accounts/127.0.0.1%3A${FAKE_PORT}_directory/default/"
}

run_scenario() { # SCENARIO CODE MEANING
  local code=0 limit=30 begin
  folder=$TMP/run/$1 wrong_file=$TMP/run/$1/wrong live=$TMP/run/$1/home/certs/$name/live
  mkdir -p "$folder"
  : >"$wrong_file"
  trap 'fake_stop "$folder/ca"' EXIT
  prepare "$1" || { wrong "the fake CA did not start" && return; }
  case $3 in *patience*) limit=3 ;; esac
  begin=$SECONDS
  issue --deadline $limit || code=$?
  [ "$code" = "$2" ] || wrong "exit $code"
  # Without a deadline it would be minutes; a busy machine may need some seconds.
  [ $((SECONDS - begin)) -le $((limit + 20)) ] || wrong "took $((SECONDS - begin)) s"
  if [ "$2" = 0 ]; then look_at_success; else look_at_failure; fi
  look_at_remains "$1"
  look_closer "$1"
  if [ "$1" = answer-lost-deaf ]; then
    touch "$folder/ca/resume"
    issue || wrong "the next run ended with $?"
    look_at_success
    look_closer "$1"
  fi
  fake_stop "$folder/ca"
  if [ -s "$wrong_file" ]; then cat "$folder/out" "$folder/err" >"$folder/said"; else rm -rf "${folder:?}/home" "${folder:?}/ca"; fi
}

# ---- all of them, several at a time: most of the time is waiting

cp "$SEED/home/certs/$name/live/key.pem" "$SEED/pair.key"
cp "$SEED/home/certs/$name/live/fullchain.pem" "$SEED/pair.chain"
rm -rf "$witness"
python3 "$SOURCE/tests/fake/ca.py" --list >"$TMP/list"
# Scenarios that stall come first, in parallel with the quick ones.
grep patience "$TMP/list" >"$TMP/slow"
grep -v patience "$TMP/list" >"$TMP/quick"

run_list() { # FILE AT-ONCE
  local running=0 scenario code meaning
  while IFS=$'\t' read -r scenario code meaning; do
    [ -z "${ONLY-}" ] || [[ " $ONLY " = *" $scenario "* ]] || continue
    if [ "$running" -ge "$2" ]; then
      wait -n
      running=$((running - 1))
    fi
    (run_scenario "$scenario" "$code" "$meaning") &
    running=$((running + 1))
  done <"$1"
  wait
}
run_list "$TMP/slow" 3 &
run_list "$TMP/quick" "$at_once"

while IFS=$'\t' read -r scenario code meaning; do
  [ -z "${ONLY-}" ] || [[ " $ONLY " = *" $scenario "* ]] || continue
  if [ -e "$TMP/run/$scenario/wrong" ] && [ ! -s "$TMP/run/$scenario/wrong" ]; then
    ok "$scenario: ends with $code and does no harm"
  else
    not_ok "$scenario: ends with $code and does no harm"
    { echo "--- $scenario ($meaning):" && cat "$TMP/run/$scenario/wrong" && head -c 3000 "$TMP/run/$scenario/said"; } >&2
  fi
done <"$TMP/list"

# ---- with the right credentials, a CA that requires an external account is a good one

mkdir -p "$TMP/eab/web"
fake_start "$TMP/eab/ca" eab-required || exit 1
check "an external account is bound with the right key" env CERTO_EAB_HMAC="$FAKE_EAB_KEY" "$CERTO" issue -d $name \
  --webroot "$TMP/eab/web" --agree-tos --home "$TMP/eab/home" --server "$FAKE_DIRECTORY" --ca-bundle "$FAKE_CA" \
  --eab-kid "$FAKE_EAB_KID"
