#!/usr/bin/env bash
# certo is killed at every call that changes the disk or contacts the CA, or one such call fails: the pair in use is
# whole at every instant, and the same command again finishes, with no key lost and no second order.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C

DYNAMIC=${DYNAMIC:-$(dirname "$CERTO")/certo-dynamic}
most=400 # more calls than any run makes; a run that reaches this number would never end
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/kill_at.so" "$SOURCE/tests/fake/kill_at.c" -ldl || exit 1

# Each way has its own folder and fake CA. Its failures go to $folder/PROPERTY.
begin() { # WAY
  folder=$TMP/$1
  mkdir -p "$folder/web"
  exec 2>"$folder/noise" # the shell's "Killed"
  trap 'fake_stop "$folder/ca"' EXIT
  fake_start "$folder/ca" good || exit 1
}

wrong() { # PROPERTY TEXT
  printf '%s\n' "$2" >>"$folder/$1"
}

faulty() { # N KIND COMMAND...
  local at=$1 kind=$2
  shift 2
  rm -f "$folder/call"
  LD_PRELOAD=$TMP/kill_at.so FAULT_AT=$at FAULT=$kind FAULT_LOG=$folder/call \
    "$DYNAMIC" "$@" >"$folder/out" 2>"$folder/err" </dev/null
}

sound() { # COMMAND...
  "$CERTO" "$@" >"$folder/out" 2>"$folder/err" </dev/null
}

public_of() { # KEY-FILE, which may be absent
  openssl pkey -in "$1" -pubout 2>/dev/null
}

pair_matches() { # CERTIFICATE-FOLDER
  local public
  public=$(public_of "$1/live/key.pem")
  [ -n "$public" ] && [ "$(openssl x509 -in "$1/live/fullchain.pem" -noout -pubkey 2>/dev/null)" = "$public" ]
}

orders_asked() {
  grep -c '"step": "new-order"' "$folder/ca/requests.jsonl"
}

looks_tidy() { # HOME CERTIFICATE-FOLDER
  [ -z "$(find "$folder/web" -mindepth 1)" ] && [ -z "$(find "$1/presented" -mindepth 1)" ] &&
    [ -z "$(find "$2" -name '*.tmp-*')" ] && [ ! -e "$2/next" ]
}

has_order() { # CERTIFICATE-FOLDER
  [ -e "$1/next/order.json" ] || [ -n "$(find "$1" -maxdepth 1 -name '2*Z-*' 2>/dev/null)" ]
}

# ---- a first run, killed

first_run_killed() {
  local at home entry account key before taken had what command code
  begin first
  for ((at = 1; at <= most; at++)); do
    home=$folder/$at entry=$folder/$at/certs/www.example.com
    command=(issue -d www.example.com --webroot "$folder/web" --agree-tos --home "$home" --server "$FAKE_DIRECTORY"
      --ca-bundle "$FAKE_CA")
    code=0
    faulty $at kill "${command[@]}" || code=$?
    [ -e "$folder/call" ] || break
    what="call $at, $(cat "$folder/call"):"
    [ $code = 137 ] || wrong finishes "$what was not killed: $code"
    had='' account=$(public_of "$home"/accounts/*/default/account.key) key=$(public_of "$entry/next/key.pem")
    if has_order "$entry"; then had=1; fi
    if [ -e "$entry/live" ]; then pair_matches "$entry" || wrong finishes "$what the live pair is not whole"; fi
    before=$(orders_asked)

    sound "${command[@]}" || wrong finishes "$what the next run ends with $?: $(cat "$folder/err")"
    pair_matches "$entry" || wrong finishes "$what the pair does not match"
    sound info www.example.com --home "$home" || wrong finishes "$what certo info ends with $?"
    looks_tidy "$home" "$entry" || wrong tidy "$what is left: $(find "$folder/web" "$home/presented" "$entry" -mindepth 1)"
    taken=$(($(orders_asked) - before))
    [ -z "$had" ] || [ $taken = 0 ] || wrong orders "$what $taken more orders, although one was written down"
    [ $taken -le 1 ] || wrong orders "$what the next run asked for $taken orders"
    [ -z "$account" ] || [ "$account" = "$(public_of "$home"/accounts/*/default/account.key)" ] ||
      wrong keys "$what another account key"
    [ -z "$had" ] || [ -z "$key" ] || [ "$key" = "$(public_of "$entry/live/key.pem")" ] ||
      wrong keys "$what the key of the order is not the one of the certificate"
    rm -rf "$home"
  done
  echo $((at - 1)) >"$folder/count"
}

# ---- a renewal, killed

first_certificate() {
  home=$folder/home entry=$folder/home/certs/www.example.com
  sound issue -d www.example.com --webroot "$folder/web" --agree-tos --home "$home" --server "$FAKE_DIRECTORY" \
    --ca-bundle "$FAKE_CA" || wrong finishes "the first certificate: $(cat "$folder/err")"
}

renewal_killed() {
  local at home entry key before taken open what command code
  begin renewal
  first_certificate
  command=(renew --force www.example.com --home "$home" --ca-bundle "$FAKE_CA")
  for ((at = 1; at <= most; at++)); do
    code=0
    faulty $at kill "${command[@]}" || code=$?
    [ -e "$folder/call" ] || break
    what="call $at, $(cat "$folder/call"):"
    [ $code = 137 ] || wrong finishes "$what was not killed: $code"
    pair_matches "$entry" || wrong whole "$what the live pair is not whole"
    openssl verify -CAfile "$FAKE_ROOT" -untrusted "$entry/live/chain.pem" "$entry/live/cert.pem" >/dev/null 2>&1 ||
      wrong whole "$what the live chain is not whole"
    # A complete version is made live, and then --force requests another one.
    open='' key=''
    if [ -e "$entry/next/order.json" ] && [ ! -e "$entry/next/fullchain.pem" ]; then open=1; fi
    [ -z "$open" ] || [ ! -e "$entry/next/key.pem" ] || key=$(public_of "$entry/next/key.pem")
    before=$(orders_asked)

    sound "${command[@]}" || wrong finishes "$what the next run ends with $?: $(cat "$folder/err")"
    pair_matches "$entry" || wrong whole "$what the renewed pair does not match"
    looks_tidy "$home" "$entry" || wrong tidy "$what is left: $(find "$folder/web" "$home/presented" "$entry" -mindepth 1)"
    taken=$(($(orders_asked) - before))
    [ -z "$open" ] || [ $taken = 0 ] || wrong orders "$what $taken more orders, although one was written down"
    [ -z "$key" ] || [ "$key" = "$(public_of "$entry/live/key.pem")" ] || wrong keys "$what the key of the order was lost"
  done
  echo $((at - 1)) >"$folder/count"
}

# ---- a renewal whose disk fails: once, or from then on

renewal_fails() { # WAY KIND STEP
  local at home entry account old what command code failed=0
  begin "$1"
  first_certificate
  account=$(public_of "$home"/accounts/*/default/account.key)
  command=(renew --force www.example.com --home "$home" --ca-bundle "$FAKE_CA")
  for ((at = 1; at <= most; at += $3)); do
    code=0 old=$(cat "$entry/live/fullchain.pem" "$entry/live/key.pem" | openssl sha256)
    faulty $at "$2" "${command[@]}" || code=$?
    [ -e "$folder/call" ] || break
    what="call $at, $(cat "$folder/call"):"
    pair_matches "$entry" || wrong whole "$what the live pair is not whole"
    case $code in
      # Only calls that the certificate does not need may fail unnoticed.
      0) [ "$old" != "$(cat "$entry/live/fullchain.pem" "$entry/live/key.pem" | openssl sha256)" ] ||
        wrong code "$what ends with 0 and has renewed nothing" ;;
      73) failed=$((failed + 1))
        [ "$(grep -cvP '^certo: (hint|warning|will fail|  do): |^certo: what certo sees itself' "$folder/err")" = 1 ] || wrong code "$what not one message: $(cat "$folder/err")" ;;
      *) wrong code "$what ends with $code: $(cat "$folder/err")" ;;
    esac
    sound "${command[@]}" || wrong finishes "$what the next run ends with $?: $(cat "$folder/err")"
    pair_matches "$entry" || wrong whole "$what the renewed pair does not match"
    looks_tidy "$home" "$entry" || wrong tidy "$what is left: $(find "$folder/web" "$home/presented" "$entry" -mindepth 1)"
    [ "$account" = "$(public_of "$home"/accounts/*/default/account.key)" ] || wrong keys "$what the account key changed"
  done
  [ $failed -gt $((at / $3 / 2)) ] || wrong code "of $at runs only $failed failed"
  echo $((at / $3)) >"$folder/count"
}

first_run_killed &
renewal_killed &
renewal_fails once ENOSPC 2 &
FAULT_STAYS=1 renewal_fails stays EIO 3 &
wait

verdict() { # WAY PROPERTY NAME
  if [ "$(cat "$TMP/$1/count" 2>/dev/null || echo 0)" -gt 20 ] && [ ! -s "$TMP/$1/$2" ]; then
    ok "$3"
  else
    not_ok "$3"
    { echo "--- $3:" && cat "$TMP/$1/$2"; } 2>&1 | head -c 6000 >&2
  fi
}

verdict first finishes "a first run that was killed is finished by the next one"
verdict first orders "a first run that was killed costs no second order once the order is written down"
verdict first keys "a first run that was killed loses no key"
verdict first tidy "a first run that was killed leaves nothing behind after the next one"
verdict renewal whole "a renewal that is killed leaves a whole pair in use"
verdict renewal finishes "a renewal that was killed is finished by the next one"
verdict renewal orders "a renewal that was killed costs no second order once the order is written down"
verdict renewal keys "a renewal that was killed loses no key"
verdict renewal tidy "a renewal that was killed leaves nothing behind after the next one"
for way in once stays; do
  case $way in
    once) story="one call finds the disk full" ;;
    stays) story="every call fails from one on" ;;
  esac
  verdict $way code "$story: the renewal ends with 73 and says why once"
  verdict $way whole "$story: the pair in use stays whole"
  verdict $way finishes "$story: the next run heals"
  verdict $way keys "$story: the account key stays"
  verdict $way tidy "$story: nothing is left behind after the next run"
done
for way in first renewal once stays; do printf '%s: %s instants\n' $way "$(cat "$TMP/$way/count")" >&2; done
