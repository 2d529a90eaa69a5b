#!/usr/bin/env python3
"""A scriptable ACME CA on loopback, for what a real one never does: see scenarios.py.

    python3 tests/fake/ca.py --dir DIR --scenario NAME[+NAME...] [--port 0] [--crl URL]
    python3 tests/fake/ca.py --list          name, expected exit code of `certo issue`, meaning

When it is ready it writes DIR/env: FAKE_DIRECTORY (its directory URL), FAKE_CA (PEM of the CA that signed its HTTPS
certificate), FAKE_ROOT (PEM of the root that it issues under), FAKE_PORT, FAKE_PLAIN (a second listener without TLS,
to which no client should ever come), FAKE_EAB_KID, FAKE_EAB_KEY. Each request is one JSON line of
DIR/requests.jsonl: method, scheme, path, step, headers, protected, payload. It ends with SIGTERM.

Needs python3's standard library and the openssl command."""
import argparse
import http.server
import json
import os
import shlex
import signal
import socket
import ssl
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True

import acme  # noqa: E402  (after the line above, so that no cache folder appears in the source tree)
import issuer  # noqa: E402
import scenarios  # noqa: E402

MOST_BODY = 1 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 600

    @property
    def stopping(self):
        return self.server.ca.stopping

    def do_POST(self):
        # Work on a request with a body that is not read would go out of step.
        length = self.headers.get("Content-Length", "0" if self.command != "POST" else "")
        if not length.isdigit() or int(length) > MOST_BODY:
            self.send_error(411)
            self.close_connection = True
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        request = acme.Request(self.command, self.path, self.headers, body, self.server.scheme)
        reply = self.server.ca.handle(request)
        try:
            if reply.wire:
                reply.wire(self, reply)
            else:
                self.send(self.serialize(reply))
        except (OSError, ValueError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST

    def serialize(self, reply):
        content = reply.content()
        lines = ["HTTP/1.1 %d %s" % (reply.status, self.responses.get(reply.status, ("Odd",))[0])]
        lines += ["%s: %s" % tuple(pair) for pair in reply.headers]
        if reply.status != 204 and not reply.get("Content-Length"):
            lines.append("Content-Length: %d" % len(content))
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")
        return head if self.command == "HEAD" else head + content

    def send(self, data):
        self.wfile.write(data)
        self.wfile.flush()

    def wait_for_end(self):
        """Until the client closes the connection or the server is ended."""
        self.connection.settimeout(0.2)
        while not self.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except (socket.timeout, ssl.SSLWantReadError):
                continue
            except OSError:
                break
        self.close_connection = True

    def abort(self):
        """Closes the connection with a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass  # the connection was aborted

    def log_message(self, *words):
        pass  # requests.jsonl tells more


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, ca, scheme, context=None, deaf=False):
        super().__init__(address, Handler)
        self.ca, self.scheme, self.context, self.deaf = ca, scheme, context, deaf

    def finish_request(self, request, client_address):
        # The handshake happens here, in the connection's own thread, so that a slow client holds up nobody.
        if self.deaf:
            self.ca.stopping.wait()
            return
        if self.context:
            request.settimeout(30)
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except OSError:
                return
        super().finish_request(request, client_address)
        try:
            request.close()
        except OSError:
            pass

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Log:
    """requests.jsonl: one line a request, complete when the reply is sent."""

    def __init__(self, path):
        self.file = open(path, "a", buffering=1)

    def __call__(self, request):
        payload = None
        if request.payload is not None:
            try:
                payload = json.loads(request.payload) if request.payload else ""
            except ValueError:
                payload = request.payload.decode("utf-8", "replace")
        line = {"time": time.time(), "method": request.method, "scheme": request.scheme, "path": request.path,
                "step": request.step, "headers": {key.lower(): value for key, value in request.headers.items()},
                "protected": request.protected, "payload": payload}
        self.file.write(json.dumps(line) + "\n")


def write_env(folder, values):
    path = os.path.join(folder, "env")
    with open(path + ".new", "w") as file:
        for name, value in values.items():
            file.write("%s=%s\n" % (name, shlex.quote(str(value))))
    os.rename(path + ".new", path)


def serve(folder, names, port, crl):
    hooks = scenarios.hooks_of(names)
    os.makedirs(folder, exist_ok=True)
    issuing = issuer.Issuer(os.path.join(folder, "tls"), crl)
    tls = next((what for kind, _, what in hooks if kind == "tls"), "good")
    certificate, key, trusted = issuing.server(tls)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])

    ca = acme.CA("", "", issuing, hooks, Log(os.path.join(folder, "requests.jsonl")))
    for when, _, hook in hooks:
        if when == "start":
            hook(ca)
    secure = Server(("127.0.0.1", port), ca, "https", context, deaf=tls == "stall")
    plain = Server(("127.0.0.1", 0), ca, "http")
    ca.base = "https://127.0.0.1:%d" % secure.server_port
    ca.plain = "http://127.0.0.1:%d" % plain.server_port
    root = os.path.join(folder, "tls", "root.pem")
    with open(root, "w") as file:
        file.write(issuer.der.pem("CERTIFICATE", issuing.root_der))

    def end(*_):
        ca.stopping.set()
        # Threads of stalled connections are daemons and go with the process.
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    write_env(folder, {"FAKE_DIRECTORY": ca.url("directory"), "FAKE_CA": os.path.abspath(trusted),
                       "FAKE_ROOT": os.path.abspath(root), "FAKE_PORT": secure.server_port, "FAKE_PLAIN": ca.plain,
                       "FAKE_EAB_KID": acme.EAB_KID, "FAKE_EAB_KEY": acme.EAB_KEY})
    secure.serve_forever()


def main():
    parser = argparse.ArgumentParser(description="A scriptable ACME CA for tests.")
    parser.add_argument("--list", action="store_true", help="print name, expected exit code and meaning")
    parser.add_argument("--dir", help="where its files go")
    parser.add_argument("--scenario", default="good", help="one of --list, or several joined by +")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--crl", default="", help="the URL of the CRL, in each certificate")
    given = parser.parse_args()
    if given.list:
        for row in scenarios.SCENARIOS:
            print("%s\t%d\t%s" % row[:3])
    elif not given.dir:
        parser.error("--dir is missing")
    else:
        serve(given.dir, given.scenario, given.port, given.crl)


if __name__ == "__main__":
    main()
