# shellcheck shell=bash
# A web server that runs already, for http-01 through its webroot.

start_nginx() {
  local user=
  mkdir -p "$dir/webroot" "$dir/nginx"
  # A worker that gives up root cannot read a folder that mktemp made.
  [ "$(id -u)" != 0 ] || user='user root root;'
  cat >"$dir/nginx/nginx.conf" <<CONFIG
$user
daemon off;
worker_processes 1;
pid "$dir/nginx/nginx.pid";
error_log stderr;
events { worker_connections 256; }
http {
  access_log "$dir/log/nginx-access";
  client_body_temp_path "$dir/nginx/body";
  proxy_temp_path "$dir/nginx/proxy";
  fastcgi_temp_path "$dir/nginx/fastcgi";
  uwsgi_temp_path "$dir/nginx/uwsgi";
  scgi_temp_path "$dir/nginx/scgi";
  default_type text/plain;
  server {
    listen 127.0.0.2:$http_port;
    root "$dir/webroot";
  }
}
CONFIG
  launch nginx env LD_LIBRARY_PATH="$(libraries nginx)" \
    "$depot/nginx/usr/sbin/nginx" -e stderr -p "$dir/nginx" -c "$dir/nginx/nginx.conf"
  tell NGINX_ADDR "127.0.0.2:$http_port" WEBROOT "$dir/webroot"
}

wait_nginx() {
  wait_port nginx 127.0.0.2 "$http_port"
}
