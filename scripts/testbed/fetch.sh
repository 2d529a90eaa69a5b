# shellcheck shell=bash
# The servers as Debian packages, unpacked into $depot. Only `fetch` and what it installs needs a network.

min_pebble=2.10
min_caddy=2.10
min_moto=5.1

# The Debian mirror and the releases that this machine uses, one "site release component" a line.
own_sources() {
  # shellcheck disable=SC2016  # apt's own fields
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u
}

# apt_in NAME COMMAND ARGUMENT...: apt with the source list NAME and nothing of the machine's apt state except
# the list of installed packages. It needs no privilege and leaves the machine's own package lists alone.
apt_in() {
  local name=$1 command=$2
  shift 2
  "$command" -q \
    -o Dir::Etc::SourceList="$depot/apt/$name.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$depot/apt/$name" -o Dir::Cache="$depot/apt/cache-$name" \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
    -o APT::Get::List-Cleanup=false "$@"
}

apt_update() {
  mkdir -p "$depot/apt/$1/partial" "$depot/apt/cache-$1/archives/partial"
  apt_in "$1" apt-get update >"$depot/apt/$1.log" 2>&1 ||
    die "cannot read the package lists: $(grep -m1 '^[EW]:' "$depot/apt/$1.log")"
}

# unpack_newest PACKAGE MINIMUM FOLDER [RELEASE]: the newest version, out of RELEASE where it has one that is new
# enough. Minimum versions, because sid's files vanish with the next upload.
unpack_newest() {
  local package=$1 minimum=$2 folder=$3 release=${4-} version deb
  version=$(apt_in new apt-cache madison "$package" |
    awk -F'|' -v release="$release" 'release == "" || index($3, release) { gsub(/ /, "", $2); print $2; exit }')
  if [ -n "$release" ] && ! { [ -n "$version" ] && dpkg --compare-versions "$version" ge "$minimum"; }; then
    unpack_newest "$package" "$minimum" "$folder"
    return
  fi
  [ -n "$version" ] || die "this machine's Debian mirror has no $package"
  dpkg --compare-versions "$version" ge "$minimum" || die "$package $version found, at least $minimum is needed"
  rm -rf "$depot/deb" "$depot/${folder:?}" "$depot/$folder.new"
  mkdir -p "$depot/deb"
  (cd "$depot/deb" && apt_in new apt-get download "$package=$version") >"$depot/apt/$package.log" 2>&1 ||
    die "cannot download $package $version: $(grep -m1 '^E:' "$depot/apt/$package.log")"
  for deb in "$depot"/deb/*.deb; do
    dpkg -x "$deb" "$depot/$folder.new"
  done
  mv "$depot/$folder.new" "$depot/$folder"
  rm -rf "$depot/deb"
}

# unpack_whole LIST FOLDER [APT-OPTION...] PACKAGE...: packages with the dependencies that apt finds missing.
unpack_whole() {
  local list=$1 folder=$2 archives deb
  shift 2
  archives=$depot/apt/cache-$list/archives
  rm -rf "$archives" "$depot/${folder:?}" "$depot/$folder.new"
  mkdir -p "$archives/partial" "$depot/$folder.new"
  apt_in "$list" apt-get install --download-only --no-install-recommends --reinstall -y "$@" \
    >"$depot/apt/$folder.log" 2>&1 || die "cannot download $folder: $(grep -m1 '^E:' "$depot/apt/$folder.log")"
  for deb in "$archives"/*.deb; do
    dpkg -x "$deb" "$depot/$folder.new"
  done
  rm -rf "$archives"
  mv "$depot/$folder.new" "$depot/$folder"
}

# The three programs that the tests call, installed only where they are missing.
need_programs() {
  local program missing=
  for program in python3 openssl curl; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || die "please install:$missing"
  # shellcheck disable=SC2086  # a list of words
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install $missing; } \
    >"$depot/install.log" 2>&1 || die "cannot install$missing, see $depot/install.log"
}

# The stamps tell what was fetched by which version of this file. moto is large and one test needs it, so it has
# its own; so have the servers that certificates are installed for.
stamp="5 pebble>=$min_pebble caddy>=$min_caddy nginx bind9 knot pdns"
moto_stamp="1 moto>=$min_moto"
tls_servers_stamp="2 apache haproxy postfix"
newer_libc_stamp="1 libc6 libstdc++6"

# fetched [moto|tls-servers|newer-libc]
fetched() {
  [ "$(cat "$depot/stamp" 2>/dev/null)" = "$stamp" ] || return 1
  case ${1-} in
    moto) [ "$(cat "$depot/moto/stamp" 2>/dev/null)" = "$moto_stamp" ] ;;
    tls-servers) [ "$(cat "$depot/tls-servers/stamp" 2>/dev/null)" = "$tls_servers_stamp" ] ;;
    newer-libc) [ "$(cat "$depot/newer-libc/stamp" 2>/dev/null)" = "$newer_libc_stamp" ] ;;
  esac
}

# The source lists: "new" for single packages of newer releases, "trixie" for a whole world of packages beside this
# machine's, "own" for what this machine itself would install.
write_sources() {
  local sources site keyring signed
  command -v apt-get >/dev/null || die "apt-get is needed to fetch the servers"
  sources=$(own_sources)
  site=${TESTBED_DEBIAN_SITE:-$(printf '%s\n' "$sources" | awk '$2 !~ /security|updates|backports/ { print $1; exit }')}
  [ -n "$site" ] || die "apt knows no Debian mirror on this machine"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  signed=
  [ ! -e "$keyring" ] || signed="[signed-by=$keyring]"
  mkdir -p "$depot/apt"
  printf 'deb %s %s %s main\n' "$signed" "$site" trixie-backports "$signed" "$site" sid >"$depot/apt/new.list"
  printf 'deb %s %s %s main\n' "$signed" "$site" trixie >"$depot/apt/trixie.list"
  printf '%s\n' "$sources" | awk -v signed="$signed" 'NF == 3 { print "deb", signed, $1, $2, $3 }' \
    >"$depot/apt/own.list"
}

fetch_servers() {
  local program
  apt_update new
  unpack_newest pebble "$min_pebble" pebble
  unpack_newest caddy "$min_caddy" caddy trixie-backports
  apt_update own
  unpack_whole own nginx nginx
  unpack_whole own bind bind9 bind9-utils bind9-dnsutils
  unpack_whole own knot knot
  unpack_whole own pdns pdns-server pdns-backend-sqlite3
  for program in pebble/usr/bin/pebble pebble/usr/bin/pebble-challtestsrv caddy/usr/bin/caddy \
    nginx/usr/sbin/nginx bind/usr/sbin/named knot/usr/sbin/knotd pdns/usr/sbin/pdns_server; do
    [ -x "$depot/$program" ] || die "the package of $program does not hold it"
  done
  "$depot/caddy/usr/bin/caddy" version >/dev/null || die "the fetched caddy does not run here"
  "$depot/pebble/usr/bin/pebble" -version >/dev/null || die "the fetched pebble does not run here"
  printf '%s\n' "$stamp" >"$depot/stamp"
}

# moto is Python for a newer interpreter than this machine's: it comes with that, with its libc, and with all that
# they depend on, as if nothing were installed here. Its package forgets flask-cors.
fetch_moto() {
  local version
  apt_update trixie
  version=$(apt_in trixie apt-cache madison python3-moto | awk -F'|' '{ gsub(/ /, "", $2); print $2; exit }')
  [ -n "$version" ] || die "this machine's Debian mirror has no python3-moto"
  dpkg --compare-versions "$version" ge "$min_moto" || die "python3-moto $version found, at least $min_moto is needed"
  : >"$depot/apt/nothing-installed"
  unpack_whole trixie moto -o Dir::State::status="$depot/apt/nothing-installed" python3-moto python3-flask-cors
  find_moto_python
  "${moto_python[@]}" -c 'import moto.server' || die "the fetched moto does not run here"
  printf '%s\n' "$moto_stamp" >"$depot/moto/stamp"
}

fetch_tls_servers() {
  apt_update own
  unpack_whole own tls-servers apache2-bin haproxy postfix
  for program in apache2 haproxy postfix; do
    [ -x "$depot/tls-servers/usr/sbin/$program" ] || die "the package of $program does not hold it"
  done
  printf '%s\n' "$tls_servers_stamp" >"$depot/tls-servers/stamp"
}

fetch_newer_libc() {
  apt_update trixie
  : >"$depot/apt/nothing-installed"
  unpack_whole trixie newer-libc -o Dir::State::status="$depot/apt/nothing-installed" libc6 libstdc++6
  [ -n "$(find "$depot/newer-libc" -name libc.so.6)" ] || die "the package of libc6 does not hold libc.so.6"
  printf '%s\n' "$newer_libc_stamp" >"$depot/newer-libc/stamp"
}

# fetch [moto|tls-servers|newer-libc]
fetch() {
  mkdir -p "$depot"
  exec 8>"$depot/lock"
  flock 8
  need_programs
  if ! fetched "$@"; then
    write_sources
    fetched || fetch_servers
    case ${1-} in
      moto) fetched moto || fetch_moto ;;
      tls-servers) fetched tls-servers || fetch_tls_servers ;;
      newer-libc) fetched newer-libc || fetch_newer_libc ;;
    esac
    rm -rf "$depot/apt"
  fi
  exec 8>&-
}
