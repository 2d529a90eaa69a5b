#!/bin/sh
# A deploy hook that runs a deploy script of acme.sh (deploy/NAME.sh) unchanged.
#
# (What acme.sh runs as --reloadcmd and --renew-hook needs no adapter.)
# Settings, KEY=value in STATE/credentials/hook-acmesh-deploy (mode 0600):
#   ACMESH_DEPLOY   needed: the script, for example /root/.acme.sh/deploy/synology_dsm.sh
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
# Their functions come first, so that nothing is saved where acme.sh keeps its settings. They expect
# variables that are unset to be empty.
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

# Settings are in the environment already.
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
  _get() { _curl "$1"; }
  # _post BODY URL [unused] [METHOD] [CONTENT-TYPE]
  _post() {
    set -- "$2" -X "${4:-POST}" --data-binary "$1" ${5:+-H} ${5:+"Content-Type: $5"}
    _curl "$@"
  }
  _curl() {
    for header in "${_H1-}" "${_H2-}" "${_H3-}" "${_H4-}" "${_H5-}"; do
      if [ -n "$header" ]; then set -- "$@" -H "$header"; fi
    done
    if [ -n "${HTTPS_INSECURE-}" ]; then set -- "$@" -k; fi
    curl -sS -L -m 60 "$@"
  }
fi

name=${ACMESH_DEPLOY##*/}
# shellcheck disable=SC1090
. "$ACMESH_DEPLOY" || exit
# shellcheck disable=SC2154 # all of them are told to hooks
"${name%.sh}_deploy" "$Le_Domain" "$CERT_KEY_PATH" "$CERT_PATH" "$CA_CERT_PATH" "$CERT_FULLCHAIN_PATH"
