#!/usr/bin/env bash
# certo --apache in the layout of Red Hat, Fedora and their relatives: conf/httpd.conf, conf.modules.d, conf.d with the
# ssl.conf of the package mod_ssl, and once more without that package. The program is this machine's Apache.
TESTBED="pebble challtestsrv tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/web-server.sh
. "$SOURCE/tests/e2e/web-server.sh"
export LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES
APACHE=$TLS_SERVERS/usr/sbin/apache2
machine=$TMP/machine
root=$machine/etc/httpd
modules=$machine/usr/lib64/httpd/modules
pki=$machine/etc/pki/tls
mkdir -p "$root"/{conf,conf.d,conf.modules.d} "$modules" "$machine"/{run,var/log}/httpd "$machine"/var/www/{html,icons} \
  "$pki"/{certs,private}
chmod 755 "$TMP" "$machine" "$machine/etc" "$machine/var" "$machine/var/www"
ln -s "$TLS_SERVERS"/usr/lib/apache2/modules/*.so "$modules"
ln -s ../../usr/lib64/httpd/modules "$root/modules"
ln -s ../../var/log/httpd "$root/logs"
ln -s ../../run/httpd "$root/run"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$pki/private/localhost.key" -out "$pki/certs/localhost.crt" \
  -subj /CN=localhost -days 30 2>/dev/null
echo 'text/html html' >"$machine/etc/mime.types"
echo page >"$machine/var/www/html/page"
chmod 644 "$machine/var/www/html/page"

load() { # MODULE...
  local module
  for module; do printf 'LoadModule %s_module modules/mod_%s.so\n' "$module" "$module"; done
}
cat >"$root/conf/httpd.conf" <<END2
# The main file of the server.
ServerRoot "$root"
Listen 127.0.0.1:$PEBBLE_HTTP_PORT
Listen $own:80

Include conf.modules.d/*.conf
User nobody
Group nogroup
ServerAdmin root@localhost
ServerName main.example
PidFile run/httpd.pid
DefaultRuntimeDir run
Mutex file:$machine/run/httpd default

<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "$machine/var/www/html"
<Directory "$machine/var/www">
    AllowOverride None
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog "logs/error_log"
LogLevel notice
<IfModule log_config_module>
    LogFormat "%h %l %u %t \"%r\" %>s %b" common
    CustomLog "logs/access_log" common
</IfModule>
<IfModule mime_module>
    TypesConfig $machine/etc/mime.types
</IfModule>
AddDefaultCharset UTF-8

# What packages and the administrator add.
IncludeOptional conf.d/*.conf
END2
# The order of conf.d counts: the virtual hosts of a.conf come before ssl.conf, those of www.conf after it.
load alias authn_core authz_core authz_host dir mime rewrite setenvif socache_shmcb headers \
  >"$root/conf.modules.d/00-base.conf"
load mpm_event >"$root/conf.modules.d/00-mpm.conf"
printf 'Alias /icons/ "%s/var/www/icons/"\n' "$machine" >"$root/conf.d/autoindex.conf"
printf '<LocationMatch "^/+$">\n    Options -Indexes\n</LocationMatch>\n' >"$root/conf.d/welcome.conf"
echo 'Files here are read by Apache if their name ends in .conf.' >"$root/conf.d/README"
with_mod_ssl() { # The files of the package.
  load ssl >"$root/conf.modules.d/00-ssl.conf"
  cat >"$root/conf.d/ssl.conf" <<END2
Listen $own:443 https
SSLSessionCache         shmcb:run/sslcache(512000)
SSLSessionCacheTimeout  300

<VirtualHost _default_:443>
ErrorLog logs/ssl_error_log
TransferLog logs/ssl_access_log
LogLevel warn
SSLEngine on
SSLHonorCipherOrder on
SSLCipherSuite HIGH:!aNULL
SSLCertificateFile $pki/certs/localhost.crt
SSLCertificateKeyFile $pki/private/localhost.key
<FilesMatch "\.(cgi|shtml|phtml|php)$">
    SSLOptions +StdEnvVars
</FilesMatch>
</VirtualHost>
END2
}
put() { # NAME LINE...: a site in a file of its own
  local name=$1
  shift
  {
    printf '<VirtualHost *:80 *:%s>\n    ServerName %s.example.com\n' "$PEBBLE_HTTP_PORT" "$name"
    [ $# = 0 ] || printf '    %s\n' "$@"
    printf '</VirtualHost>\n'
  } >"$root/conf.d/$name.conf"
}
put a
put www 'Redirect permanent /old /page'
put both
printf '<VirtualHost *:443>\n    ServerName both.example.com\n    SSLEngine on\n    SSLCertificateFile %s/certs/localhost.crt\n    SSLCertificateKeyFile %s/private/localhost.key\n</VirtualHost>\n' \
  "$pki" "$pki" >"$TMP/both"
with_mod_ssl
cat "$TMP/both" >>"$root/conf.d/both.conf"

start_httpd() {
  "$APACHE" -d "$root" -f conf/httpd.conf -D FOREGROUND >"$machine/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
status() { # NAME PATH
  curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' -H "Host: $1.example.com" "http://$own$2" 2>/dev/null
}
has_status() { [ "$(status "$1" "$2")" = "$3" ]; }
start_httpd
check "Apache runs" wait_until has_status a /page 200
has_status a /page 200 || {
  cat "$machine/log" "$machine"/var/log/httpd/* >&2
  exit 1
}
tree() { (cd "$machine/etc" && find . -type f -exec sha256sum {} + -o -type l -printf '%p -> %l\n' | sort); }
presents_default() { # NAME
  [ "$(shown "$1")" = "$(openssl x509 -noout -serial -in "$pki/certs/localhost.crt")" ]
}
secure() { # NAME PATH
  curl -sSk --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' --connect-to "::$own:443" "https://$1.example.com$2"
}
before=$(tree)
apache() { # NAME OPTION...
  local name=$1
  shift
  "$CERTO" --apache --apache-conf "$root/conf/httpd.conf" -d "$name.example.com" "$@"
}

# ---- with mod_ssl ----

check "certo lists the virtual hosts" "$CERTO" webserver apache --apache-conf "$root/conf/httpd.conf"
check_said "... with their files" "conf.d/a.conf" "conf.d/both.conf" "conf.d/ssl.conf" "www.example.com"
check "a site" apache a --agree-tos
check_said "... says that it comes before the host of ssl.conf" "the new host becomes the default one of *:443, because Apache reads it before" "conf.d/both.conf"
check "... presents the certificate" presents a
check "... serves its page over https" is "$(secure a /page)" 200
check "... and over http" has_status a /page 200
check "a site after ssl.conf" apache www
check "... takes nothing from other names" sh -c '! grep -q "becomes the default" "$0"' "$TMP/err"
check "... presents the certificate" presents www
check "... shares its directives" is "$(secure www /old)" 301
check "a site with TLS" apache both
check "... presents the certificate" presents both
check "ssl.conf is as it was" is "$(grep -c '# certo:' "$root/conf.d/ssl.conf")" 0
check "Apache listens on 443 once" is "$(grep -rh '^ *Listen .*443' "$root" | wc -l)" 1
check "no file of certo's is read by conf.d/*.conf" sh -c '! ls "$0"/conf.d/*certo*' "$root"
edited=$(tree)
for name in a www both; do
  check "a renewal: $name" "$CERTO" renew --force $name.example.com
  check "... is presented, when Apache has reloaded" wait_until presents $name
done
check "... edits nothing" is "$(tree)" "$edited"
check "a redirect" apache a --redirect
check "... leads to https" wait_until has_status a /page 301
for name in both www a; do check "undo: $name" "$CERTO" undo $name.example.com; done
check "all files have the same bytes as before" is "$(tree)" "$before"
check "... and the default certificate is presented" wait_until presents_default a
check "... and http is as before" wait_until has_status a /page 200

# ---- without it ----

restarted() { # Without what the package brings, Apache has to let go of the port.
  kill "$server"
  wait "$server"
  start_httpd
  wait_until has_status a /page 200
}
put both
rm "$root/conf.modules.d/00-ssl.conf" "$root/conf.d/ssl.conf" "$modules/mod_ssl.so"
check "Apache without mod_ssl" restarted
without=$(tree)
refused 78 "is told which package is missing" "mod_ssl" apache a
check_said "... by the name that Red Hat gives it" "the package mod_ssl"
check "... and nothing is changed" is "$(tree)" "$without"
check "the proof needs no mod_ssl" apache www --no-install
check "... and is undone" "$CERTO" undo www.example.com
check "... to the same bytes" is "$(tree)" "$without"

# The module is there, and its file in conf.modules.d is not.
ln -s "$TLS_SERVERS/usr/lib/apache2/modules/mod_ssl.so" "$modules/mod_ssl.so"
check "an Apache whose module is not loaded" apache a
check_said "... gets it" "certo loads mod_ssl from modules/mod_ssl.so" "Apache listens on $own:443 from now on"
check "... and presents the certificate" presents a
check "a second site" apache both
check "... presents the certificate" presents both
check "undo of the first" "$CERTO" undo a.example.com
check "... leaves the second" presents both
check "undo of the second" "$CERTO" undo both.example.com
check "... gives the same bytes as before" is "$(tree)" "$without"
check "... and http is as before" wait_until has_status a /page 200

# The package is installed meanwhile: its Listen would be the second.
check "a certificate before the package comes" apache a
with_mod_ssl
expect_exit 1 "... which Apache refuses" "$APACHE" -d "$root" -f conf/httpd.conf -t
check "undo after the package came" "$CERTO" undo a.example.com
check "... leaves the files of the package" test -e "$root/conf.d/ssl.conf"
rm "$root/conf.modules.d/00-ssl.conf" "$root/conf.d/ssl.conf"
check "... and takes out certo's lines" is "$(tree)" "$without"
