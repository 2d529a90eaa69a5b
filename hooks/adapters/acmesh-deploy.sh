#!/bin/sh
# A deploy hook that runs a deploy script of acme.sh (deploy/NAME.sh) unchanged.
#
# (Commands for --reloadcmd and --renew-hook of acme.sh need no adapter.)
# Settings, KEY=value in STATE/credentials/hook-acmesh-deploy (mode 0600):
#   ACMESH_DEPLOY   required: the script, for example /root/.acme.sh/deploy/synology_dsm.sh
#   ACMESH          acme.sh itself, for scripts that use more of its functions than those below
#   and the variables of the script itself
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/adapters/acmesh-deploy.sh STATE/hooks/deploy/acmesh-deploy.sh
#   certo hooks test NAME
set -u

if [ ! -r "${ACMESH_DEPLOY-}" ]; then
  printf 'acmesh-deploy: ACMESH_DEPLOY is not set to a script\n' >&2
  exit 78
fi
# acme.sh's functions come first, so that ours replace those that save settings. They expect unset variables
# to be empty.
set +u
# shellcheck disable=SC1090
if [ -n "${ACMESH-}" ]; then . "$ACMESH" >/dev/null; fi

_info() { printf '%s\n' "$*"; }
_err() { printf '%s\n' "$*" >&2; }
_debug() { :; }
_debug2() { :; }
_debug3() { :; }
_secure_debug() { :; }
_secure_debug2() { :; }
_secure_debug3() { :; }

# The environment has the settings already.
_getdeployconf() { :; }
_savedeployconf() { :; }
_cleardeployconf() { :; }
_migratedeployconf() { :; }
_getdomainconf() { :; }
_readdomainconf() { eval "printf '%s' \"\${$1-}\""; }
_savedomainconf() { :; }
_cleardomainconf() { :; }
_saveaccountconf() { :; }
_readaccountconf() { eval "printf '%s' \"\${$1-}\""; }

if [ -z "${ACMESH-}" ]; then
  _exists() { command -v "$1" >/dev/null 2>&1; }
  _startswith() { case $1 in "$2"*) return 0 ;; *) return 1 ;; esac; }
  _endswith() { case $1 in *"$2") return 0 ;; *) return 1 ;; esac; }
  _contains() { printf '%s' "$1" | grep -q -- "$2"; }
  _mktemp() { mktemp; }
  _lower_case() { tr '[:upper:]' '[:lower:]'; }
  _upper_case() { tr '[:lower:]' '[:upper:]'; }
  # _base64 [multiline]
  _base64() { if [ "${1-}" ]; then openssl base64 -e; else openssl base64 -e -A; fi; }
  _dbase64() { openssl base64 -d -A; }
  # _get URL; _H1 to _H5 are headers.
  _get() { _curl "$1" GET "" ""; }
  # _post BODY URL [unused] [METHOD] [CONTENT-TYPE]
  _post() { _curl "$2" "${4:-POST}" "${5-}" "$1"; }
  # _curl URL METHOD CONTENT-TYPE BODY: by curl's configuration on stdin, which keeps keys and tokens out of
  # the list of processes.
  _curl() {
    {
      _option url "$1"
      _option request "$2"
      for header in "${3:+Content-Type: $3}" "${_H1-}" "${_H2-}" "${_H3-}" "${_H4-}" "${_H5-}"; do
        if [ -n "$header" ]; then _option header "$header"; fi
      done
      if [ "$2" != GET ]; then _option data-raw "$4"; fi
    } | curl -sS -L --proto-redir '=https,http' -m 60 ${HTTPS_INSECURE:+-k} -K -
  }
  # _option NAME VALUE: a line of curl's configuration.
  _option() {
    printf '%s = "' "$1"
    printf '%s' "$2" | awk '{ gsub(/[\\"]/, "\\\\&"); gsub(/\r/, "\\r"); printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'
    case $2 in *"
") printf '\\n' ;; esac
    printf '"\n'
  }
fi

name=${ACMESH_DEPLOY##*/}
# shellcheck disable=SC1090
. "$ACMESH_DEPLOY" || exit
# shellcheck disable=SC2154 # certo sets all of them for hooks
"${name%.sh}_deploy" "$Le_Domain" "$CERT_KEY_PATH" "$CERT_PATH" "$CA_CERT_PATH" "$CERT_FULLCHAIN_PATH"
