#!/usr/bin/env python3
"""An HTTP server that says what it was asked, for the helpers of acme.sh's scripts: dnsapi_echo.py --dir DIR

Writes DIR/env with BASE. /echo returns the request, /status/N that status, /moved/N redirects N times to /echo."""
import argparse
import http.server
import os

SHOWN = ("authorization", "content-length", "content-type", "cookie", "x-other", "x-token")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text, headers=()):
        body = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        word, _, number = self.path.strip("/").partition("/")
        if word == "status":
            return self.answer(int(number), "status %s\n" % number, [("X-Reply", number)])
        if word == "moved":
            left = int(number) - 1
            return self.answer(302, "moved\n", [("Location", "/moved/%d" % left if left else "/echo")])
        lines = ["%s: %s" % (name, self.headers[name]) for name in SHOWN
                 if name in self.headers and self.headers[name] != "0"]
        return self.answer(200, "\n".join(["%s %s" % (self.command, self.path)] + lines) + "\n\n" + body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    folder = parser.parse_args().dir
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(os.path.join(folder, "env.new"), "w") as file:
        file.write("BASE=http://127.0.0.1:%d\n" % server.server_address[1])
    os.rename(os.path.join(folder, "env.new"), os.path.join(folder, "env"))
    server.serve_forever()


main()
