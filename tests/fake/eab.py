#!/usr/bin/env python3
"""ZeroSSL's API for external accounts on loopback, without TLS.

    python3 tests/fake/eab.py --dir DIR --kid KID --key KEY --email ADDR --api-key WORD

When it is ready it writes DIR/env: FAKE_EAB_BY_EMAIL and FAKE_EAB_BY_KEY, the two URLs, and FAKE_EAB_ODD, under which
html, empty, broken and list answer what the API never does. Each request is one JSON line of DIR/requests.jsonl:
method, path, type, body. It ends with SIGTERM."""
import argparse
import http.server
import json
import os
import signal
import sys
import urllib.parse

MOST_BODY = 1 << 16
ODD = {"html": (200, "<html>Sign in</html>"), "empty": (200, '{"success":true}'), "broken": (502, "bad gateway"),
       "list": (200, "[]"), "wrong": (200, '{"success":true,"eab_kid":"k","eab_hmac_key":"not base64"}')}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", "0")), MOST_BODY)
        body = self.rfile.read(length).decode("utf-8", "replace")
        with open(os.path.join(self.server.folder, "requests.jsonl"), "a") as log:
            log.write(json.dumps({"method": self.command, "path": self.path, "body": body,
                                  "type": self.headers.get("Content-Type")}) + "\n")
        status, text = self.reply(urllib.parse.urlsplit(self.path), body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def reply(self, url, body):
        given = self.server.given
        if url.path.startswith("/odd/"):
            return ODD[url.path[len("/odd/"):]]
        if url.path == "/acme/eab-credentials-email":
            is_right = urllib.parse.parse_qs(body) == {"email": [given.email]} and \
                self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
            reason = "invalid_email"
        else:
            is_right = urllib.parse.parse_qs(url.query) == {"access_key": [given.api_key]}
            reason = "invalid_access_key"
        if not is_right:
            return 200, json.dumps({"success": False, "error": {"code": 2900, "type": reason}})
        return 200, json.dumps({"success": True, "eab_kid": given.kid, "eab_hmac_key": given.key})

    def log_message(self, *words):
        pass


def main():
    parser = argparse.ArgumentParser()
    for name in ("--dir", "--kid", "--key", "--email", "--api-key"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.given, server.folder = given, given.dir
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    base = "http://127.0.0.1:%d" % server.server_port
    path = os.path.join(given.dir, "env")
    with open(path + ".new", "w") as file:
        file.write("FAKE_EAB_BY_EMAIL=%s/acme/eab-credentials-email\nFAKE_EAB_BY_KEY=%s/acme/eab-credentials\n"
                   "FAKE_EAB_ODD=%s/odd\n" % (base, base, base))
    os.rename(path + ".new", path)
    server.serve_forever()


if __name__ == "__main__":
    main()
