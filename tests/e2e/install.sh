#!/usr/bin/env bash
# make install: the program is static, small and runs in an empty root; manual, completions and README fit it.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

root=$TMP/root
build=${BUILD:-build}
build=${build#"$SOURCE"/}
make_install() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -C "$SOURCE" install BUILD="$build" DESTDIR="$root" PREFIX=/usr
}
check "make install" make_install
certo=$root/usr/bin/certo
man=$root/usr/share/man/man1/certo.1
check "it runs" "$certo" version

# ---- the program ----

not_dynamic() {
  LC_ALL=C ldd "$1" 2>&1 | grep -q 'statically linked\|not a dynamic executable'
}
check "it is static" not_dynamic "$certo"
check "it is at most 6.6 MB" test "$(stat -c %s "$certo")" -le 6600000
check "it is stripped" is "$(readelf -S "$certo" | grep -c '\.debug_info\|\.symtab')" 0
check "it is position independent" grep -q DYN <(readelf -h "$certo")
check "... and read-only after relocation" grep -q GNU_RELRO <(readelf -lW "$certo")
check "its stack is not executable" grep -q 'GNU_STACK.*RW ' <(readelf -lW "$certo")
check "the provider host lies in libexec" "$root/usr/libexec/certo/certo-provider-host" version

# ---- an empty root ----

jail=$TMP/jail
mkdir -p "$jail/etc/ssl/certs" "$jail/state" "$jail/bin"
chmod 700 "$jail/state"
cp "$certo" "$jail/bin/certo"
printf 'nameserver 127.0.0.1\n' >"$jail/etc/resolv.conf"
cp "$PEBBLE_CA" "$jail/etc/ssl/certs/ca-certificates.crt"
inside=(chroot "$jail")
[ "$(id -u)" = 0 ] || inside=(unshare -r chroot "$jail")
jailed() {
  env -i PATH="$PATH" CERTO_HOME=/state CERTO_SERVER="$PEBBLE_DIRECTORY" "${inside[@]}" /bin/certo "$@"
}
check "in an empty root: version" jailed version
check "... keygen" jailed keygen -o /state/a.key
check "... issue" jailed issue --agree-tos -d jail.example.com --standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT"
pebble_root 0 >"$TMP/root.pem"
check "... is good" signed_by "$TMP/root.pem" "$jail/state/certs/jail.example.com/live/fullchain.pem"
check "... list" jailed list
check_said "... and it says so" jail.example.com valid
check "... renew" jailed renew --all --force

# ---- manual, completions, README ----

check "the manual is there" test -s "$man"
man_warnings() {
  groff -man -Tutf8 -ww -z "$man" 2>&1
}
check "it renders without a warning" is "$(man_warnings)" ""
commands=$("$CERTO" help | sed '/^Topics/,$d' | sed -n 's/^  \([a-z-]*\)  .*/\1/p')
check "help lists the commands" test "$(wc -w <<<"$commands")" -ge 18
groff -man -Tascii "$man" 2>/dev/null | sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g' >"$TMP/man.txt"
unmentioned=
for command in $commands; do
  grep -qw -- "certo $command" "$TMP/man.txt" || unmentioned="$unmentioned $command"
  "$CERTO" "$command" --help >"$TMP/help" 2>&1
  head -n 1 "$TMP/help" | grep -q '^Examples:' || not_ok "certo $command --help begins with examples"
  while read -r option; do
    sed 's/\\-/-/g' "$man" | grep -qF -- "$option" || unmentioned="$unmentioned $option"
  done < <(sed -n 's/^  .\{4\}\(--[a-z0-9-]*\).*/\1/p' "$TMP/help")
done
check "the manual mentions each command and option" is "$unmentioned" ""
for code in 0 1 2 3 4 64 65 66 69 70 73 75 76 77 78; do
  grep -qw "$code" "$TMP/man.txt" || not_ok "the manual explains exit code $code"
done

completions=$root/usr/share
check "the completion for bash" bash -n "$completions/bash-completion/completions/certo"
check "the completion for zsh is there" test -s "$completions/zsh/site-functions/_certo"
check "the completion for fish is there" test -s "$completions/fish/vendor_completions.d/certo.fish"
! command -v zsh >/dev/null || check "zsh can read it" zsh -n "$completions/zsh/site-functions/_certo"
! command -v fish >/dev/null || check "fish can read it" fish -n "$completions/fish/vendor_completions.d/certo.fish"
# complete WORD...: what bash offers for the last word.
complete_with_bash() {
  # shellcheck disable=SC2016  # the other shell's variables
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
    function=$(complete -p certo | sed "s/.*-F \([^ ]*\).*/\1/"); $function certo "${@: -1}" "" 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}"' "$completions/bash-completion/completions/certo" "$@"
}
check "bash completes a command" grep -q '^issue *$' <(complete_with_bash certo iss)
check "bash completes an option" grep -q '^--webroot' <(complete_with_bash certo issue --webr)

"$CERTO" help --readme-table >"$TMP/table"
check "there is a table for the README" test "$(wc -l <"$TMP/table")" -ge 18
check "README has that table" python3 -c 'import sys
sys.exit(open(sys.argv[1]).read().strip() not in open(sys.argv[2]).read())' "$TMP/table" "$SOURCE/README.md"

# ---- a provider in C++, with nothing but what is installed ----

guide=$root/usr/share/doc/certo/providers.md
author=$TMP/author
mkdir -p "$author"
awk '/^```cpp$/ && !found { inside = found = 1; next } /^```$/ { inside = 0 } inside' "$guide" >"$author/example.cc"
cp "$SOURCE/providers/httpreq.cc" "$author/"
# build NAME [LIBRARY]: by the line of the guide, for that name.
build() {
  local line
  line=$(grep '^g++ .*libcerto-provider[.]a' "$guide")
  (cd "$author" && sh -ec "$(sed "s|/usr/local|$root/usr|g; s|example|$1|g" <<<"$line") ${2-}")
}
check "the guide's example builds by the guide's line" build example
check "... and certo reads it" "$certo" providers "$author/example.so"
check_said "... as its author wrote it" "Example DNS: --dns $author/example.so" "EXAMPLE_TOKEN (needed)"
check "so does a provider of certo" build httpreq
# Its example for another library needs that one's headers.
if [ -f /usr/include/sodium.h ]; then
  awk '/^```cpp$/ { text = ""; inside = 1; next } /^```$/ { if (inside && text ~ /sodium/) printf "%s", text; inside = 0 }
    inside { text = text $0 "\n" }' "$guide" >"$author/ed25519.cc"
  cat >>"$author/ed25519.cc" <<'END'
void present(const certo::sdk::Host& host, certo::sdk::Records) {
  throw certo::sdk::Failure{CERTO_FAILED, host.base64(certo::as_text(ed25519(certo::Bytes(32, 7), "text")))};
}
void cleanup(const certo::sdk::Host&, certo::sdk::Records) {}
CERTO_PROVIDER(.name = "ed25519", .title = "Ed25519", .settings = {{"ED25519_KEY", "", "not used", 0}})
END
  check "a provider may link libsodium" build ed25519 -lsodium
  expect_exit 1 "... which works in the cage" "$certo" providers test "$author/ed25519.so" -d example.com --resolver "$DNS_ADDR"
  # By openssl pkeyutl -sign -rawin, with the same key.
  check_said "... and signs as OpenSSL does" \
    PBMMs3ABQqOzb5JMlR0K8NYoevZCiMt8R244AVTAQkMMIU9x+LCtjdFalKyGCmdpsoM1whelvwpHUdbYjuAIBA==
fi
fake_run "$TMP/service" httpreq.py --user certo --password 'se:cret' || exit 1
printf 'HTTPREQ_ENDPOINT=%s\nHTTPREQ_USERNAME=certo\nHTTPREQ_PASSWORD=se:cret\n' "$FAKE_HTTPREQ" >"$author/settings"
chmod 600 "$author/settings"
# The installed certo has its provider host next to it.
check "... which proves a name" env CERTO_SERVER="$PEBBLE_DIRECTORY" CERTO_CA_BUNDLE="$PEBBLE_CA" "$certo" issue --agree-tos \
  -d so.example.com --dns "$author/httpreq.so" --dns-credentials "$author/settings" --resolver "$DNS_ADDR"
check "... by its service" is "$(grep -c '"path": "/dns/present"' "$TMP/service/requests.jsonl")" 1

# ---- make uninstall ----

check "make uninstall" env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -C "$SOURCE" uninstall DESTDIR="$root" PREFIX=/usr
check "... leaves no file" is "$(find "$root" -type f)" ""
check "... and no folder of certo's" is "$(find "$root" -name certo)" ""
