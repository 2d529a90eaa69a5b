#!/usr/bin/env python3
"""Takes everything that it is sent, by HTTP and by SMTP, and writes it down.

    sink.py --dir DIR

DIR/env gets SINK_HTTP and SINK_SMTP, the URLs; DIR/requests.jsonl one line a request: method, path, headers, body.
A mail has the method MAIL and the recipients as its path. A path with "refused" in it is answered by 403.
"""
import argparse
import http.server
import json
import os
import socketserver
import threading

lock = threading.Lock()


def log(folder, **request):
    with lock, open(os.path.join(folder, "requests.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(request) + "\n")


class Web(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        log(self.server.folder, method=self.command, path=self.path, headers=headers, body=body)
        self.send_response(403 if "refused" in self.path else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = do_POST

    def log_message(self, *_):
        pass


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        recipients = []
        for line in self.rfile:
            word = line.decode().strip()
            if word.upper().startswith("RCPT TO:"):
                recipients.append(word[8:].strip("<>"))
            if word.upper() == "DATA":
                self.say("354 go on")
                body = iter(self.rfile.readline, b".\r\n")
                text = b"".join(body).decode()
                log(self.server.folder, method="MAIL", path=" ".join(recipients), headers={}, body=text)
            self.say("221 bye" if word.upper() == "QUIT" else "250 fine")
            if word.upper() == "QUIT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    folder = parser.parse_args().dir
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    mail.daemon_threads = True
    for server in (web, mail):
        server.folder = folder
    threading.Thread(target=mail.serve_forever, daemon=True).start()
    with open(os.path.join(folder, "env.new"), "w", encoding="ascii") as file:
        file.write(f"SINK_HTTP=http://127.0.0.1:{web.server_address[1]}\n")
        file.write(f"SINK_SMTP=smtp://127.0.0.1:{mail.server_address[1]}\n")
    os.rename(os.path.join(folder, "env.new"), os.path.join(folder, "env"))
    web.serve_forever()


main()
