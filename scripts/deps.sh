#!/usr/bin/env bash
# Builds the libraries that certo links, static, into one folder: scripts/deps.sh [FOLDER]
#
# Sources are pinned by SHA-256. They come from $CERTO_SOURCES (a folder of tarballs) when that is set,
# else from the machine's own Debian mirror, else from upstream. A library is built again when its version,
# its recipe below or a library under it changed, and only then.
#
# CROSS=aarch64-linux-gnu builds them for that machine, into a separate folder. Libraries that g++ finds as
# packages here (libidn2, libunistring) are then in that folder, too.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p "${1:-build/deps}"
# The real path, because it is part of the build: a folder that is reached by a link is the same one.
prefix=$(cd "${1:-build/deps}" && pwd -P)
jobs=$(nproc 2> /dev/null || echo 2)
# For size, except what takes the time: see build_mbedtls.
flags='-Os -g1 -DNDEBUG -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2'
# No path of the machine that built it goes into the program.
flags+=" -ffile-prefix-map=$prefix=deps"
# No exception passes through a library in C: what it calls back throws none.
c_only='-fno-asynchronous-unwind-tables'

# name, version, SHA-256, path in a Debian mirror, upstream. If two rows have one name, the first is
# preferred; the second is for the day when no server has the first any more. A dash: Debian repacked
# it, so upstream's file has another checksum. (fmt is here because its package has no static library.)
sources() {
  cat << 'END'
mbedtls 3.6.6 8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a m/mbedtls/mbedtls_3.6.6.orig.tar.bz2 https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-3.6.6/mbedtls-3.6.6.tar.bz2
mbedtls 3.6.7 a7e8bcbec0e6f761b4af24f25677626b35f762f68eef79c08677a363212d11f6 m/mbedtls/mbedtls_3.6.7.orig.tar.bz2 https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-3.6.7/mbedtls-3.6.7.tar.bz2
nghttp2 1.64.0 b452dc69a1fcbc9375389b8b154175d8b7b125cdd713fc426774c2b79a1ebd77 n/nghttp2/nghttp2_1.64.0.orig.tar.gz https://github.com/nghttp2/nghttp2/archive/refs/tags/v1.64.0.tar.gz
nghttp2 1.70.0 aa317e2cf9dca6afa0aed68f8fad6ff303ec6982e25a78c75c0b65e2b9b3ded5 n/nghttp2/nghttp2_1.70.0.orig.tar.gz https://github.com/nghttp2/nghttp2/releases/download/v1.70.0/nghttp2-1.70.0.tar.gz
c-ares 1.34.5 7d935790e9af081c25c495fd13c2cfcda4792983418e96358ef6e7320ee06346 c/c-ares/c-ares_1.34.5.orig.tar.gz https://github.com/c-ares/c-ares/releases/download/v1.34.5/c-ares-1.34.5.tar.gz
curl 8.14.1 6766ada7101d292b42b8b15681120acd68effa4a9660935853cf6d61f0d984d4 c/curl/curl_8.14.1.orig.tar.gz https://curl.se/download/curl-8.14.1.tar.gz
curl 8.21.0 d9b327997999045a24cda50f3983e69e51c516bd8be6ef9842fc7f99135e33bb c/curl/curl_8.21.0.orig.tar.gz https://curl.se/download/curl-8.21.0.tar.gz
fmt 9.1.0 84ce1c2d0be3a9863935137969dcec6970125caac032f82474640bfc81463583 f/fmtlib/fmtlib_9.1.0+ds1.orig.tar.gz -
fmt 10.1.1 7000f214d2628f04174822f8048c573f1608194408d7931121595a03f1c18a17 f/fmtlib/fmtlib_10.1.1+ds1.orig.tar.gz -
simdjson 3.0.1 156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed s/simdjson/simdjson_3.0.1.orig.tar.gz https://github.com/simdjson/simdjson/archive/refs/tags/v3.0.1.tar.gz
doctest 2.4.11 632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186 d/doctest/doctest_2.4.11.orig.tar.gz https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
doctest 2.4.9 7cc78169975bea36e70ab9d67e7de9b03d89b38653499ad03243e3944429b1ab d/doctest/doctest_2.4.9~ds.orig.tar.xz -
publicsuffix 20250328.1952 98a1c1966565e309fe72adf74495e5bd015a026163191bb39ea7291b0160bad6 p/publicsuffix/publicsuffix_20250328.1952.orig.tar.gz https://snapshot.debian.org/archive/debian/20250401T000000Z/pool/main/p/publicsuffix/publicsuffix_20250328.1952.orig.tar.gz
publicsuffix 20230209.2326 ac57fb2dc079629f6cd423c398a3b92cdb83b0066f59f96c2c11045d719d1875 p/publicsuffix/publicsuffix_20230209.2326.orig.tar.gz https://snapshot.debian.org/archive/debian/20230301T000000Z/pool/main/p/publicsuffix/publicsuffix_20230209.2326.orig.tar.gz
END
}

# The libraries that a library needs; it is built after them, and again if one of them was.
needs() { case $1 in curl) echo 'mbedtls nghttp2 c-ares' ;; esac; }

# ---- the recipes: each runs in the unpacked source folder and installs into $prefix ----

cmake_static() {
  cmake -S . -B out -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="$flags $c_only" -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF "$@"
  cmake --build out -j "$jobs"
  cmake --install out
}

build_mbedtls() {
  # Calculations with big numbers take most of certo's time, and encryption that of a transfer.
  local fast='aes aesni aesce bignum bignum_core bignum_mod bignum_mod_raw chacha20 constant_time ecp ecp_curves gcm
    poly1305 rsa sha1 sha256 sha512'
  # shellcheck disable=SC2086 # a list of words
  echo "set_source_files_properties($(printf '%s.c ' $fast) PROPERTIES COMPILE_OPTIONS -O2)" >> library/CMakeLists.txt
  # The overrides go into the header that is installed: a program that compiles with another configuration
  # than the library has other struct layouts and fails at run time only.
  cat >> include/mbedtls/mbedtls_config.h << 'END'

/* certo: needed */
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
/* certo: speed */
#undef MBEDTLS_ECP_WINDOW_SIZE
#define MBEDTLS_ECP_WINDOW_SIZE 5
#undef MBEDTLS_ECP_FIXED_POINT_OPTIM
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1
/* certo: no UDP, no shared secrets, no self test, no debug text, and no key that PSA keeps in a file */
#undef MBEDTLS_SSL_PROTO_DTLS
#undef MBEDTLS_SSL_DTLS_CONNECTION_ID
#undef MBEDTLS_SSL_DTLS_CONNECTION_ID_COMPAT
#undef MBEDTLS_SSL_DTLS_ANTI_REPLAY
#undef MBEDTLS_SSL_DTLS_HELLO_VERIFY
#undef MBEDTLS_SSL_DTLS_CLIENT_PORT_REUSE
#undef MBEDTLS_SSL_COOKIE_C
#undef MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_DHE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_RSA_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDH_ECDSA_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDH_RSA_ENABLED
#undef MBEDTLS_SSL_RENEGOTIATION
#undef MBEDTLS_ECJPAKE_C
#undef MBEDTLS_LMS_C
#undef MBEDTLS_PKCS7_C
#undef MBEDTLS_CAMELLIA_C
#undef MBEDTLS_ARIA_C
#undef MBEDTLS_RIPEMD160_C
#undef MBEDTLS_PSA_CRYPTO_STORAGE_C
#undef MBEDTLS_PSA_ITS_FILE_C
#undef MBEDTLS_SELF_TEST
#undef MBEDTLS_DEBUG_C
#undef MBEDTLS_VERSION_FEATURES
END
  cmake_static -DENABLE_PROGRAMS=OFF -DENABLE_TESTING=OFF -DGEN_FILES=OFF -DMBEDTLS_FATAL_WARNINGS=OFF
}

build_nghttp2() {
  cmake_static -DENABLE_LIB_ONLY=ON -DENABLE_STATIC_LIB=ON -DBUILD_STATIC_LIBS=ON -DENABLE_SHARED_LIB=OFF \
    -DENABLE_DOC=OFF -DBUILD_TESTING=OFF
}

build_c-ares() {
  # To look up names of services needs NSS, which a static program does not have; certo uses numbers.
  sed -i -E -e '/#include "ares_private.h"/a #undef HAVE_GETSERVBYNAME_R\n#undef HAVE_GETSERVBYPORT_R' \
    -e 's/sep += getservby(name|port)\([^;]*;/sep = NULL;/' src/lib/ares_getaddrinfo.c src/lib/ares_getnameinfo.c
  # arc4random is new in glibc 2.36; without it the provider host runs on an older one too.
  ./configure --prefix="$prefix" --disable-shared --enable-static --disable-tests --with-pic \
    ac_cv_have_decl_arc4random_buf=no ac_cv_func_arc4random_buf=no CFLAGS="$flags $c_only"
  make -j "$jobs"
  make install
}

build_curl() {
  # Protocols and habits of browsers that an ACME client has no use for are left out; DNS is c-ares' work, so
  # that the static program needs no NSS module.
  ./configure --prefix="$prefix" --disable-shared --enable-static --with-pic --disable-dependency-tracking \
    --with-mbedtls="$prefix" --with-nghttp2="$prefix" --enable-ares="$prefix" \
    --without-ca-bundle --without-ca-path --without-ca-fallback \
    --without-zlib --without-brotli --without-zstd --without-libidn2 --without-libpsl --without-libssh2 \
    --without-librtmp --without-libgsasl --without-nghttp3 --without-ngtcp2 \
    --enable-http --enable-smtp --enable-proxy --enable-ipv6 --enable-unix-sockets \
    --disable-ftp --disable-file --disable-ipfs --disable-ldap --disable-ldaps --disable-rtsp --disable-dict \
    --disable-telnet --disable-tftp --disable-pop3 --disable-imap --disable-smb --disable-gopher --disable-mqtt \
    --disable-websockets --disable-threaded-resolver --disable-doh --disable-ntlm --disable-kerberos-auth \
    --disable-negotiate-auth --disable-aws --disable-tls-srp --disable-cookies --disable-netrc --disable-hsts \
    --disable-alt-svc --disable-progress-meter --disable-libcurl-option --disable-mime --disable-form-api \
    --disable-verbose --disable-docs --disable-manual CFLAGS="$flags $c_only"
  make -j "$jobs" -C lib
  make -C lib install
  make -C include install
}

build_fmt() {
  # Without std::locale, which would be a tenth of the static program.
  local flags="$flags -DFMT_STATIC_THOUSANDS_SEPARATOR=44"  # a comma, in a form that no shell changes
  cmake_static -DFMT_DOC=OFF -DFMT_TEST=OFF -DFMT_FUZZ=OFF
}

build_simdjson() {
  # Documents are small, so one implementation is enough where simdjson would choose among four at run time.
  sed -i '1i #define SIMDJSON_IMPLEMENTATION_ICELAKE 0\n#define SIMDJSON_IMPLEMENTATION_HASWELL 0\n#define SIMDJSON_IMPLEMENTATION_WESTMERE 0' \
    singleheader/simdjson.h
  # shellcheck disable=SC2086 # several words
  ${CXX:-g++} -std=c++17 $flags -Isingleheader -c singleheader/simdjson.cpp -o simdjson.o
  rm -f "$prefix/lib/libsimdjson.a"
  ar rcs "$prefix/lib/libsimdjson.a" simdjson.o
  cp singleheader/simdjson.h "$prefix/include/"
}

build_doctest() {
  mkdir -p "$prefix/include/doctest"
  cp doctest/doctest.h "$prefix/include/doctest/"
}

# The rules of the Public Suffix List as sorted numbers of 40 bits, 49 KB: the hash of a rule's labels, which
# src/net/registered_domain.cc calculates in the same way, times four, plus its kind: 0 a name, 1 all names directly
# below it ("*."), 2 an exception ("!"). No number is larger than awk can multiply exactly.
build_publicsuffix() {
  LC_ALL=C awk '
    BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
    /^\/\// || NF == 0 { next }
    {
      rule = $1
      kind = sub(/^\*\./, "", rule) ? 1 : sub(/^!/, "", rule) ? 2 : 0
      if (rule ~ /[*!]/) { print "not a rule: " $1 > "/dev/stderr"; exit 1 }
      hash = 0
      for (i = 1; i <= length(rule); i++) hash = (hash * 263 + code[substr(rule, i, 1)]) % 274877906899
      printf "%.0f\n", hash * 4 + kind
    }' public_suffix_list.dat > numbers
  # No two rules have the same number, and it is the whole list.
  [ -z "$(sort numbers | uniq -d)" ] && [ "$(wc -l < numbers)" -gt 5000 ]
  {
    echo '// The Public Suffix List (https://publicsuffix.org, MPL 2.0), made by scripts/deps.sh.'
    echo 'constexpr uint32_t suffix_heads[] = {'
    sort -n numbers | awk '{ printf "%.0f,", int($1 / 256) } END { print "};" }'
    echo 'constexpr uint8_t suffix_tails[] = {'
    sort -n numbers | awk '{ printf "%d,", $1 % 256 } END { print "};" }'
  } > "$prefix/include/public_suffixes.h"
}

# ---- fetching ----

# shellcheck disable=SC2016 # apt-get replaces $(SITE)
mirrors() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2> /dev/null | sort -u; }

matches() { echo "$2  $1" | sha256sum --check --status 2> /dev/null; }

# download URL FILE SHA256: by apt's own downloader for a mirror (it knows the proxy), else by curl or wget.
download() {
  rm -f "$2"
  if [ -x /usr/lib/apt/apt-helper ]; then
    /usr/lib/apt/apt-helper -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
      download-file "$1" "$2" "SHA256:$3" && return
  elif command -v curl > /dev/null; then
    curl -fsSL --connect-timeout 20 --retry 2 -o "$2" "$1" && return
  elif command -v wget > /dev/null; then
    wget -q -T 20 -O "$2" "$1" && return
  fi
  return 1
}

# fetch NAME VERSION SHA256 POOL UPSTREAM: prints the tarball's path.
fetch() {
  local name=$1 version=$2 sum=$3 pool=$4 upstream=$5 file url given
  file=$prefix/src/$name-$version.${pool##*.orig.}
  if matches "$file" "$sum"; then
    echo "$file"
    return
  fi
  for given in ${CERTO_SOURCES:+"$CERTO_SOURCES/${file##*/}" "$CERTO_SOURCES/${pool##*/}"}; do
    if matches "$given" "$sum"; then
      echo "$given"
      return
    fi
  done
  for url in $(mirrors | sed "s|/*\$|/pool/main/$pool|") "${upstream#-}"; do
    [ -n "$url" ] || continue
    if download "$url" "$file.part" "$sum" >&2 && matches "$file.part" "$sum"; then
      mv "$file.part" "$file"
      echo "$file"
      return
    fi
  done
  rm -f "$file.part"
  return 1
}

# ---- building ----

# The inputs of the finished library; they are compared with the stamp of the last build.
recipe_id() {
  local need
  {
    echo "$1 $2 $flags $c_only ${CC:-cc} ${CXX:-g++}"
    declare -f cmake_static "build_$1"
    for need in $(needs "$1"); do cat "$prefix/stamp/$need"; done
  } | sha256sum | cut -c1-16
}

is_built() {
  local version
  [ -f "$prefix/stamp/$1" ] || return 1
  version=$(cut -d' ' -f1 "$prefix/stamp/$1")
  sources | grep "^$1 $version " > /dev/null && [ "$(cat "$prefix/stamp/$1")" = "$version $(recipe_id "$1" "$version")" ]
}

# For scripts/notices.sh, because the tarball may be on another machine next time. The first of them has the text.
keep_license() {
  local file
  mkdir -p "$prefix/licenses"
  for file in COPYING LICENSE LICENSE.md LICENSE.rst LICENSE.txt; do
    [ ! -f "$file" ] || { cp "$file" "$prefix/licenses/$1" && return; }
  done
}

build() {
  local name=$1 row version sum pool upstream tarball='' work=$prefix/work/$1 started=$SECONDS
  while read -r row version sum pool upstream; do
    [ "$row" = "$name" ] || continue
    tarball=$(fetch "$name" "$version" "$sum" "$pool" "$upstream") && break
  done < <(sources)
  [ -n "$tarball" ] || { echo "no server has a pinned source of $name" && return 1; }

  rm -rf "$work" "$prefix/stamp/$name"
  mkdir -p "$work"
  # cmake unpacks every format by itself; a bare system has neither bzip2 nor xz.
  (cd "$work" && cmake -E tar xf "$tarball" && cd ./*/ && keep_license "$name" && "build_$name")
  rm -rf "$work"
  echo "$version $(recipe_id "$name" "$version")" > "$prefix/stamp/$name"
  echo "  $name $version: $((SECONDS - started)) s" >&3
}

# Runs `build`: its output is the log, and its one line goes to descriptor 3.
logged() {
  set +e
  (
    set -e
    build "$1"
  ) > "$prefix/log/$1.log" 2>&1
  local status=$?
  [ $status = 0 ] || { tail -n 30 "$prefix/log/$1.log" && echo "$1 could not be built; all of the log: $prefix/log/$1.log"; } >&3
  exit $status
}

# ---- for another machine ----

# The recipes stay the same: cmake, configure and ar get the other machine from the environment.
cross_environment() {
  local tools=$prefix/cross
  mkdir -p "$tools"
  for tool in ar nm ranlib strip; do ln -sf "$(command -v "$CROSS-$tool")" "$tools/$tool"; done
  cat > "$tools/toolchain.cmake" << END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${CROSS%%-*})
set(CMAKE_C_COMPILER $CROSS-gcc)
set(CMAKE_CXX_COMPILER $CROSS-g++)
END
  # --host for those whose recipe does not say it.
  printf 'host_alias=%s\nac_tool_prefix=%s-\ncross_compiling=yes\n' "$CROSS" "$CROSS" > "$tools/config.site"
  export CC=$CROSS-gcc CXX=$CROSS-g++ PATH=$tools:$PATH
  export CMAKE_TOOLCHAIN_FILE=$tools/toolchain.cmake CONFIG_SITE=$tools/config.site PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
}

# Debian's own packages of the other architecture, checked by apt, unpacked here and installed nowhere. apt
# gets lists of its own, so that this system stays with one architecture.
unpack_foreign_packages() {
  local arch apt=$prefix/work/apt package
  [ ! -f "$prefix/lib/libidn2.a" ] || [ ! -f "$prefix/lib/libunistring.a" ] || [ ! -f "$prefix/lib/libz.a" ] || return 0
  case $CROSS in
    aarch64-*) arch=arm64 ;;
    arm-*-gnueabihf) arch=armhf ;;
    *) arch=${CROSS%%-*} ;;
  esac
  mkdir -p "$apt"/{lists,cache,packages}
  local options=(-q -o "APT::Architectures::=$arch" -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache")
  apt-get "${options[@]}" update > "$prefix/log/apt.log" 2>&1 || true # another source than Debian may have no such machine
  for package in libidn2-dev libunistring-dev zlib1g-dev; do
    (cd "$apt/packages" && apt-get "${options[@]}" download "$package:$arch") >> "$prefix/log/apt.log" 2>&1 ||
      { tail -n 5 "$prefix/log/apt.log" && echo "$package:$arch cannot be fetched"; } >&2
    dpkg-deb -x "$apt/packages/$package"_*.deb "$apt/root"
  done
  cp "$apt/root/usr/lib"/*/lib{idn2,unistring,z}.a "$prefix/lib/"
  cp -r "$apt/root/usr/include/." "$prefix/include/"
  rm -rf "$apt"
}

scripts/packages.sh build ${CROSS:+"g++-$CROSS"}
mkdir -p "$prefix"/{bin,include,lib,log,src,stamp,work}
# Two builds in one tree must not write the same files.
exec 9> "$prefix/.lock"
flock 9
exec 3>&2
export CFLAGS='' CXXFLAGS='' LDFLAGS='' DESTDIR='' MAKEFLAGS='' MAKELEVEL='' PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
if [ -n "${CROSS:-}" ]; then
  cross_environment
  unpack_foreign_packages
fi
# With 32 bits a time_t has 64 nevertheless, as in certo itself.
# shellcheck disable=SC2086 # several words, such as 'ccache cc'
${CC:-cc} -dM -E -x c /dev/null | grep __LP64__ > /dev/null || flags+=' -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64'

todo=()
for name in mbedtls nghttp2 c-ares fmt simdjson doctest publicsuffix curl; do
  is_built "$name" || todo+=("$name")
done
[ ${#todo[@]} -gt 0 ] || { [ -f "$prefix/built" ] || touch "$prefix/built" && exit 0; }
echo "building libraries: ${todo[*]}" >&2
if [ -z "$(mirrors)" ] && command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
  apt-get -qq update > /dev/null 2>&1 || true # only apt's lists show the location of the mirror
fi

# Libraries that need no other one are built in parallel: configure scripts and single files leave processors
# idle.
children=()
for name in "${todo[@]}"; do
  [ -z "$(needs "$name")" ] || continue
  (logged "$name") &
  children+=($!)
done
for child in "${children[@]}"; do wait "$child" || failed=1; done
[ -z "${failed:-}" ] || exit 1
is_built curl || (logged curl)
touch "$prefix/built"
