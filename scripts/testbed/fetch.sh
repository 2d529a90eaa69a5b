# shellcheck shell=bash
# The servers as Debian packages, unpacked into $depot. Only `fetch` needs a network.

min_pebble=2.10
min_caddy=2.10
min_moto=5.1
min_acmesh=3.1

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

# unpack_newest PACKAGE MINIMUM FOLDER [RELEASE]: the newest version, from RELEASE if that has one that is new
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

# The programs that starting these servers takes, installed only if they are missing.
need_programs() {
  local program programs=openssl missing=
  for program in "$@"; do
    case $program in
      caddy) programs="$programs python3" ;;
      pdns) programs="$programs python3 curl" ;;
    esac
  done
  for program in $programs; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || die "please install:$missing"
  # shellcheck disable=SC2086  # a list of words
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install $missing; } \
    >"$depot/install.log" 2>&1 || die "cannot install$missing, see $depot/install.log"
}

# The names to fetch; without a name, all but the last ten, which are large or which few tests need.
usual_servers='pebble caddy nginx bind pdns'
fetchable=" $usual_servers moto tls-servers endpoints promtool chromium php-fpm newer-libc nginx-newer machine acmesh "

# stamp_of NAME: changes when its folder has to be fetched again.
stamp_of() {
  case $1 in
    pebble) printf '1 pebble>=%s' "$min_pebble" ;;
    caddy) printf '1 caddy>=%s' "$min_caddy" ;;
    moto) printf '1 moto>=%s' "$min_moto" ;;
    acmesh) printf '1 acme.sh>=%s' "$min_acmesh" ;;
    machine | nginx | tls-servers) printf '2 %s' "$1" ;;
    nginx-newer) printf '2 %s %s' "$1" "$(cd "$depot" && pwd -P)" ;; # its program names the folder
    *) printf '1 %s' "$1" ;;
  esac
}

# fetched NAME
fetched() {
  [ "$(cat "$depot/stamps/$1" 2>/dev/null)" = "$(stamp_of "$1")" ]
}

# The source lists: "new" for single packages of newer releases, "trixie" for a whole world of packages that
# is separate from this machine's, "own" for the packages that this machine itself would install.
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

# apt_list NAME: reads a source list, once.
apt_list() {
  case " ${apt_lists-} " in *" $1 "*) return ;; esac
  write_sources
  apt_update "$1"
  apt_lists="${apt_lists-} $1"
}

# holds FOLDER PROGRAM: whether the package contains it.
holds() {
  [ -x "$depot/$1/usr/$2" ] || die "the package of $1 does not hold /usr/$2"
}

fetch_pebble() {
  apt_list new
  unpack_newest pebble "$min_pebble" pebble
  holds pebble bin/pebble-challtestsrv
  "$depot/pebble/usr/bin/pebble" -version >/dev/null || die "the fetched pebble does not run here"
}

fetch_caddy() {
  apt_list new
  unpack_newest caddy "$min_caddy" caddy trixie-backports
  "$depot/caddy/usr/bin/caddy" version >/dev/null || die "the fetched caddy does not run here"
}

fetch_nginx() {
  apt_list own
  unpack_whole own nginx nginx libnginx-mod-stream
  holds nginx sbin/nginx
}

fetch_bind() {
  apt_list own
  unpack_whole own bind bind9 bind9-utils bind9-dnsutils
  unpack_whole own knot knot
  holds bind sbin/named
  holds knot sbin/knotd
}

fetch_pdns() {
  apt_list own
  unpack_whole own pdns pdns-server pdns-backend-sqlite3
  holds pdns sbin/pdns_server
}

# moto is Python for a newer interpreter than this machine's: it comes with that, its libc, and everything
# that they depend on, as if nothing were installed here. Its package forgets flask-cors.
fetch_moto() {
  local version
  apt_list trixie
  version=$(apt_in trixie apt-cache madison python3-moto | awk -F'|' '{ gsub(/ /, "", $2); print $2; exit }')
  [ -n "$version" ] || die "this machine's Debian mirror has no python3-moto"
  dpkg --compare-versions "$version" ge "$min_moto" || die "python3-moto $version found, at least $min_moto is needed"
  : >"$depot/apt/nothing-installed"
  unpack_whole trixie moto -o Dir::State::status="$depot/apt/nothing-installed" python3-moto python3-flask-cors
  find_moto_python
  "${moto_python[@]}" -c 'import moto.server' || die "the fetched moto does not run here"
}

fetch_tls-servers() {
  local program
  apt_list own
  unpack_whole own tls-servers apache2-bin haproxy postfix lighttpd lighttpd-modules-lua
  for program in apache2 haproxy postfix lighttpd; do holds tls-servers "sbin/$program"; done
}

fetch_newer-libc() {
  apt_list trixie
  : >"$depot/apt/nothing-installed"
  unpack_whole trixie newer-libc -o Dir::State::status="$depot/apt/nothing-installed" libc6 libstdc++6
  [ -n "$(find "$depot/newer-libc" -name libc.so.6)" ] || die "the package of libc6 does not contain libc.so.6"
}

# The nginx of the next Debian release, with its libc. Its program names its loader and its libraries, because certo
# runs the program that /proc shows, which is the loader if that was run.
fetch_nginx-newer() {
  local place loader
  apt_list trixie
  apt_list own
  : >"$depot/apt/nothing-installed"
  unpack_whole own patchelf patchelf
  holds patchelf bin/patchelf
  unpack_whole trixie nginx-newer -o Dir::State::status="$depot/apt/nothing-installed" nginx
  holds nginx-newer sbin/nginx
  place=$(cd "$depot/nginx-newer" && pwd -P)
  loader=$(find "$place/usr/lib" -name 'ld-linux*.so.*' | head -n 1)
  [ -n "$loader" ] || die "the package of libc6 does not contain its loader"
  # The older kind of path, which counts for the libraries of libraries, too.
  LD_LIBRARY_PATH=$(libraries patchelf) "$depot/patchelf/usr/bin/patchelf" --set-interpreter "$loader" \
    --force-rpath --set-rpath "$(depot=${place%/*} && libraries nginx-newer)" "$place/usr/sbin/nginx" ||
    die "patchelf cannot change $place/usr/sbin/nginx"
  "$place/usr/sbin/nginx" -v 2>/dev/null || die "the fetched nginx does not run here"
}

# acme.sh with its scripts for DNS services, the shells that run them, and the tools that some of them call.
fetch_acmesh() {
  apt_list new
  apt_list own
  unpack_newest acme.sh "$min_acmesh" acmesh
  unpack_whole own busybox busybox-static
  unpack_whole own knot-tools knot-dnsutils
  [ -n "$(find "$depot/acmesh" -name dns_nsupdate.sh)" ] || die "the package of acme.sh holds no script for DNS"
  [ -x "$depot/busybox/bin/busybox" ] || holds busybox bin/busybox
  holds knot-tools bin/knsupdate
}

# fetch NAME...: fetches those that are missing.
fetch() {
  local name
  mkdir -p "$depot/stamps"
  exec 8>"$depot/lock"
  flock 8
  need_programs "$@"
  for name in "$@"; do
    fetched "$name" || {
      printf 'testbed: fetching %s\n' "$name" >&2
      "fetch_$name"
      stamp_of "$name" >"$depot/stamps/$name"
    }
  done
  rm -rf "$depot/apt"
  exec 8>&-
}
