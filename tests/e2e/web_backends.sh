#!/usr/bin/env bash
# certo --nginx and --apache for sites that pass requests on: to PHP by its FastCGI (php-fpm), and to a program with
# websockets. A websocket that is open stays open while certo proves, installs, renews and undoes.
TESTBED="pebble challtestsrv tls-servers php-fpm"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
APACHE=$TLS_SERVERS/usr/sbin/apache2
chmod 755 "$TMP"
make_old_pair "$TMP"
mkdir -p "$TMP/www"
printf '<?php header("Content-Type: text/plain"); echo "php ", $_SERVER["REQUEST_URI"], "\\n";' >"$TMP/www/index.php"
chmod 755 "$TMP/www"
chmod 644 "$TMP/www/index.php"

# ---- what the sites pass requests on to ----

cat >"$TMP/backend" <<'PY'
import base64, hashlib, socket, threading

# HTTP that answers with the path, and websockets whose bytes come back as they are.
def serve(peer):
    stream = peer.makefile("rb")
    while True:
        path = stream.readline().decode().split(" ")
        headers = {}
        while (line := stream.readline().decode().strip()):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if len(path) < 3:
            return
        if headers.get("upgrade", "").lower() == "websocket":
            accept = hashlib.sha1((headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n")
            while (data := stream.read1(4096)):
                peer.sendall(data)
            return
        text = ("backend " + path[1] + "\n").encode()
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(text) + text)

web = socket.socket()
web.bind(("127.0.0.1", 0))
web.listen(50)
print(web.getsockname()[1], flush=True)
while True:
    peer, _ = web.accept()
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
PY
# The client of a websocket: sends each line that it reads, and prints what comes back.
cat >"$TMP/client" <<'PY'
import socket, ssl, sys
host, port, name = sys.argv[1:4]
peer = socket.create_connection((host, int(port)), 10)
if port == "443":
    context = ssl._create_unverified_context()
    peer = context.wrap_socket(peer, server_hostname=name)
peer.sendall(("GET /socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % name).encode())
stream = peer.makefile("rb")
print(stream.readline().decode().split(" ")[1], flush=True)
while stream.readline().strip():
    pass
for line in sys.stdin:
    peer.sendall(line.encode())
    print(stream.readline().decode().strip(), flush=True)
PY
python3 -u "$TMP/backend" >"$TMP/port" 2>"$TMP/backend.log" </dev/null &
started="$started $!"
cat >"$TMP/fpm.conf" <<END2
[global]
error_log = $TMP/fpm.log
[www]
listen = $TMP/php.sock
listen.mode = 0666
user = root
group = root
pm = static
pm.max_children = 2
END2
LD_LIBRARY_PATH=$PHP_FPM_LIBRARIES "$PHP_FPM" -n -F -R -y "$TMP/fpm.conf" >"$TMP/fpm.out" 2>&1 </dev/null &
started="$started $!"
check "the programs behind the sites run" wait_until grep -q . "$TMP/port"
check "... PHP, too" wait_until test -S "$TMP/php.sock"
backend=$(cat "$TMP/port")

# ---- the servers ----

nginx_config() {
  local folder name
  printf 'user root root;\npid "%s/pid";\nerror_log stderr;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n' "$srv"
  for folder in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path "%s/%s";\n' $folder "$srv" $folder; done
  # shellcheck disable=SC2016  # nginx's variables
  printf '  map $http_upgrade $connection_upgrade {\n    default upgrade;\n    "" close;\n  }\n'
  printf '  server { listen %s:443 ssl; ssl_certificate %s/old.pem; ssl_certificate_key %s/old.key; }\n' "$own" "$TMP" "$TMP"
  for name in php ws; do
    printf '  server {\n    listen 127.0.0.1:%s;\n    listen %s:80;\n    server_name %s.example.com;\n' "$PEBBLE_HTTP_PORT" "$own" $name
    cat "$TMP/$name.nginx"
    printf '  }\n'
  done
  printf '}\n'
}
cat >"$TMP/php.nginx" <<END2
    root $TMP/www;
    index index.php;
    location / { try_files \$uri \$uri/ /index.php?\$args; }
    location ~ /\. { deny all; }
    location ~ \.php\$ {
      fastcgi_pass unix:$TMP/php.sock;
      fastcgi_param REQUEST_METHOD \$request_method;
      fastcgi_param REQUEST_URI \$request_uri;
      fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
    }
END2
cat >"$TMP/ws.nginx" <<END2
    location / {
      proxy_pass http://127.0.0.1:$backend;
      proxy_http_version 1.1;
      proxy_set_header Host \$host;
      proxy_set_header Upgrade \$http_upgrade;
      proxy_set_header Connection \$connection_upgrade;
      proxy_read_timeout 1h;
    }
END2
apache_config() {
  local module name
  printf 'ServerRoot %s\nServerName main.example\nPidFile pid\nDefaultRuntimeDir .\nMutex file:%s default\n' "$srv" "$srv"
  printf 'ErrorLog errors\nUser nobody\nGroup nogroup\n'
  for module in mpm_event authz_core authn_core alias dir rewrite ssl proxy proxy_http proxy_fcgi proxy_wstunnel; do
    printf 'LoadModule %s_module %s/usr/lib/apache2/modules/mod_%s.so\n' "$module" "$TLS_SERVERS" "$module"
  done
  printf 'Listen 127.0.0.1:%s\nListen %s:80\nListen %s:443\n<Directory %s/www>\n  Require all granted\n</Directory>\n' \
    "$PEBBLE_HTTP_PORT" "$own" "$own" "$TMP"
  for name in php ws; do
    printf '<VirtualHost %s:80 127.0.0.1:%s>\n  ServerName %s.example.com\n' "$own" "$PEBBLE_HTTP_PORT" $name
    cat "$TMP/$name.apache"
    printf '</VirtualHost>\n'
  done
}
cat >"$TMP/php.apache" <<END2
  DocumentRoot $TMP/www
  DirectoryIndex index.php
  <FilesMatch "\.php\$">
    SetHandler "proxy:unix:$TMP/php.sock|fcgi://localhost"
  </FilesMatch>
  <Directory $TMP/www>
    RewriteEngine on
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule . /index.php [L]
  </Directory>
END2
cat >"$TMP/ws.apache" <<END2
  RewriteEngine on
  RewriteCond %{HTTP:Upgrade} =websocket [NC]
  RewriteRule ^/(.*) ws://127.0.0.1:$backend/\$1 [P,L]
  ProxyPreserveHost on
  ProxyPass / http://127.0.0.1:$backend/
  ProxyPassReverse / http://127.0.0.1:$backend/
END2

answers() { # SCHEME NAME PATH TEXT
  local to=$own:80
  [ "$1" = http ] || to=$own:443
  curl -sSk --noproxy '*' -m 5 --connect-to "::$to" "$1://$2.example.com$3" | grep -qxF "$4"
}
behaves() { # SCHEME: both sites do what they did before
  answers "$1" php /a/b?c=d "php /a/b?c=d" && answers "$1" php /index.php?x "php /index.php?x" &&
    answers "$1" ws /x "backend /x" && answers "$1" ws /.well-known/acme-challenge "backend /.well-known/acme-challenge"
}
php_hidden() { # nginx refuses hidden files of the site
  [ "$(curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' -H 'Host: php.example.com' "http://$own/.well-known/x")" = 403 ]
}
comes_back() { # TEXT: through the websocket that is open
  local answer
  echo "$1" >&"${client[1]}" && read -r -t 10 answer <&"${client[0]}" && [ "$answer" = "$1" ]
}
opens() { # PORT: a new websocket
  [ "$(printf 'hello\n' | python3 "$TMP/client" "$own" "$1" ws.example.com | tr '\n' ' ')" = "101 hello " ]
}
tree() { content=$(cat "$srv/main.conf" && find "$srv" -name '*certo*') && printf '%s' "$content"; }
run_for() { # NAME OPTION...
  local name=$1
  shift
  "$CERTO" issue "--$kind" "--$kind-conf" "$srv/main.conf" -d "$name.example.com" "$@"
}

for kind in nginx apache; do
  srv=$TMP/$kind
  mkdir -p "$srv"
  chmod 755 "$srv"
  case $kind in
    nginx)
      own=$net.2
      nginx_config >"$srv/main.conf"
      export LD_LIBRARY_PATH=$NGINX_LIBRARIES
      "$NGINX_PROGRAM" -e stderr -p "$srv" -c "$srv/main.conf" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
      ;;
    apache)
      own=$net.3
      apache_config >"$srv/main.conf"
      export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES
      LD_BIND_NOW=1 "$APACHE" -D FOREGROUND -f "$srv/main.conf" >"$srv/log" 2>&1 </dev/null &
      ;;
  esac
  server=$!
  started="$started $server"
  # Before certo.
  check "$kind runs" wait_until behaves http
  behaves http || {
    tail -n 5 "$srv"/log "$srv"/errors >&2
    exit 1
  }
  before=$(tree)
  coproc client { python3 "$TMP/client" "$own" 80 ws.example.com; }
  # shellcheck disable=SC2154  # of coproc
  started="$started $client_PID"
  read -r -t 10 status <&"${client[0]}"
  check "a websocket is open" is "$status" 101
  check "... and answers" comes_back before
  check "$kind, websockets: a certificate" run_for ws --agree-tos
  check "... and the open websocket answers" comes_back installed
  check "$kind, PHP: a certificate" run_for php
  check "... and the open websocket answers" comes_back twice
  check "both sites behave as before" behaves http
  check "... by https, too" behaves https
  [ $kind != nginx ] || check "... hidden files are refused" php_hidden
  check "a new websocket opens" opens 80
  check "... by https, too" opens 443
  check "a renewal" "$CERTO" renew --force ws.example.com php.example.com
  check "... and the open websocket answers" comes_back renewed
  check "undo" "$CERTO" undo ws.example.com
  check "... of both" "$CERTO" undo php.example.com
  check "... and the open websocket answers" comes_back undone
  check "... both sites behave as before" wait_until behaves http
  check "... and all files have the same bytes as before" is "$(tree)" "$before"
  kill "$client_PID"
  wait "$client_PID" 2>/dev/null
  kill "$server"
  wait "$server"
done
