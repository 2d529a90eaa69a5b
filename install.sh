#!/bin/sh
# Installs certo from a release:
#
#   curl -fsSL URL/install.sh | sh
#   curl -fsSL URL/install.sh | sh -s -- --prefix /opt/certo --no-schedule
#
# It needs sh, tar, gzip, curl or wget, and one of sha256sum, shasum, openssl and busybox. Nothing runs before
# the last line, so a download that is cut off does nothing.
set -eu

releases_url=https://certo.example/releases

usage() {
  cat << 'END'
install.sh [OPTION...]: installs certo
  --version V      this version (default: the newest)
  --prefix DIR     below DIR (default: /usr/local, or ~/.local for who is not root)
  --schedule       let systemd or cron renew every hour, without asking
  --no-schedule    do not, and do not ask
  --uninstall      remove certo and its schedule; the state folder stays
CERTO_BASE_URL names another server of releases.
END
}

# The key that signs releases; scripts/release.sh writes it between the markers.
public_key() {
  sed '/^#/d' << 'END'
# BEGIN KEY
# END KEY
END
}

say() { printf 'install.sh: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

has() { command -v "$1" > /dev/null 2>&1; }

architecture() {
  case $(uname -s) in
    Linux) ;;
    *) die "certo runs on Linux, and this is $(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64)
      # A 32-bit system on a 64-bit kernel; the program is static, so it runs there too.
      echo x86_64
      ;;
    aarch64 | arm64)
      # A Raspberry Pi often has a 64-bit kernel below 32-bit programs; those do run 64-bit ones.
      echo aarch64
      ;;
    armv7* | armv8* | armhf) echo armhf ;;
    *) die "there is no release for a $(uname -m); certo can be built from its source" ;;
  esac
}

# fetch URL FILE
fetch() {
  case $1 in
    https://*) ;;
    http://127.0.0.1:* | http://localhost:* | http://\[::1\]:*) ;;
    *) die "$1: only https is fetched" ;;
  esac
  if has curl; then
    curl -fsSL --proto-redir =https --connect-timeout 20 --retry 2 -o "$2" "$1" || return 1
  elif has wget; then
    fetch_with_wget "$1" "$2" || return 1
  else
    die "neither curl nor wget was found; install one of them"
  fi
}

is_busybox_wget() { wget --help 2>&1 | grep -qi busybox; }

# wget follows a redirect to plain http, so each redirect is checked here. busybox's wget cannot be kept from
# following one, but require_authentic allows it only if the signature is verified.
fetch_with_wget() {
  if is_busybox_wget; then
    wget -q -T 20 -O "$2" "$1"
    return
  fi
  url=$1
  for _ in 1 2 3 4 5 6; do
    if LC_ALL=C wget -S --max-redirect=0 -T 20 -O "$2" "$url" 2> wget.log; then return 0; fi
    next=$(sed -n 's/^ *[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]: *\([^ ]*\).*/\1/p' wget.log | tr -d '\r' | tail -n 1)
    case $next in
      https://*) url=$next ;;
      //*) url=https:$next ;;
      /*) url=$(echo "$url" | sed 's|^\([a-z]*://[^/]*\).*|\1|')$next ;;
      '') return 1 ;;
      *) die "$url: redirects to $next, which is not https" ;;
    esac
  done
  die "$1: too many redirects"
}

# busybox's wget does not verify the server's certificate; then only the signature proves whose release it is.
require_authentic() {
  if has curl || ! has wget || { [ -n "$(public_key)" ] && has openssl; }; then return; fi
  if is_busybox_wget; then
    die "busybox's wget does not verify the server; install openssl, curl or GNU wget as well"
  fi
}

sha256() {
  if has sha256sum; then
    sha256sum < "$1"
  elif has shasum; then
    shasum -a 256 < "$1"
  elif has openssl; then
    openssl dgst -sha256 -r < "$1"
  elif has busybox; then
    busybox sha256sum < "$1"
  else
    die "nothing here can compute SHA-256: sha256sum, shasum, openssl or busybox is needed"
  fi | cut -c1-64
}

# In the folder of the download: SHA256SUMS must be signed by the release key.
verify_signature() {
  public_key > key.pem
  if [ ! -s key.pem ]; then
    say "this copy of install.sh holds no key, so the checksum was verified and the signature was not"
  elif ! has openssl; then
    say "there is no openssl here, so the checksum was verified and the signature was not"
  else
    fetch "$1/SHA256SUMS.sig" SHA256SUMS.sig || die "there is no signature at $1/SHA256SUMS.sig"
    openssl dgst -sha256 -verify key.pem -signature SHA256SUMS.sig SHA256SUMS > /dev/null 2>&1 ||
      die "the signature of $1/SHA256SUMS is wrong; nothing was installed"
  fi
}

# The version of the release in SHA256SUMS; "" if it names none.
version_of_sums() {
  sed -n 's/^[0-9a-f]\{64\}  certo-\([0-9][0-9.]*\)-'"$1"'\.tar\.gz$/\1/p' SHA256SUMS
}

# download BASE VERSION ARCHITECTURE: into the current folder, verified; prints the tarball's name.
download() {
  if [ -n "$2" ]; then from=$1/v$2; else from=$1/latest; fi
  fetch "$from/SHA256SUMS" SHA256SUMS || die "$from/SHA256SUMS cannot be fetched"
  verify_signature "$from"
  version=$(version_of_sums "$3")
  case $version in
    '') die "there is no release for $3 at $from" ;;
    *[!0-9.]*) die "SHA256SUMS names more than one version" ;;
  esac
  [ -z "$2" ] || [ "$2" = "$version" ] || die "$from is of version $version"
  tarball=certo-$version-$3.tar.gz
  fetch "$1/v$version/$tarball" "$tarball" || die "$1/v$version/$tarball cannot be fetched"
  wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  $tarball\$/\1/p" SHA256SUMS)
  found=$(sha256 "$tarball")
  [ -n "$found" ] || exit 1
  [ "$found" = "$wanted" ] || die "$tarball is damaged: its checksum is wrong; nothing was installed"
  echo "$tarball"
}

# place TREE PREFIX: each file by a rename, so that a program that runs is not written to; certo itself comes
# last.
place() {
  (cd "$1" && find . -type f ! -path ./bin/certo | LC_ALL=C sort && echo ./bin/certo) > files
  while read -r file; do
    file=${file#./}
    mkdir -p "$2/${file%/*}"
    cp "$1/$file" "$2/$file.new" || die "$2/$file cannot be written"
    mv -f "$2/$file.new" "$2/$file"
  done < files
}

# Removes the files of the release and nothing else.
uninstall() {
  certo=$1/bin/certo
  [ -e "$certo" ] || die "there is no $certo; name its folder with --prefix"
  "$certo" schedule remove || say "the schedule could not be removed"
  rm -f "$certo" "$certo.old" "$1/libexec/certo/certo-provider-host" "$1/libexec/certo/certo-provider-host.old" \
    "$1/share/man/man1/certo.1" "$1"/share/man/man7/certo-*.7 "$1/share/bash-completion/completions/certo" \
    "$1/share/zsh/site-functions/_certo" "$1/share/fish/vendor_completions.d/certo.fish"
  rm -rf "$1/share/certo" "$1/share/doc/certo" "$1/include/certo"
  rm -f "$1/lib/certo/libcerto-provider.a"
  rmdir "$1/libexec/certo" "$1/lib/certo" 2> /dev/null || true
  say "certo is removed; certificates and keys are still in $(state_folder)"
}

state_folder() {
  if [ -n "${CERTO_HOME:-}" ]; then
    echo "$CERTO_HOME"
  elif [ "$(id -u)" = 0 ]; then
    echo /var/lib/certo
  else
    echo "${XDG_STATE_HOME:-$HOME/.local/state}/certo"
  fi
}

# The lines of cron and the timers that renew certificates already, one a line, without the one of
# `certo schedule install`.
renewal_jobs() {
  {
    crontab -l 2> /dev/null || true
    cat /etc/crontab /etc/cron.d/* 2> /dev/null || true
  } | grep -v '^[[:space:]]*#' | grep -v '# certo schedule$' |
    grep -E '(certo cron|acme\.sh .*--cron|certbot .*renew|certbot-auto|lego .*renew|dehydrated (-c|--cron))' || true
  for timer in certbot acme acme.sh dehydrated lego; do
    if systemctl is-enabled --quiet "$timer.timer" 2> /dev/null; then echo "$timer.timer"; fi
  done
}

# say_jobs JOBS: what to do about them.
say_jobs() {
  [ -n "$1" ] || return 0
  say "these jobs renew certificates on this machine already:"
  printf '%s\n' "$1" | sed 's/^/  /' >&2
  case $1 in
    *'certo cron'*) say "one of them starts certo: keep it, or remove it and run: certo schedule install" ;;
    *) say "certo takes their certificates over with 'certo import DIR'; then remove the job" ;;
  esac
}

# The script itself comes through stdin, so it asks the person on the terminal.
wants_schedule() {
  case $1 in
    yes) return 0 ;;
    no) return 1 ;;
  esac
  (: < /dev/tty > /dev/tty) 2> /dev/null || return 1
  printf 'Let certo renew its certificates every hour? [Y/n] ' > /dev/tty
  read -r answer < /dev/tty || return 1
  case $answer in
    '' | [yY]*) return 0 ;;
    *) return 1 ;;
  esac
}

# The new program must run here before any file is installed.
install_certo() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  arch=$(architecture)
  require_authentic
  tarball=$(cd "$work" && download "${CERTO_BASE_URL:-$releases_url}" "$2" "$arch")
  (cd "$work" && gzip -dc "$tarball" | tar xf -) || die "$tarball cannot be unpacked"
  tree=$work/${tarball%.tar.gz}
  chmod -R u+rwX,go+rX "$tree"
  "$tree/bin/certo" version > /dev/null || die "certo does not run on this machine; nothing was installed"
  (cd "$work" && umask 022 && place "$tree" "$1")
  say "$("$1/bin/certo" version) is installed: $1/bin/certo"
  case :$PATH: in
    *":$1/bin:"*) ;;
    *) say "$1/bin is not on PATH" ;;
  esac
  jobs=$(renewal_jobs)
  say_jobs "$jobs"
  wanted=$3
  # A second schedule would contact the CA twice.
  case $wanted$jobs in ask*'certo cron'*) wanted=no ;; esac
  if wants_schedule "$wanted"; then
    "$1/bin/certo" schedule install || say "the schedule could not be set up; later: certo schedule install"
  elif ! is_scheduled "$1/bin/certo" "$jobs"; then
    say "certificates are not renewed automatically yet; to change that: certo schedule install"
  fi
}

is_scheduled() {
  case $2 in *'certo cron'*) return 0 ;; esac
  [ "$("$1" schedule status 2> /dev/null)" != "not scheduled" ]
}

main() {
  prefix='' version='' schedule=ask action=install
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix=*) prefix=${1#*=} ;;
      --version=*) version=${1#*=} ;;
      --prefix | --version)
        [ $# -gt 1 ] || die "$1 needs a value"
        if [ "$1" = --prefix ]; then prefix=$2; else version=$2; fi
        shift
        ;;
      --schedule) schedule=yes ;;
      --no-schedule) schedule=no ;;
      --uninstall) action=uninstall ;;
      -h | --help)
        usage
        exit 0
        ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    shift
  done
  version=${version#v}
  case $version in
    *[!0-9.]*) die "--version $version: a version is digits and dots" ;;
  esac
  if [ -z "$prefix" ]; then
    if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
  fi
  case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  if [ "$action" = uninstall ]; then
    uninstall "$prefix"
  else
    install_certo "$prefix" "$version" "$schedule"
  fi
}

# All or nothing: a download that ends inside the braces is a syntax error.
{ main "$@"; exit; }
