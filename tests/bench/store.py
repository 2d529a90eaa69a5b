"""A store of many certificates, as certo leaves it after a pass: store.py DIR COUNT.

All have one key and one certificate, by hard links, so that a hundred thousand take seconds. Each has a request and a
status of its own. One in a thousand is due, and one in a thousand has failed.
"""
import datetime
import json
import os
import subprocess
import sys

LINKS = 10000  # certificates with the same two files: file systems have a limit
DIRECTORY = "https://ca.example/directory"


def stamp(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(path, text, mode=0o600):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)


def fingerprint(path):
    facts = os.stat(path)
    return {"inode": facts.st_ino, "size": facts.st_size, "mtime_ns": facts.st_mtime_ns}


def make_pair(folder):
    """Key and certificate, valid for 90 days, and the name of their version."""
    os.makedirs(folder)
    key, chain = f"{folder}/key.pem", f"{folder}/fullchain.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", chain, "-days", "90", "-subj", "/CN=bench", "-addext", "subjectAltName=DNS:bench.example"],
                   check=True, capture_output=True)
    os.chmod(key, 0o600)
    return key, chain


def pair_files(source, folder):
    for name, whole in ("key.pem", "key.pem"), ("cert.pem", "fullchain.pem"), ("fullchain.pem", "fullchain.pem"):
        os.link(f"{source}/{whole}", f"{folder}/{name}")


def status_of(number, folder, version):
    status = {"certo": "status/1", "due": stamp(-1 if number % 1000 == 1 else 30), "not_after": stamp(60),
              "window_start": stamp(30), "window_end": stamp(32), "ari_again": stamp(1),
              "live": {"version": version, "key": fingerprint(f"{folder}/{version}/key.pem"),
                       "fullchain": fingerprint(f"{folder}/{version}/fullchain.pem")},
              "checked": stamp(0), "request": fingerprint(f"{folder}/request.json"), "wishes": "0" * 32}
    if number % 1000 == 2:
        status |= {"failures": 3, "failing_since": stamp(-2), "retry_at": stamp(0.5),
                   "last_error": "the CA's http-01 check failed: connection refused"}
    return status


def put(certs, number, source, version):
    name = f"c{number}.bench.example"
    folder = f"{certs}/{name}"
    os.makedirs(f"{folder}/{version}", 0o700)
    pair_files(source, f"{folder}/{version}")
    os.symlink(version, f"{folder}/live")
    write(f"{folder}/{version}/directory", DIRECTORY + "\n", 0o644)
    write(f"{folder}/lock", "")
    request = {"certo": "request/1", "identifiers": [name], "key_type": "ec-256", "directory": DIRECTORY,
               "account": "default", "way": {"method": "webroot", "webroot": "/var/www/html"}}
    write(f"{folder}/request.json", json.dumps(request, indent=2))
    write(f"{folder}/status.json", json.dumps(status_of(number, folder, version), indent=2))


def main():
    home, count = sys.argv[1], int(sys.argv[2])
    certs = f"{home}/certs"
    os.makedirs(certs, 0o700)
    os.chmod(home, 0o700)
    version = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ") + "-4f1c22aa"
    for number in range(count):
        source = f"{home}/.pair/{number // LINKS}"
        if number % LINKS == 0:
            make_pair(source)
        put(certs, number, source, version)


main()
