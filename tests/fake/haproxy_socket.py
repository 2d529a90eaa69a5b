#!/usr/bin/env python3
"""The certificate commands of HAProxy's admin socket, on DIR/admin.sock: one command a connection.

    haproxy_socket.py --dir DIR --known FILE

FILE is the certificate that is in use; its new content goes to DIR/in-use with the commit. DIR/env gets
HAPROXY_FAKE_SOCKET.
"""
import argparse
import os
import socketserver


class Admin(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode().split()
        self.wfile.write((self.server.answer(words, self.rfile) + "\n\n").encode())


class Server(socketserver.UnixStreamServer):
    pending = None

    def answer(self, words, stream):
        action, name = words[0], words[3]
        if name != self.known:
            return "Can't replace a certificate which is not referenced by the configuration!"
        if action == "set":
            lines = []
            for line in stream:
                if line == b"\n":
                    break
                lines.append(line.decode())
            self.pending = "".join(lines)
            return f"Transaction created for certificate {name}!"
        if action == "abort" or self.pending is None:
            self.pending = None
            return "No ongoing transaction!"
        if os.path.exists(os.path.join(self.folder, "refuse")):
            return "inconsistencies between private key and certificate loaded"
        with open(os.path.join(self.folder, "in-use"), "w", encoding="ascii") as file:
            file.write(self.pending)
        self.pending = None
        return f"Committing {name}.\nSuccess!"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    parser.add_argument("--known", required=True)
    options = parser.parse_args()
    path = os.path.join(options.dir, "admin.sock")
    server = Server(path, Admin)
    server.folder, server.known = options.dir, options.known
    with open(os.path.join(options.dir, "env.new"), "w", encoding="ascii") as file:
        file.write(f"HAPROXY_FAKE_SOCKET={path}\n")
    os.rename(os.path.join(options.dir, "env.new"), os.path.join(options.dir, "env"))
    server.serve_forever()


main()
