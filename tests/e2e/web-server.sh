# shellcheck shell=bash
# For scripts that run a web server on ports 80 and 443 of an address of their own, $own; other addresses of $net are
# free, too. pebble asks on its own port. Source it after lib.sh.
export LC_ALL=C CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
if [ "$(id -u)" != 0 ]; then
  ok "only root may listen on ports 80 and 443"
  exit 0
fi
net=127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1))
own=$net.$((RANDOM % 250 + 2))

# make_old_pair FOLDER: old.pem and old.key, which certo did not make.
make_old_pair() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/old.key" -out "$1/old.pem" \
    -subj /CN=old -days 30 2>/dev/null
}

# nginx_main FOLDER: the main file of an nginx whose sites are in FOLDER/sites.
nginx_main() {
  cat <<END
user root root;
pid "$1/pid";
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path "$1/body"; proxy_temp_path "$1/proxy"; fastcgi_temp_path "$1/fastcgi";
  uwsgi_temp_path "$1/uwsgi"; scgi_temp_path "$1/scgi";
  include sites/*;
}
END
}

# address_of NAME: of the site; scripts with several addresses define it again.
address_of() { printf '%s' "$own"; }
# shown NAME: the serial of the certificate that is presented for NAME.example.com.
shown() {
  openssl s_client -connect "$(address_of "$1"):443" -servername "$1.example.com" </dev/null 2>/dev/null |
    openssl x509 -noout -serial 2>/dev/null
}
live() { openssl x509 -noout -serial -in "$CERTO_HOME/certs/$1.example.com/live/fullchain.pem"; }
presents() {
  local serial
  serial=$(shown "$1")
  [ -n "$serial" ] && [ "$serial" = "$(live "$1")" ]
}
