"""What certo costs, beside the clients that are installed (lego, certbot, uacme): `make bench`.

With words (start, one, due, passes, store) only those parts run. Run by scripts/bench.sh, which has started pebble, challtestsrv and nginx. Every client talks to pebble through
proxy.py, once without delay and once with 50 ms each way. Requests are counted in pebble's log, connections in the
proxy, CPU and memory by wait4(2).
"""
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

E = os.environ
BENCH = os.path.dirname(os.path.abspath(__file__))
CERTO = os.path.abspath(E["CERTO"])
WORK = E["WORK"]
PEBBLE_LOG = E["PEBBLE_LOG"]
HTTP_PORT = E["PEBBLE_HTTP_PORT"]
RUNS = int(E.get("RUNS", "5"))


class Proxy:
    def __init__(self, delay_ms):
        target = E["PEBBLE_DIRECTORY"].split("/")[2]
        self.process = subprocess.Popen([sys.executable, f"{BENCH}/proxy.py", target, str(delay_ms)],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.directory = f"https://127.0.0.1:{self.port}/dir"

    def connections(self):
        self.process.send_signal(signal.SIGUSR1)
        return int(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()


def requests_since(offset):
    with open(PEBBLE_LOG, errors="replace") as log:
        log.seek(offset)
        return sum("-> calling handler()" in line for line in log)


def log_size():
    return os.path.getsize(PEBBLE_LOG)


def measure(argv, env=None):
    """Wall and CPU seconds and peak KiB of one run. The peak comes from time(1): a child of Python inherits its."""
    peak = f"{WORK}/peak"
    start = time.monotonic()
    process = subprocess.Popen(["time", "-f", "%M", "-o", peak, *argv], env={**E, **(env or {})},
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise RuntimeError(f"{argv[0]} ended with {code}: {errors.decode(errors='replace')[-400:]}")
    with open(peak) as file:
        return wall, usage.ru_utime + usage.ru_stime, int(file.read())


def row(label, wall, cpu, rss, requests="", connections="", base=None):
    ratio = f"{wall / base:6.1f}x" if base else "       "
    print(f"  {label:<34}{wall:8.3f} s {ratio} {cpu:8.3f} s {rss / 1024:7.1f} MB {requests!s:>9} {connections!s:>6}",
          flush=True)


def head(title):
    print(f"\n{title}\n  {'':<34}{'wall':>10} {'ratio':>7} {'CPU':>10} {'peak':>10} {'requests':>9} {'conns':>6}")


def run_client(label, proxy, prepare, command, base=None):
    """The median of RUNS, after one run that makes the account."""
    try:
        prepare()
        samples = []
        for _ in range(RUNS):
            proxy.connections()
            offset = log_size()
            wall, cpu, rss = measure(*command())
            samples.append((wall, cpu, rss, requests_since(offset), proxy.connections()))
    except (RuntimeError, FileNotFoundError) as error:
        print(f"  {label:<34}not measured: {str(error)[:300]}")
        return None
    samples.sort()
    wall, cpu, rss, requests, connections = samples[len(samples) // 2]
    row(label, wall, cpu, max(s[2] for s in samples), requests, connections, base)
    return wall


def certo(proxy, *words, home="certo", bundle=None):
    env = {"CERTO_HOME": f"{WORK}/{home}-{proxy.port}", "CERTO_SERVER": proxy.directory,
           "CERTO_CA_BUNDLE": bundle or E["PEBBLE_CA"]}
    return [CERTO, *words], env


def certo_account(proxy):
    measure(*certo(proxy, "account", "new", "--agree-tos"))


def one_name(proxy, title):
    head(title)
    listen = f"127.0.0.1:{HTTP_PORT}"
    issue = ("issue", "-d", "one.bench.example", "--standalone", "--listen", listen, "--force", "-q")
    base = run_client("certo", proxy, lambda: certo_account(proxy), lambda: certo(proxy, *issue))
    # 140 more roots in front: what a machine's own bundle costs.
    run_client("certo, system's bundle", proxy, lambda: None,
               lambda: certo(proxy, *issue, bundle=E["WHOLE_BUNDLE"]), base)

    if shutil.which("lego"):
        path = f"{WORK}/lego-{proxy.port}"
        flags = ["lego", "--server", proxy.directory, "--email", "a@bench.example", "--accept-tos", "--http",
                 "--http.port", listen, "--path", path, "--domains", "one.bench.example", "run"]
        env = {"LEGO_CA_CERTIFICATES": E["PEBBLE_CA"]}
        run_client("lego", proxy, lambda: measure(flags, env), lambda: (flags, env), base)
    if shutil.which("certbot"):
        path = f"{WORK}/certbot-{proxy.port}"
        flags = ["certbot", "certonly", "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", HTTP_PORT,
                 "--server", proxy.directory, "-d", "one.bench.example", "--config-dir", path, "--work-dir", path,
                 "--logs-dir", path, "-n", "--agree-tos", "--register-unsafely-without-email", "--force-renewal"]
        env = {"REQUESTS_CA_BUNDLE": E["PEBBLE_CA"]}
        run_client("certbot", proxy, lambda: measure(flags, env), lambda: (flags, env), base)
    if shutil.which("uacme") and os.getuid() == 0:
        path = f"{WORK}/uacme-{proxy.port}"
        # It trusts the machine's own bundle and no other, so it gets a machine with another bundle.
        inside = ["unshare", "-m", "sh", "-c",
                  'mount --bind "$WHOLE_BUNDLE" /etc/ssl/certs/ca-certificates.crt && exec "$@"', "sh"]
        flags = [*inside, "uacme", "-c", path, "-a", proxy.directory, "-y"]
        issue_flags = [*flags, "-f", "-h", f"{WORK}/uacme-hook", "issue", "nginx.bench.example"]
        run_client("uacme", proxy, lambda: measure([*flags, "new"]), lambda: (issue_flags, None), base)
    return base


def twenty_names(proxy, base):
    head("20 names by dns-01, 50 ms each way")
    names = [word for i in range(20) for word in ("-d", f"n{i}.bench.example")]
    words = ("issue", *names, "--cert-name", "twenty", "--dns", f"exec:{E['DNS_PROVIDER']}",
             "--propagation", "none", "--force", "-q")
    run_client("certo", proxy, lambda: None, lambda: certo(proxy, *words), base)
    print("  (ratio: to one name by http-01)")


def passes(proxy):
    head("cron over certificates that are not due")
    if not os.path.isdir(f"{WORK}/certo-{proxy.port}/certs"):
        listen = f"127.0.0.1:{HTTP_PORT}"
        measure(*certo(proxy, "issue", "--agree-tos", "-d", "one.bench.example", "--standalone", "--listen", listen))
    for count in (1000, 10000):
        home = f"{WORK}/pass-{count}"
        source = f"{WORK}/certo-{proxy.port}"
        shutil.copytree(source, home, symlinks=True, dirs_exist_ok=True)
        one = f"{home}/certs/one.bench.example"
        for i in range(count - len(os.listdir(f"{home}/certs"))):
            shutil.copytree(one, f"{home}/certs/c{i}.bench.example", symlinks=True)
        env = {"CERTO_HOME": home, "CERTO_CA_BUNDLE": E["PEBBLE_CA"]}
        measure([CERTO, "cron"], env)  # reads everything once, and asks for renewal information
        offset = log_size()
        samples = sorted(measure([CERTO, "cron"], env) for _ in range(RUNS))
        wall, cpu, rss = samples[len(samples) // 2]
        row(f"certo cron, {count}", wall, cpu, rss, requests_since(offset))


def all_due(proxy, count=200, by_lego=10):
    """A pass over `count` certificates that are due, each with its own name; lego gets them one after the other."""
    head(f"{count} certificates that are due, 50 ms each way")
    listen = f"127.0.0.1:{HTTP_PORT}"
    home = f"{WORK}/due"
    env = {"CERTO_HOME": home, "CERTO_SERVER": proxy.directory, "CERTO_CA_BUNDLE": E["PEBBLE_CA"]}
    measure([CERTO, "issue", "--agree-tos", "-d", "d0.bench.example", "--standalone", "--listen", listen, "-q"], env)
    for i in range(1, count):
        folder = f"{home}/certs/d{i}.bench.example"
        shutil.copytree(f"{home}/certs/d0.bench.example", folder, symlinks=True)
        with open(f"{folder}/request.json", "r+") as file:
            text = file.read().replace("d0.bench.example", f"d{i}.bench.example")
            file.seek(0)
            file.write(text)
            file.truncate()
    jobs = 32
    proxy.connections()
    offset = log_size()
    wall, cpu, rss = measure([CERTO, "renew", "--all", "--force", "--jobs", str(jobs), "-q"], env)
    row(f"certo renew --all --jobs {jobs}", wall, cpu, rss, requests_since(offset), proxy.connections())
    if not shutil.which("lego"):
        return
    path = f"{WORK}/lego-due"
    samples = []
    proxy.connections()
    offset = log_size()
    for i in range(by_lego + 1):
        flags = ["lego", "--server", proxy.directory, "--email", "a@bench.example", "--accept-tos", "--http",
                 "--http.port", listen, "--path", path, "--domains", f"l{i}.bench.example", "run"]
        samples.append(measure(flags, {"LEGO_CA_CERTIFICATES": E["PEBBLE_CA"]}))
        if i == 0:  # it makes the account
            proxy.connections()
            offset, samples = log_size(), []
    scale = count / by_lego
    row(f"lego, {count} times ({by_lego} measured)", sum(s[0] for s in samples) * scale,
        sum(s[1] for s in samples) * scale, max(s[2] for s in samples), int(requests_since(offset) * scale),
        int(proxy.connections() * scale), wall)


def large_store(count=100000):
    """Commands that look at each certificate of a store of a hosting company."""
    head(f"a store of {count} certificates")
    home = f"{WORK}/large"
    subprocess.run([sys.executable, f"{BENCH}/store.py", home, str(count)], check=True)
    for words in (["list"], ["list", "--json"], ["list", "--sort", "expiry"], ["renew", "--plan"],
                  ["renew", "--plan", "--json"]):
        samples = sorted(measure([CERTO, *words, "--home", home]) for _ in range(RUNS))
        row("certo " + " ".join(words), *samples[len(samples) // 2])
    shutil.rmtree(home)


def start_up():
    head("start-up")
    for argv in (["certo", "version"], ["lego", "--version"], ["certbot", "--version"]):
        program = CERTO if argv[0] == "certo" else shutil.which(argv[0])
        if not program:
            continue
        samples = [measure([program, *argv[1:]]) for _ in range(20)]
        row(" ".join(argv), statistics.median(s[0] for s in samples), statistics.median(s[1] for s in samples),
            max(s[2] for s in samples))


def sizes():
    stripped = f"{WORK}/certo.stripped"
    subprocess.run(["strip", "-o", stripped, CERTO], check=True)
    print(f"\nsize: certo, stripped and static: {os.path.getsize(stripped) / 1e6:.2f} MB")


def main():
    only = sys.argv[1:]

    def wanted(part):
        return not only or part in only

    print(f"median of {RUNS} runs; certo's time is 1 in each ratio")
    if wanted("start"):
        start_up()
    near, far = Proxy(0), Proxy(50)
    try:
        if wanted("one"):
            one_name(near, "one name by http-01, known account, no delay")
            base = one_name(far, "one name by http-01, known account, 50 ms each way")
            if base:
                twenty_names(far, base)
        if wanted("due"):
            all_due(far)
        if wanted("passes"):
            passes(near)
        if wanted("store"):
            large_store()
    finally:
        near.stop()
        far.stop()
    sizes()


main()
