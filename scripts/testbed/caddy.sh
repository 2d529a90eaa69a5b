# shellcheck shell=bash
# Caddy's acme_server: a second CA, of another make.

start_caddy() {
  local low
  low=$(free_low_address)
  mkdir -p "$dir/caddy/home"
  cat >"$dir/caddy/Caddyfile" <<CONFIG
{
	admin off
	persist_config off
	auto_https off
	storage file_system "$dir/caddy"
	skip_install_trust
	pki {
		ca local {
			name "certo testbed Caddy CA"
		}
	}
}
https://127.0.0.1:$caddy_port, https://localhost:$caddy_port {
	bind 127.0.0.1
	tls "$dir/tls/server.pem" "$dir/tls/server.key"
	acme_server {
		resolvers 127.0.0.1:$dns_port
		allow_wildcard_names
	}
}
CONFIG
  # Caddy adds its root to the system's trust store unless told not to, and skip_install_trust applies only to
  # a CA that is described above. So check how Caddy understands the configuration, before it runs as root.
  "$depot/caddy/usr/bin/caddy" adapt --config "$dir/caddy/Caddyfile" --adapter caddyfile 2>"$dir/log/caddy" |
    python3 -c 'import json, sys
sys.exit(json.load(sys.stdin)["apps"]["pki"]["certificate_authorities"]["local"]["install_trust"] is not False)' \
    2>>"$dir/log/caddy" || die "this Caddy would change the trust store of the system, it is not started"
  launch caddy env HOME="$dir/caddy/home" XDG_DATA_HOME="$dir/caddy/home" XDG_CONFIG_HOME="$dir/caddy/home" \
    "$depot/caddy/usr/bin/caddy" run --config "$dir/caddy/Caddyfile" --adapter caddyfile
  tell CADDY_DIRECTORY "https://127.0.0.1:$caddy_port/acme/local/directory" CADDY_CA "$dir/tls/ca.pem" \
    CADDY_ROOT "$dir/caddy/pki/authorities/local/root.crt" CADDY_HTTP_ADDR "$low" CADDY_HTTP_PORT "${low:+80}" \
    CADDY_PROGRAM "$depot/caddy/usr/bin/caddy"
}

wait_caddy() {
  wait_port caddy 127.0.0.1 "$caddy_port"
}
