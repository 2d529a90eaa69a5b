#!/usr/bin/env bash
# What certo cannot read is named as its limit (65), before an order if that can be known: CSRs, a CA's HTTPS chain.
TESTBED="pebble challtestsrv"
. "$(dirname "$0")/lib.sh"

standalone=(--standalone --listen "127.0.0.1:$PEBBLE_HTTP_PORT")
export CERTO_SERVER=$PEBBLE_DIRECTORY CERTO_CA_BUNDLE=$PEBBLE_CA
cd "$TMP" || exit 1

# csr NAME KEY-OPTION... -- OPTION...: NAME.csr for NAME.example.com.
csr() {
  local name=$1 key=()
  shift
  while [ "$1" != -- ]; do key+=("$1") && shift; done
  shift
  openssl genpkey "${key[@]}" -out "$name.key" 2>/dev/null
  openssl req -new -key "$name.key" -subj / -addext "subjectAltName=DNS:$name.example.com" "$@" -out "$name.csr" 2>/dev/null
}

# ---- CSRs ----

csr ed25519 -algorithm ed25519 --
csr ed448 -algorithm ed448 --
csr sha3 -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -- -sha3-256
csr psskey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 --
csr pss -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -- -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
orders=$(grep -c order-plz "$TMP/testbed/log/pebble")
for row in "ed25519 Ed25519" "ed448 Ed448" "sha3 ECDSA with SHA3-256" "psskey RSASSA-PSS"; do
  refused 65 "a CSR with ${row#* }" "is of type ${row#* }, which certo cannot read" \
    "$CERTO" issue --agree-tos --csr "${row%% *}.csr" "${standalone[@]}"
  check_said "... is a limit of certo" "this is a limit of certo"
done
check "... no order was opened" is "$(grep -c order-plz "$TMP/testbed/log/pebble")" "$orders"
# Pebble refuses its signature in the end.
check "a CSR that is signed with RSASSA-PSS works" sh -c '"$0" order --agree-tos <pss.csr' "$CERTO"

# ---- the CA's HTTPS server ----

# ca NAME KEY-OPTION...: a root NAME.pem, and a server's chain NAME-server.pem below it with a key of EC.
ca() {
  local name=$1
  shift
  openssl genpkey "$@" -out "$name.key" 2>/dev/null
  openssl req -x509 -key "$name.key" -subj "/CN=$name root" -days 30 -out "$name.pem" 2>/dev/null
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name-server.key" -subj "/CN=$name" \
    -out "$name-server.csr" 2>/dev/null
  openssl x509 -req -in "$name-server.csr" -CA "$name.pem" -CAkey "$name.key" -days 30 -set_serial 2 \
    -extfile <(echo subjectAltName=IP:127.0.0.1) -out "$name-server.pem" 2>/dev/null
}
# serve NAME CHAIN KEY [VERSION]: an HTTPS server that has nothing; sets PORT. VERSION: the least of TLS.
serve() {
  python3 - "$2" "$3" "$1.port" "${4:-TLSv1_2}" <<'PY' &
import os, socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion[sys.argv[4]]
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[3] + ".new", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(sys.argv[3] + ".new", sys.argv[3])
while True:
    connection = listener.accept()[0]
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(4096)
            tls.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    except OSError:
        connection.close()
PY
  pids="${pids-} $!"
  wait_until test -e "$1.port"
  PORT=$(cat "$1.port")
}
trap 'kill $pids 2>/dev/null; lib_end' EXIT

ca old-ca -algorithm EC -pkeyopt ec_paramgen_curve:P-256
serve old-ca old-ca-server.pem old-ca-server.key
expect_exit 1 "a server with a chain of ECDSA is reached" \
  "$CERTO" account new --agree-tos --server "https://127.0.0.1:$PORT/dir" --ca-bundle old-ca.pem
ca ed-ca -algorithm ed25519
serve ed-ca ed-ca-server.pem ed-ca-server.key
refused 65 "a server whose certificate is signed with Ed25519" "has a signature of type Ed25519, which certo cannot read" \
  "$CERTO" account new --agree-tos --server "https://127.0.0.1:$PORT/dir" --ca-bundle ed-ca.pem
check_said "... is a limit of certo" "this is a limit of certo"
openssl req -x509 -key ed25519.key -subj /CN=ed -days 30 -addext subjectAltName=IP:127.0.0.1 -out ed-own.pem 2>/dev/null
serve ed-own ed-own.pem ed25519.key
refused 65 "a server with a key of Ed25519 only" "of type Ed25519, which certo cannot read" \
  "$CERTO" account new --agree-tos --server "https://127.0.0.1:$PORT/dir" --ca-bundle ed-own.pem
check_said "... is a limit of certo, too" "this is a limit of certo"
serve ed-own-13 ed-own.pem ed25519.key TLSv1_3
refused 69 "the same by TLS 1.3 only, which hides it" "no TLS connection" \
  "$CERTO" account new --agree-tos --server "https://127.0.0.1:$PORT/dir" --ca-bundle ed-own.pem
check_said "... gets the hint that certo cannot read others" "a key of ECDSA or RSA"
