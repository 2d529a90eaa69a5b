#!/bin/sh
# The host of acme.sh's scripts for DNS services (dnsapi/dns_NAME.sh), which run in it unchanged.
#
# certo contains this file, and runs it for --dns dns_NAME, for each record:
#   sh acmesh-dnsapi.sh add|rm SCRIPT RECORD-NAME VALUE
# with the script's settings in the environment, and
#   CERTO          the program certo, which does HTTP and cryptography here ('certo _dnsapi WORD')
#   CERTO_FOLDER   a private folder. In it, account/ and domain/ have a file for each value that the script saves,
#                  and errors has what it said before it failed
#   CERTO_ENDS     when certo ends the script, in seconds since 1970
set -u

case ${1-} in
  add | rm) ;;
  *)
    printf 'usage: certo issue -d example.com --dns dns_NAME (certo runs this file itself)\n' >&2
    exit 64
    ;;
esac
: "${CERTO:?}" "${CERTO_FOLDER:?}"

# Scripts expect unset variables to be empty.
set +u
umask 077

# ---- what acme.sh sets before it runs a script ----

# shellcheck disable=SC2034 # scripts use them
{
  LE_CONFIG_HOME=$CERTO_FOLDER
  LE_WORKING_DIR=$CERTO_FOLDER
  VER=3.1.2
  PROJECT_NAME=acme.sh
  PROJECT=https://github.com/acmesh-official/acme.sh
  DEBUG_LEVEL_NONE=0
  DEBUG_LEVEL_1=1
  DEBUG_LEVEL_2=2
  DEBUG_LEVEL_3=3
}
HTTP_HEADER=$CERTO_FOLDER/header
TMPDIR=$CERTO_FOLDER
export HTTP_HEADER TMPDIR
: >>"$HTTP_HEADER"

# ---- messages ----

# _certo_line TEXT [VALUE]: "TEXT", or "TEXT='VALUE'".
_certo_line() {
  if [ -n "${2-}" ]; then set -- "$1='$2'"; fi
  case ${NO_TIMESTAMP:-0} in
    0) printf '[%s] %s\n' "$(date)" "${1-}" ;;
    *) printf '%s\n' "${1-}" ;;
  esac
}

# _certo_colour NUMBER TEXT: in colour on a terminal.
_certo_colour() {
  if [ "${ACME_FORCE_COLOR-}" = 1 ] || { [ -t 1 ] && [ "${ACME_NO_COLOR:-0}" = 0 ]; }; then
    printf '\033[1;%sm%b\033[0m' "$1" "$2"
  else
    printf '%b' "$2"
  fi
}

__green() { _certo_colour 32 "${1-}"; }
__red() { _certo_colour 31 "${1-}"; }

_log() {
  if [ -n "${LOG_FILE-}" ]; then _certo_line "$@" >>"$LOG_FILE"; fi
}

# _info keeps the exit code of the command before it.
_info() {
  _certo_code=$?
  _log "$@"
  _certo_line "$@"
  return "$_certo_code"
}

_err() {
  _log "$@"
  _certo_line "$@" >&2
  if [ -n "${2-}" ]; then
    printf "%s='%s'\n" "$1" "$2" >>"$CERTO_FOLDER/errors"
  else
    printf '%s\n' "${1-}" >>"$CERTO_FOLDER/errors"
  fi
  return 1
}

_usage() {
  printf '%s\n' "$*" >&2
}

# _certo_debug LEVEL TEXT [VALUE]
_certo_debug() {
  if [ "${DEBUG:-0}" -ge "$1" ] 2>/dev/null; then
    shift
    _certo_line "$@" >&2
  fi
}

# _certo_secure LEVEL TEXT VALUE
_certo_secure() {
  if [ "${OUTPUT_INSECURE-}" = 1 ]; then
    _certo_debug "$@"
  else
    _certo_debug "$1" "${2-}" '[hidden]'
  fi
}

_debug() { _certo_debug 1 "$@"; }
_debug2() { _certo_debug 2 "$@"; }
_debug3() { _certo_debug 3 "$@"; }
_secure_debug() { _certo_secure 1 "$@"; }
_secure_debug2() { _certo_secure 2 "$@"; }
_secure_debug3() { _certo_secure 3 "$@"; }

# ---- text ----

# The second argument of these three is a basic regular expression, which a line has to match.
_contains() { printf '%s\n' "$1" | grep -- "$2" >/dev/null 2>&1; }
_startswith() { printf '%s\n' "$1" | grep -- "^$2" >/dev/null 2>&1; }
_endswith() { printf '%s\n' "$1" | grep -- "$2\$" >/dev/null 2>&1; }

_egrep_o() { grep -E -o -- "$1" 2>/dev/null; }
_head_n() { head -n "$1"; }
_tail_n() { tail -n "$1"; }
_lower_case() { LC_ALL=C tr ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz; }
_upper_case() { LC_ALL=C tr abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ; }
_math() { printf '%s' "$(($*))"; }
_url_replace() { tr '+/' '-_' | tr -d '= '; }
_json_decode() { sed 's,\\/,/,g'; }
_normalizeJson() { sed -e 's/" *: *\(["{[]\)/":\1/g' -e 's/^ *\([^ ]\)/\1/' | tr -d '\r\n'; }

# _getfield TEXT NUMBER [SEPARATOR]: the field, or the nearest filled one before it.
_getfield() {
  if [ -z "${2-}" ]; then
    _usage "_getfield TEXT NUMBER [SEPARATOR]"
    return 1
  fi
  _certo_number=$2
  while [ "$_certo_number" -gt 0 ]; do
    _certo_field=$(printf '%s\n' "$1" | cut -d "${3:-,}" -f "$_certo_number")
    if [ -n "$_certo_field" ]; then
      printf '%s' "$_certo_field"
      return 0
    fi
    _certo_number=$((_certo_number - 1))
  done
  printf '%s' "$1"
}

# _sed_i EXPRESSION FILE
_sed_i() {
  if [ -z "${2-}" ]; then
    _usage "_sed_i EXPRESSION FILE"
    return 1
  fi
  sed "$1" "$2" >"$CERTO_FOLDER/sed" && cat "$CERTO_FOLDER/sed" >"$2"
}

# ---- the machine ----

# True for functions and builtins, too.
_exists() {
  if [ -z "${1-}" ]; then
    _usage "_exists COMMAND"
    return 1
  fi
  command -v "$1" >/dev/null 2>&1 || return 1
}

_time() { date -u +%s; }
_utc_date() { date -u '+%Y-%m-%d %H:%M:%S'; }

# A wait that certo would end is not begun.
_sleep() {
  if [ -n "${CERTO_ENDS-}" ] && [ "${1%%[!0-9]*}" ] && [ $(($(date +%s) + ${1%%[!0-9]*})) -ge "$CERTO_ENDS" ]; then
    _err "it wants to wait for $1 s, which is longer than the time that is left: --deadline allows more"
    printf 'late\n' >"$CERTO_FOLDER/late"
    # In a function of the script, exit may end a subshell only.
    kill -TERM $$
    exit 75
  fi
  sleep "$1"
}

_mktemp() { mktemp "$CERTO_FOLDER/tmp.XXXXXXXX"; }

# ---- codes and cryptography ----

_base64() { "$CERTO" _dnsapi base64 ${1:+lines}; }
_dbase64() { "$CERTO" _dnsapi dbase64; }
_hex_dump() { "$CERTO" _dnsapi hex-dump; }
_h2b() { "$CERTO" _dnsapi from-hex; }
_url_encode() { "$CERTO" _dnsapi url-encode ${1:+"$1"}; }

# _digest ALGORITHM [hex]: base64 without "hex".
_digest() {
  case ${1-} in
    md5 | sha1 | sha256 | sha3-256) "$CERTO" _dnsapi digest "$1" ${2:+hex} ;;
    '') _usage "_digest ALGORITHM [hex]" && return 1 ;;
    *) _err "$1 is not a digest that acme.sh's scripts can use" ;;
  esac
}

# _hmac ALGORITHM KEY-IN-HEX [hex]: raw bytes without "hex". The key is the first line for certo.
_hmac() {
  if [ -z "${2-}" ]; then
    _usage "_hmac ALGORITHM KEY-IN-HEX [hex]"
    return 1
  fi
  case $1 in
    sha1 | sha256) { printf '%s\n' "$2" && cat; } | "$CERTO" _dnsapi hmac "$1" ${3:+hex} ;;
    *) _err "$1 is not an HMAC that acme.sh's scripts can use" ;;
  esac
}

# _sign KEY-FILE ALGORITHM. Some scripts write options of openssl after the algorithm.
_sign() {
  if [ -z "${2-}" ]; then
    _usage "_sign KEY-FILE ALGORITHM"
    return 1
  fi
  _certo_said "$CERTO" _dnsapi sign "$1" "$2"
}

_isRSA() { "$CERTO" _dnsapi is-rsa "$1" 2>/dev/null; }

# _idn NAME[,NAME...]
_idn() { _certo_said "$CERTO" _dnsapi idn "$1"; }

# _ns_lookup NAME TYPE: a line for each record.
_ns_lookup() { _certo_said "$CERTO" _dnsapi lookup "$1" "$2"; }

# _certo_said COMMAND...: what it says on stderr is an error of the script.
_certo_said() {
  "$@" 2>"$CERTO_FOLDER/said"
  _certo_code=$?
  if [ -s "$CERTO_FOLDER/said" ]; then _err "$(cat "$CERTO_FOLDER/said")"; fi
  return "$_certo_code"
}

# ---- HTTP ----

_resethttp() { ACME_HTTP_NO_REDIRECTS=; }

# _certo_http METHOD URL CONTENT-TYPE BODY WORD...: an empty line ends the lines before the body.
_certo_http() {
  _certo_method=$1 _certo_url=$2 _certo_type=$3 _certo_body=$4
  shift 4
  {
    printf '%s %s\n' "$_certo_method" "$_certo_url"
    printf 'type %s\nredirects %s\ninsecure %s\n' "$_certo_type" "${ACME_HTTP_NO_REDIRECTS:+no}" "${HTTPS_INSECURE-}"
    if [ -n "${CA_PATH-}" ]; then
      printf 'folder %s\n' "$CA_PATH"
    elif [ -n "${CA_BUNDLE-}" ]; then
      printf 'bundle %s\n' "$CA_BUNDLE"
    fi
    printf '%s\n' "${_H1-}" "${_H2-}" "${_H3-}" "${_H4-}" "${_H5-}" | tr -d '\r' | sed -n 's/^./header &/p'
    printf '\n%s' "$_certo_body"
  } | _certo_said "$CERTO" _dnsapi http "$HTTP_HEADER" "$@"
}

# _post BODY URL [NEEDBASE64] [METHOD] [CONTENT-TYPE]: its exit code is that of the exchange, whatever the status.
_post() {
  _debug "${4:-POST}" "$2"
  _debug2 body "$1"
  response=$(_certo_http "${4:-POST}" "$2" "${5-}" "$1" ${3:+base64})
  _certo_code=$?
  _debug2 response "$response"
  printf '%s' "$response"
  return "$_certo_code"
}

# _get URL [ONLYHEADER] [SECONDS-TO-CONNECT]
_get() {
  _debug GET "$1"
  if [ -n "${2-}" ]; then
    _certo_http HEAD "$1" '' '' ${3:+"connect=$3"}
  else
    _certo_http GET "$1" '' '' ${3:+"connect=$3"}
  fi
}

# ---- values that scripts save ----

# _certo_save account|domain NAME VALUE
_certo_save() {
  case ${2-} in
    '' | *[!A-Za-z0-9_]*) _err "'${2-}' is not a name that a value can be saved as" ;;
    *) printf '%s' "${3-}" >"$CERTO_FOLDER/$1/$2" ;;
  esac
}
_certo_read() {
  if [ -f "$CERTO_FOLDER/$1/$2" ]; then cat "$CERTO_FOLDER/$1/$2"; fi
}
_certo_clear() {
  case ${2-} in
    '' | *[!A-Za-z0-9_]*) ;;
    *) rm -f "$CERTO_FOLDER/$1/$2" ;;
  esac
}

_saveaccountconf() { _certo_save account "$@"; }
_readaccountconf() { _certo_read account "$1"; }
_clearaccountconf() { _certo_clear account "$1"; }
_saveaccountconf_mutable() {
  _certo_save account "SAVED_$1" "${2-}" && _certo_clear account "$1"
}
_readaccountconf_mutable() { _certo_read account "SAVED_$1"; }
_clearaccountconf_mutable() {
  _certo_clear account "SAVED_$1"
  _certo_clear account "$1"
}
_savedomainconf() { _certo_save domain "$@"; }
_readdomainconf() { _certo_read domain "$1"; }
_cleardomainconf() { _certo_clear domain "$1"; }

# ---- the script ----

_certo_name=${2##*/}
_certo_call=${_certo_name%.sh}_$1
_certo_script=$2
shift 2
_certo_record=$1 _certo_value=$2
set --
# shellcheck disable=SC1090
. "$_certo_script" || {
  printf 'the script cannot be read by sh\n' >&2
  exit 78
}
if ! command -v "$_certo_call" >/dev/null 2>&1; then
  printf 'it has no function %s\n' "$_certo_call" >&2
  exit 78
fi
"$_certo_call" "$_certo_record" "$_certo_value"
