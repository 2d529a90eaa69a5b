#!/usr/bin/env python3
"""A server of CRLs that does what the word in DIR/mode says:

    crl.py --dir DIR

file: it answers with the content of DIR/crl. redirect, to-file: it leads there, and to a file of this machine.
huge: a reply without end; slow: one that does not come. Anything else is a status, like 404.
DIR/env gets FAKE_CRL, the URL of the CRL; DIR/requests gets a line for each request."""
import argparse
import http.server
import os
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        folder = self.server.folder
        with open(os.path.join(folder, "requests"), "a", encoding="ascii") as file:
            file.write(self.path + "\n")
        with open(os.path.join(folder, "mode"), encoding="ascii") as file:
            mode = file.read().strip()
        moved = mode in ("redirect", "to-file") and self.path != "/moved"
        self.send_response(302 if moved else int(mode) if mode.isdigit() else 200)
        if moved:
            self.send_header("Location", "/moved" if mode == "redirect" else "file://" + os.path.join(folder, "crl"))
        self.end_headers()
        try:
            if mode == "slow":
                time.sleep(60)
            while mode == "huge":
                self.wfile.write(bytes(1 << 20))
            if mode in ("file", "redirect") and not moved:
                with open(os.path.join(folder, "crl"), "rb") as file:
                    self.wfile.write(file.read())
        except OSError:
            pass  # the client has heard enough

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    folder = os.path.abspath(parser.parse_args().dir)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder = folder
    with open(os.path.join(folder, "env.new"), "w", encoding="ascii") as file:
        file.write(f"FAKE_CRL=http://127.0.0.1:{server.server_address[1]}/7.crl\n")
    os.rename(os.path.join(folder, "env.new"), os.path.join(folder, "env"))
    server.serve_forever()


main()
