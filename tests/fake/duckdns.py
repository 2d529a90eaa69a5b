#!/usr/bin/env python3
"""Duck DNS for tests, by https://www.duckdns.org/spec.jsp: one TXT value a domain, which every name below it shows.

    duckdns.py --dir FOLDER --token TOKEN [DOMAIN...]

GET /update?domains=NAME&token=TOKEN&txt=VALUE[&clear=true] answers OK or KO. The value goes into pebble's challtestsrv,
by its management URL CHALLTESTSRV, for the names that a CA asks for. FOLDER/env holds DUCKDNS_BASE_URL once it listens,
FOLDER/changes one line a change that was made: "NAME VALUE", or "NAME" where it was cleared.
"""
import argparse
import http.server
import json
import os
import urllib.parse
import urllib.request


def manage(verb, **record):
    url = os.environ["CHALLTESTSRV"].rstrip("/") + "/" + verb
    request = urllib.request.Request(url, data=json.dumps(record).encode(), method="POST")
    # Never through a proxy that the environment names: the server is on loopback.
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()


def show(domain, value):
    """The domain has this value and no other; none for ""."""
    for host in (domain + ".duckdns.org.", "_acme-challenge." + domain + ".duckdns.org."):
        manage("clear-txt", host=host)
        if value:
            manage("set-txt", host=host, value=value)


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        asked = {key: values[0] for key, values in urllib.parse.parse_qs(url.query, keep_blank_values=True).items()}
        body = (b"OK" if self.update(asked) else b"KO") if url.path == "/update" else b"no such page"
        self.send_response(200 if url.path == "/update" else 404)
        self.send_header("Content-Type", "text/html;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def update(self, asked):
        domains = asked.get("domains", "").split(",")
        if asked.get("token") != options.token or not set(domains) <= set(options.domains) or "txt" not in asked:
            return False
        value = "" if asked.get("clear") == "true" else asked["txt"]
        for domain in domains:
            show(domain, value)
            with open(os.path.join(options.dir, "changes"), "a") as changes:
                print(*filter(None, (domain, value)), file=changes)
        return True

    def log_message(self, *_):
        pass


parser = argparse.ArgumentParser()
parser.add_argument("--dir", required=True)
parser.add_argument("--token", required=True)
parser.add_argument("domains", nargs="*")
options = parser.parse_args()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
with open(os.path.join(options.dir, "env.new"), "w") as env:
    print("DUCKDNS_BASE_URL=http://127.0.0.1:%d" % server.server_port, file=env)
os.rename(os.path.join(options.dir, "env.new"), os.path.join(options.dir, "env"))
server.serve_forever()
