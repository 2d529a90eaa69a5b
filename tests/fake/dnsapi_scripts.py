#!/usr/bin/env python3
"""Runs scripts of acme.sh in certo's host, behind a recording HTTPS proxy, up to their first authenticated request.

dnsapi_scripts.py --dir DIR --certo CERTO --host acmesh-dnsapi.sh --shell NAME=COMMAND [--shell ...] SCRIPT...

Prints a line for each script and action: what it reached under each shell, or "different" and both. The proxy has
a CA of its own (CA_BUNDLE). It answers an authenticated request with 401, and any other with a reply in which most
scripts find a token. The settings of a script are those that 'certo providers' shows."""
import argparse
import base64
import concurrent.futures
import json
import os
import re
import shutil
import signal
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

import der
import issuer

MARK = "certo7"  # begins every secret
AUTH_HEADER = re.compile(
    r"^(authorization|cookie|.*(api-?key|auth|token|signature|secret|x-ns1-key|accesskey|login).*):", re.I)
SIGNED = re.compile(r"signature|sign=|hash=|hmac|digest|passw|secret|login|jwt", re.I)
PROMISING = json.dumps({
    "status": "success", "success": True, "code": 1000, "token": "t0ken", "access_token": "t0ken", "session": "t0ken",
    "id": "1", "_csrf_token": "t0ken"}) + '<input name="csrf_token" value="t0ken"><input name="_token" value="t0ken">'


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Connection)
        self.folder, self.lock, self.contexts, self.requests = folder, threading.Lock(), {}, {}
        self.ca = issuer.Name("certo test proxy", issuer.Key(os.path.join(folder, "ca.key")))
        self.key = issuer.Key(os.path.join(folder, "leaf.key"))
        self.dates = (issuer.now() - issuer.hours(1), issuer.now() + issuer.hours(24))
        with open(os.path.join(folder, "ca.pem"), "w") as file:
            file.write(pem(issuer.certificate(self.ca, self.ca.subject, self.ca.key.public, *self.dates)))

    def context(self, host):
        with self.lock:
            if host not in self.contexts:
                path = os.path.join(self.folder, "leaf-%d.pem" % len(self.contexts))
                leaf = issuer.certificate(self.ca, "proxied", self.key.public, *self.dates, identifiers=[("dns", host)])
                with open(path, "w") as file:
                    file.write(pem(leaf))
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(path, self.key.path)
                self.contexts[host] = context
            return self.contexts[host]

    def note(self, run, request):
        with self.lock:
            self.requests.setdefault(run, []).append(request)

    def noted(self, run):
        with self.lock:
            return list(self.requests.get(run, []))

    def handle_error(self, *_):
        pass


def pem(certificate):
    return der.pem("CERTIFICATE", certificate)


class Connection(socketserver.StreamRequestHandler):
    def head(self):
        lines = []
        while True:
            line = self.rfile.readline(1 << 16).decode("latin-1").rstrip("\r\n")
            if not line:
                return lines
            lines.append(line)

    def handle(self):
        lines = self.head()
        if not lines:
            return
        run = ""
        for line in lines:
            if line.lower().startswith("proxy-authorization: basic "):
                run = base64.b64decode(line.split()[-1]).decode().split(":")[0]
        base = ""
        if lines[0].startswith("CONNECT "):
            host, _, port = lines[0].split()[1].rpartition(":")
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            secure = self.server.context(host).wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = secure.makefile("rb"), secure.makefile("wb", 0)
            base = "https://" + host + ("" if port == "443" else ":" + port)
            lines = self.head()
        if lines:
            self.answer(run, base, lines)

    def answer(self, run, base, lines):
        method, target = lines[0].split()[:2]
        headers = [line for line in lines[1:] if not line.lower().startswith("proxy-")]
        length = sum(int(line.split(":")[1]) for line in headers if line.lower().startswith("content-length:"))
        body = self.rfile.read(length).decode("latin-1")
        request = {"method": method, "url": base + target, "headers": headers, "body": body}
        request["authenticated"] = is_authenticated(request)
        self.server.note(run, request)
        text = '{"error":"unauthorized"}' if request["authenticated"] else PROMISING
        status = "401 Unauthorized" if request["authenticated"] else "200 OK"
        self.wfile.write(("HTTP/1.1 %s\r\nContent-Type: application/json\r\nSet-Cookie: session=t0ken; path=/\r\n"
                          "Content-Length: %d\r\nConnection: close\r\n\r\n%s" %
                          (status, len(text), "" if method == "HEAD" else text)).encode())


def is_authenticated(request):
    text = request["url"] + "\n" + "\n".join(request["headers"]) + "\n" + request["body"]
    if MARK in urllib.parse.unquote(text) or any(AUTH_HEADER.match(line) for line in request["headers"]):
        return True
    return bool(SIGNED.search(request["url"].partition("?")[2] + request["body"]))


# What a script checks before it asks its service.
VALUES = {
    "BHOSTED_SLD": "", "BHOSTED_TLD": "", "CZ_API_BASE": "", "CZ_Zones": "example.com",
    "DA_Api": "https://certo7user:x@service.example", "OMG_Address": "certo7omgaddress",
    "DA_Api_Insecure": "0", "DnsServices_Username": "certo7@example.com", "HETZNER_MAX_ATTEMPTS": "",
    "Hexonet_Login": "certo7!role", "ISPC_Api_Insecure": "0", "NAMECHEAP_SOURCEIP": "192.0.2.1",
    "OPNs_Api_Insecure": "0", "OPTIDATA_Token": "ocs_certo7", "OVH_END_POINT": "ovh-eu", "SL_Ver": "v1",
    "SELFHOSTDNS_MAP": "_acme-challenge.www.example.com:111:222", "SPACESHIP_ROOT_DOMAIN": "example.com",
    "Technitium_Server": "https://service.example", "UNO_User": "UE123456"}
# Services with zones of their own only.
NAMES = {"dns_ddnss": "www.ddnss.de", "dns_duckdns": "www.duckdns.org", "dns_freemyip": "www.freemyip.com",
         "dns_omglol": "certo7omgaddress.omg.lol"}


def value_of(name, about, folder):
    """Of a setting, as its service may expect it."""
    if name in VALUES:
        return VALUES[name]
    if name.endswith("PEM_b64"):
        with open(os.path.join(folder, "rsa.pem"), "rb") as file:
            return base64.b64encode(file.read()).decode()
    words, plain = name.lower(), MARK + re.sub("[^a-z0-9]", "", name.lower())
    if "insecure" in words or "in PEM format" in about and "Path" not in about:
        return ""
    if re.search("key_?file|keyfile", words) or "private key file path" in about.lower():
        return os.path.join(folder, "rsa.pem")
    if re.search("ttl|port$|wait|timeout", words):
        return "443" if "port" in words else "300"
    if re.search("url|endpoint|_api$|^api$|uri", words) or "http" in about.lower():
        return "https://service.example"
    if re.search("(server|host|hostname)$", words):
        return "service.example"
    if "mail" in words:
        return plain + "@example.com"
    return plain


class Runner:
    def __init__(self, options, proxy):
        self.options, self.proxy = options, proxy
        self.shells = [shell.split("=", 1) for shell in options.shell]

    def settings(self, script):
        shown = subprocess.run([self.options.certo, "providers", script, "--json"], stdout=subprocess.PIPE, check=True)
        return {one["name"]: value_of(one["name"], one["about"], self.options.dir)
                for one in json.loads(shown.stdout)["settings"] if not one["name"].startswith("CA_")}

    def call(self, script, action, shell, settings):
        name = os.path.basename(script)[:-3]
        label, command = shell
        record = "_acme-challenge." + NAMES.get(name, "www.example.com")
        run = "%s-%s-%s" % (name, action, label)
        folder = tempfile.mkdtemp(dir=self.options.dir)
        for part in ("account", "domain"):
            os.mkdir(os.path.join(folder, part))
        environment = {name: value for name, value in settings.items() if value}
        environment.update(
            PATH=self.options.path.get(label, os.environ["PATH"]), HOME=folder, LC_ALL="C", NO_TIMESTAMP="1",
            CERTO=self.options.certo, CERTO_FOLDER=folder, CERTO_ENDS=str(int(time.time()) + 600),
            CA_BUNDLE=os.path.join(self.options.dir, "ca.pem"),
            HTTPS_PROXY="http://%s:x@127.0.0.1:%d" % (run, self.proxy.server_address[1]))
        said = os.path.join(folder, "said")
        with open(said, "wb") as errors:
            code = self.until_authenticated(run, subprocess.Popen(
                command.split() + [self.options.host, action, script, record, "txt-value"], env=environment,
                cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True))
        with open(said, errors="replace") as file:
            said = file.read()
        shutil.rmtree(folder, ignore_errors=True)
        for request in self.proxy.noted(run):
            if request["authenticated"]:
                return "%s %s" % (request["method"], request["url"].partition("?")[0])
        absent = re.findall(r"(\S+): not found", said)
        if absent:
            return "needs " + absent[0]
        others = self.proxy.noted(run)
        if code == 0 and not others:
            return "no request: the script makes none"
        return "nothing authenticated (%d requests): %s" % (len(others), " / ".join(said.split("\n")[-4:]).strip())

    def until_authenticated(self, run, process):
        """The exit code of a call, which is ended as soon as the proxy saw what it waits for."""
        ends = time.monotonic() + 50
        while True:
            try:
                return process.wait(0.05)
            except subprocess.TimeoutExpired:
                if time.monotonic() > ends or any(one["authenticated"] for one in self.proxy.noted(run)):
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    return 1

    def script(self, path):
        settings, lines = self.settings(path), []
        for action in ("add", "rm"):
            reached = [self.call(path, action, shell, settings) for shell in self.shells]
            same = len(set(reached)) == 1
            lines.append("%s %s: %s" % (os.path.basename(path)[:-3], action,
                                        reached[0] if same else "different: " + " | ".join(reached)))
        return lines


def main():
    parser = argparse.ArgumentParser()
    for name in ("--dir", "--certo", "--host"):
        parser.add_argument(name, required=True)
    parser.add_argument("--shell", action="append", required=True)
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("scripts", nargs="+")
    options = parser.parse_args()
    options.path = dict(one.split("=", 1) for one in options.path)
    issuer.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                   "-out", os.path.join(options.dir, "rsa.pem"))
    proxy = Proxy(options.dir)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    runner = Runner(options, proxy)
    with concurrent.futures.ThreadPoolExecutor(2 * (os.cpu_count() or 2)) as pool:
        for lines in pool.map(runner.script, options.scripts):
            for line in lines:
                print(line, flush=True)


main()
