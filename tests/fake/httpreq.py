#!/usr/bin/env python3
"""A service of lego's httpreq protocol on loopback: it puts the values into challtestsrv.

    python3 tests/fake/httpreq.py --dir DIR --user NAME --password WORD

When it is ready it writes DIR/env: FAKE_HTTPREQ, the endpoint, which has a path. Each request is one JSON line of
DIR/requests.jsonl: method, path, authorization, type, body. A name with "refused" in it is answered 400, one with
"broken" 500. CHALLTESTSRV and DNS_ADDR are those of tests/e2e/dns-challtestsrv. It ends with SIGTERM."""
import argparse
import base64
import http.server
import json
import os
import signal
import subprocess
import sys

PROVIDER = os.path.join(os.path.dirname(__file__), "..", "e2e", "dns-challtestsrv")
MOST_BODY = 1 << 16


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", "0")), MOST_BODY)
        body = self.rfile.read(length).decode("utf-8", "replace")
        self.note(body)
        self.answer(*self.handle_change(body))

    def note(self, body):
        entry = {"method": self.command, "path": self.path, "authorization": self.headers.get("Authorization"),
                 "type": self.headers.get("Content-Type"), "body": body}
        with open(os.path.join(self.server.folder, "requests.jsonl"), "a") as log:
            log.write(json.dumps(entry) + "\n")

    def handle_change(self, body):
        if self.path not in ("/dns/present", "/dns/cleanup"):
            return 404, "no such path"
        if self.headers.get("Authorization") != self.server.authorization:
            return 401, "who are you?"
        try:
            change = json.loads(body)
            name, value = change["fqdn"], change["value"]
        except (ValueError, KeyError, TypeError):
            return 400, "not a change"
        if not name.endswith("."):
            return 400, "fqdn has no final dot"
        if "refused" in name:
            return 400, "this name is not for you"
        if "broken" in name:
            return 500, "the database is away"
        action = self.path.rsplit("/", 1)[1]
        done = subprocess.run([PROVIDER, action, name, value], check=False)
        return (200, "") if done.returncode == 0 else (500, "challtestsrv failed")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--dir", "--user", "--password"):
        parser.add_argument(flag, required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder = options.dir
    server.authorization = "Basic " + base64.b64encode(
        ("%s:%s" % (options.user, options.password)).encode()).decode()
    env = os.path.join(options.dir, "env")
    with open(env + ".new", "w") as file:
        file.write("FAKE_HTTPREQ=http://127.0.0.1:%d/dns\n" % server.server_address[1])
    os.rename(env + ".new", env)
    server.serve_forever()


if __name__ == "__main__":
    main()
