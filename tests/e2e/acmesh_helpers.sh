#!/usr/bin/env bash
# The helpers that certo's host gives to scripts of acme.sh, by tests/golden/acmesh_helpers.tsv, under dash and busybox.
# The table is true of acme.sh itself, too.
TESTBED=
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

depot=${TESTBED_DEPOT:-$SOURCE/build/testbed}
"$SOURCE/scripts/testbed.sh" fetch acmesh >&2 || exit 1
busybox=$depot/busybox/bin/busybox
mkdir "$TMP/tools"
"$busybox" --install -s "$TMP/tools"
ln -s "$(command -v openssl)" "$TMP/tools/openssl" # checks signatures, and no host needs it
fake_run "$TMP/echo" dnsapi_echo.py || exit 1
KEYS=$TMP/keys
mkdir "$KEYS"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$KEYS/rsa.pem" 2>/dev/null
openssl pkey -in "$KEYS/rsa.pem" -pubout -out "$KEYS/rsa.pub"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$KEYS/ec.pem"
export BASE KEYS TABLE=$SOURCE/tests/golden/acmesh_helpers.tsv NO_TIMESTAMP=1

# A script that runs the table: a line "ok" or "not ok" for each row. SKIPS: rows of this kind are left out.
cat >"$TMP/dns_table.sh" <<'SCRIPT'
dns_table_add() {
  table_tab=$(printf '\t')
  table_row=0
  while IFS="$table_tab" read -r table_helper table_code table_expected table_why; do
    table_row=$((table_row + 1))
    case $table_helper in
      '#'* | '') continue ;;
      '!'*) [ -z "$SKIPS" ] || continue ;;
    esac
    case $table_helper in '$'*) continue ;; esac
    table_got=$(
      _H1= _H2= _H5=
      eval "$(printf '%b' "$table_code")" 2>&1 </dev/null
      printf '|%s' "$?"
    )
    if [ "$table_got" = "$(printf '%b' "$table_expected")" ]; then
      printf 'ok row %s: %s\n' "$table_row" "$table_helper"
    else
      printf 'not ok row %s: %s: %s: %s instead of %s\n' "$table_row" "$table_helper" "$table_code" "$table_got" \
        "$table_expected"
    fi
  done <"$TABLE"
}
SCRIPT

# table NAME COMMAND...: runs the table; each failed row is on stderr.
table() {
  local name=$1
  shift
  "$@" >"$TMP/rows" 2>"$TMP/table.err" </dev/null
  grep '^not ok' "$TMP/rows" >&2
  if [ "$(grep -c '^ok' "$TMP/rows")" -gt 100 ] && ! grep -q '^not ok' "$TMP/rows"; then
    ok "$name"
  else
    cat "$TMP/table.err" >&2
    not_ok "$name"
  fi
}

# hosted SHELL...: the table in certo's host.
hosted() {
  export CERTO_FOLDER=$TMP/private
  rm -rf "$CERTO_FOLDER"
  mkdir -p "$CERTO_FOLDER/account" "$CERTO_FOLDER/domain"
  "$@" "$SOURCE/hooks/adapters/acmesh-dnsapi.sh" add "$TMP/dns_table.sh" _acme-challenge.example.com value
}

table "each helper under dash" hosted dash
table "... under busybox sh, with busybox's own tools" hosted env PATH="$TMP/tools" "$busybox" sh
table "... under bash as sh" hosted bash --posix
check "the table has a row for each of the 54" is "$(cut -f1 "$TABLE" | tr -d '!' | grep '^_' | sort -u | wc -l)" 54

# acme.sh itself, without the line that runs it.
real() {
  export CERTO_FOLDER=$TMP/real
  mkdir -p "$CERTO_FOLDER"
  sed '/^main "\$@"$/d' "$depot/acmesh/usr/share/acme.sh/acme.sh" >"$CERTO_FOLDER/acme.sh"
  cat >"$CERTO_FOLDER/run.sh" <<SCRIPT
. "$CERTO_FOLDER/acme.sh"
. "$TMP/dns_table.sh"
ACCOUNT_CONF_PATH=$CERTO_FOLDER/account.conf DOMAIN_CONF=$CERTO_FOLDER/domain.conf
HTTP_HEADER=$CERTO_FOLDER/header __USE_EGREP=1 __USE_TR_TAG=1
: >"\$ACCOUNT_CONF_PATH"
: >"\$DOMAIN_CONF"
dns_table_add
SCRIPT
  SKIPS=1 dash "$CERTO_FOLDER/run.sh"
}
table "the table is true of acme.sh" real
