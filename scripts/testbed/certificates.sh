# shellcheck shell=bash
# The HTTPS certificates of pebble and Caddy.

# make_certificates: one CA, and one certificate for localhost that all HTTPS servers here use. Pebble's own test
# certificates are not in its package, and their private key is public.
make_certificates() {
  mkdir -p "$dir/tls"
  cat >"$dir/tls/openssl.cnf" <<'CONFIG'
[req]
distinguished_name = name
prompt = no
[name]
CN = certo testbed
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:0:0:0:0:0:0:0:1
extendedKeyUsage = serverAuth
CONFIG
  (
    cd "$dir/tls"
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf -extensions ca \
      -subj '/CN=certo testbed CA' -days 30 -keyout ca.key -out ca.pem
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf -subj '/CN=localhost' \
      -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 29 -extfile openssl.cnf \
      -extensions server -out server.pem
  ) >"$dir/log/openssl" 2>&1 || die "openssl cannot make certificates, see $dir/log/openssl"
}
