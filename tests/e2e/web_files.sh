#!/usr/bin/env bash
# The files of nginx and Apache that certo changes keep their owner, mode, access list, label and links, are written
# in place if they cannot be replaced, and are left alone if they cannot be written.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
if [ "$(id -u)" != 0 ] || ! unshare -m mount -t tmpfs certo-test "$TMP" 2>/dev/null; then
  ok "only root may mount, and listen on ports 80 and 443"
  exit 0
fi
chmod 755 "$TMP"
make_old_pair "$TMP"

# set_attributes FILE [default]: an access list, a label, and a note; with `default`, the list that new files in the
# folder get. Prints what the file system refuses.
cat >"$TMP/set_attributes" <<'PY'
import os, struct, sys
anybody = 0xffffffff
def access_list(*entries):
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in entries)
reader = access_list((1, 6, anybody), (2, 4, 1234), (4, 0, anybody), (16, 4, anybody), (32, 0, anybody))
all_of_them = {"user.note": b"of a person", "security.selinux": b"system_u:object_r:httpd_config_t:s0\0",
               "system.posix_acl_access": reader}
if len(sys.argv) > 2:
    all_of_them = {"system.posix_acl_default": reader}
for name, value in all_of_them.items():
    try:
        os.setxattr(sys.argv[1], name, value)
    except OSError as error:
        print(name, error.strerror)
PY
# attributes FILE: what has to stay as it is.
attributes() {
  python3 -c 'import os, sys
path = sys.argv[1]
link = os.readlink(path) if os.path.islink(path) else ""
facts = os.stat(path)
print(link, facts.st_uid, facts.st_gid, oct(facts.st_mode), *[(one, os.getxattr(path, one)) for one in sorted(os.listxattr(path))])' "$1"
}
content() { python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

# site KIND NAME: a virtual host of port 80.
site() {
  case $1 in
    nginx)
      printf 'server {\n  listen 127.0.0.1:%s;\n  listen %s:80;\n  server_name %s.example.com;\n  location / { return 200 "%s"; }\n}\n' \
        "$PEBBLE_HTTP_PORT" "$own" "$2" "$2"
      ;;
    apache)
      printf '<VirtualHost %s:80 127.0.0.1:%s>\n  ServerName %s.example.com\n  RedirectMatch 404 .\n</VirtualHost>\n' \
        "$own" "$PEBBLE_HTTP_PORT" "$2"
      ;;
  esac
}
# configure KIND: the main file, which has a listener with TLS.
configure() {
  local module modules=$TLS_SERVERS/usr/lib/apache2/modules
  case $1 in
    nginx)
      printf 'user root root;\npid "%s/pid";\nerror_log stderr;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n' "$srv"
      for module in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/%s";\n' $module "$srv" $module; done
      printf '  server { listen %s:443 ssl; ssl_certificate %s/old.pem; ssl_certificate_key %s/old.key; }\n' "$own" "$TMP" "$TMP"
      printf '  ssl_protocols TLSv1.3;\n  include sites/*;\n  include inherits/*;\n  include locked/*;\n  include full/full;\n}\n'
      ;;
    apache)
      printf 'ServerRoot %s\nServerName main.example\nPidFile pid\nDefaultRuntimeDir .\nMutex file:%s default\n' "$srv" "$srv"
      printf 'ErrorLog errors\nUser nobody\nGroup nogroup\n'
      for module in mpm_event authz_core authn_core alias rewrite ssl; do
        printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"
      done
      printf 'Listen 127.0.0.1:%s\nListen %s:80\nListen %s:443\nSSLProtocol TLSv1.3\n' "$PEBBLE_HTTP_PORT" "$own" "$own"
      printf 'IncludeOptional sites/*\nIncludeOptional inherits/*\nIncludeOptional locked/*\nIncludeOptional full/full\n'
      ;;
  esac
}
# start KIND: in a mount namespace of its own, with what cannot be replaced or written.
start() {
  local program
  case $1 in
    nginx) program="exec env LD_LIBRARY_PATH=$NGINX_LIBRARIES $NGINX_PROGRAM -e stderr -p $srv -c $srv/main.conf -g 'daemon off;'" ;;
    apache) program="exec env LD_BIND_NOW=1 $APACHE -D FOREGROUND -f $srv/main.conf" ;;
  esac
  # shellcheck disable=SC2016  # for the inner shell
  unshare -m --propagation private sh -c 'mount --bind "$0/bound" "$0/sites/bound" &&
    mount --bind "$0/locked" "$0/locked" && mount -o remount,bind,ro "$0/locked" &&
    mount --bind "$0/pinned" "$0/sites/pinned" && mount -o remount,bind,ro "$0/sites/pinned" &&
    mount -t tmpfs -o size=64k certo-test "$0/full" && cp "$0/roomy" "$0/full/full" &&
    cp "$0/cramped" "$0/full/cramped" && mount --bind "$0/full/cramped" "$0/sites/cramped" &&
    '"$program" "$srv" >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
inside() { nsenter -t "$server" -m "$@"; }
runs() { curl -sS --noproxy '*' -m 5 -o /dev/null -H 'Host: kept.example.com' "http://$own/"; }
certo_for() { # NAME OPTION...
  local name=$1
  shift
  inside "$CERTO" issue "--$kind" "--$kind-conf" "$srv/main.conf" -d "$name.example.com" "$@"
}
is_marked() { inside grep -q '# certo:' "$1"; }

# comes_back NAME FILE: the certificate is installed, FILE has the same attributes, and undo gives the same bytes.
comes_back() {
  local name=$1 file=$2 facts bytes
  facts=$(inside_attributes "$file") bytes=$(inside_content "$file")
  check "$kind, $name: a certificate" certo_for "$name"
  check "... its lines are in the file" is_marked "$file"
  check "... is presented" presents "$name"
  check "... and the file has the attributes that it had" is "$(inside_attributes "$file")" "$facts"
  check "... after undo" inside "$CERTO" undo "$name.example.com"
  check "... too" is "$(inside_attributes "$file")" "$facts"
  check "... with the same bytes" is "$(inside_content "$file")" "$bytes"
}
inside_attributes() { inside bash -c "$(declare -f attributes); attributes '$1'"; }
inside_content() { inside bash -c "$(declare -f content); content '$1'"; }
# stays NAME FILE CODE TEXT [PLACE]: certo refuses, names the place, and changes nothing.
stays() {
  local name=$1 file=$2 code=$3 text=$4 facts bytes
  facts=$(inside_attributes "$file") bytes=$(inside_content "$file")
  expect_exit "$code" "$kind, $name: a file that cannot be written" certo_for "$name"
  check_said "... is named, with the reason" "${5:-$file}" "$text"
  check "... and keeps its attributes" is "$(inside_attributes "$file")" "$facts"
  check "... and its bytes" is "$(inside_content "$file")" "$bytes"
  check "... and nothing of certo's is left there" \
    is "$(inside find "${file%/*}" -name '.*certo*' | wc -l)" 0
  check "... and the server runs" runs
}

APACHE=$TLS_SERVERS/usr/sbin/apache2
for kind in nginx apache; do
  srv=$TMP/$kind
  case $kind in nginx) own=$net.2 ;; apache) own=$net.3 && export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES ;; esac
  mkdir -p "$srv"/{sites,available,inherits,locked,full}
  chmod 755 "$srv"
  configure $kind >"$srv/main.conf"
  site $kind kept >"$srv/available/kept"
  ln -s ../available/kept "$srv/sites/kept"
  site $kind bound >"$srv/bound"
  site $kind pinned >"$srv/pinned"
  # One byte more takes another page of the small disk.
  site $kind cramped >"$srv/cramped"
  printf "%$((4095 - $(wc -c <"$srv/cramped")))s\n" '' | tr ' ' '#' >>"$srv/cramped"
  for name in bound pinned cramped; do : >"$srv/sites/$name"; done
  site $kind inherits >"$srv/inherits/inherits"
  site $kind locked >"$srv/locked/locked"
  site $kind full >"$srv/roomy"
  site $kind fixed >"$srv/sites/fixed"
  site $kind other >"$srv/sites/other"
  chown 1234:1235 "$srv/available/kept"
  chmod 640 "$srv/available/kept"
  chmod 600 "$srv/inherits/inherits"
  touch -d 2020-01-01 "$srv/sites/other"
  python3 "$TMP/set_attributes" "$srv/available/kept" >"$TMP/refused"
  python3 "$TMP/set_attributes" "$srv/inherits" default >>"$TMP/refused"
  python3 "$TMP/set_attributes" "$srv/bound" >>"$TMP/refused"
  start $kind
  check "$kind runs" wait_until runs
  runs || {
    cat "$srv/log" >&2
    exit 1
  }
  check "an account" "$CERTO" account new --agree-tos
  if [ -s "$TMP/refused" ]; then
    ok "this file system does not keep all attributes: $(tr '\n' ';' <"$TMP/refused")"
  fi
  comes_back kept "$srv/sites/kept"
  comes_back bound "$srv/sites/bound"
  comes_back inherits "$srv/inherits/inherits"
  check "a file without such lines was not touched: $kind" is "$(stat -c %y "$srv/sites/other" | cut -c1-10)" 2020-01-01
  stays locked "$srv/locked/locked" 73 "read-only"
  stays pinned "$srv/sites/pinned" 73 "read-only"
  inside dd if=/dev/zero of="$srv/full/filler" bs=1k count=1000 2>/dev/null
  stays full "$srv/full/full" 73 "no space left" "$srv/full/.full.certo-"
  stays cramped "$srv/sites/cramped" 73 "no space left"
  inside rm "$srv/full/filler"
  comes_back cramped "$srv/sites/cramped"
  comes_back full "$srv/full/full"
  if chattr +i "$srv/sites/fixed" 2>/dev/null; then
    stays fixed "$srv/sites/fixed" 77 "not permitted"
    chattr -i "$srv/sites/fixed"
  fi
  kill "$server"
  wait "$server"
done
