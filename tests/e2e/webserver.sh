#!/usr/bin/env bash
# certo webserver: reads what nginx reads, refuses what nginx refuses, and names the block that nginx answers with.
TESTBED="tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
# The program may be unpacked, and not installed.
export LD_LIBRARY_PATH=$NGINX_LIBRARIES
srv=$TMP/srv
mkdir -p "$srv"
chmod 755 "$TMP" "$srv"

start_nginx_with() { # CONFIG
  "$NGINX_PROGRAM" -e stderr -p "$srv" -c "$1" -g 'daemon off;' >"$srv/log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
stop_nginx() {
  kill "$server"
  wait "$server" 2>/dev/null || :
}
preamble() {
  [ "$(id -u)" != 0 ] || echo 'user root root;'
  printf 'pid "%s/pid";\nerror_log stderr;\nevents { worker_connections 256; }\n' "$srv"
}
temporary_folders() {
  local folder
  printf 'access_log off;\n'
  for folder in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path "%s/%s";\n' $folder "$srv" $folder; done
}
show() { # CONFIG ARGUMENT...
  "$CERTO" webserver nginx --nginx-conf "$@"
}
# check_json NAME CONFIG: shows it as JSON, for `json`.
check_json() {
  check "$1" show "$2" --json
  cp "$TMP/out" "$TMP/json"
}
# json EXPRESSION: of the first server of the last check_json, as `server`.
json() {
  python3 -c 'import json, sys
server = json.load(open(sys.argv[1]))["servers"][0]
print(eval(sys.argv[2]))' "$TMP/json" "$1"
}

# ---- Debian's own configuration ----

debian=$srv/debian
cp -R "${NGINX_PROGRAM%/usr/sbin/nginx}/etc/nginx" "$debian"
find "$debian" -type f -exec sed -i "s#/etc/nginx/#$debian/#g" {} +
sed -i "s#^user .*#user $(id -un) $(id -gn);#; s#^pid .*#pid $srv/pid;#; s#/var/log/nginx/[a-z]*.log#$srv/log#" "$debian/nginx.conf"
rm -f "$debian"/modules-enabled/*
ln -s ../sites-available/default "$debian/sites-enabled/default"
check_json "the configuration of Debian's package" "$debian/nginx.conf"
check "... has one virtual host" is "$(json 'len(server["virtual_hosts"])')" 1
check "... for both families" is "$(json '[(a["address"], a["default"]) for a in server["virtual_hosts"][0]["addresses"]]')" \
  "[('*:80', True), ('[::]:80', True)]"
check "... by the path of the link" is "$(json 'server["virtual_hosts"][0]["file"]')" "$debian/sites-enabled/default"
check "... at its line" is "$(json 'server["virtual_hosts"][0]["line"]')" \
  "$(grep -n '^server {' "$debian/sites-available/default" | head -n 1 | cut -d : -f 1)"
check "... for a person" show "$debian/nginx.conf"
check_said "... in a table" "1 virtual host" "sites-enabled/default" "[::]:80 default" "which does not run"
checksum() {
  find "$1" -type f -exec sha256sum {} + | sort
}
before=$(checksum "$debian")

# ---- the same answers as nginx ----

# Blocks with names of every kind, each of which answers with its line. Python asks nginx and certo for many names.
cat >"$TMP/differ.py" <<'END'
import http.client, json, random, socket, subprocess, sys
certo, config, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
folder, port, other = sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
random.seed(seed)
labels = ["a", "b", "www", "mail", "x1", "r22"]
ends = ["example", "example.com", "test", "b.example.com"]
listens = [f"127.0.0.1:{port}", f"127.0.0.2:{port}", f"127.0.0.1:{other}-{other + 1}", f"unix:{folder}/socket",
           f"[::1]:{port}", f"localhost:{other + 5}"]
def name():
    base = ".".join([random.choice(labels) for _ in range(random.randint(1, 2))] + [random.choice(ends)])
    kind = random.choice("eeeewwtdrrRq")
    if kind == "w": return "*." + base
    if kind == "t": return base.rsplit(".", 1)[0] + ".*"
    if kind == "d": return "." + base
    if kind == "r": return "~^" + random.choice(["(www\\.)?", "[a-z]+\\.", "(?<sub>.+)\\.", "\\w\\d+\\."]) + base.replace(".", "\\.") + "$"
    if kind == "R": return '"~^[a-z]{1,2}\\.' + random.choice(["", "(a|b)\\."]) + 'example"'
    if kind == "q": return random.choice(['""', "_", "'" + base.upper() + "'", "$hostname"])
    return base
def write():
    defaults, text = set(), []
    text.append("http {"); text.append(f"include {folder}/common.conf;")
    for _ in range(30):
        line, used = len(text) + 1 + preamble, set()
        text.append(random.choice(["server {", "\tserver{", "'server' # { comment", "server"]))
        if "{" not in text[-1].split("#")[0]: text.append("  {")
        for listen in random.sample(listens, random.randint(1, 3)):
            flag = ""
            if listen not in defaults and random.random() < 0.2: flag, _ = " default_server", defaults.add(listen)
            text.append(f"  listen {listen}{flag};" + random.choice(["", "\r", " # } c"]))
        for words in random.choice([[], [2], [1, 3]]):
            names = {name() for _ in range(words)} - used
            used = used | names
            if names: text.append("  server_name" + random.choice([" ", "\n\t", " # ;\n "]) + " ".join(sorted(names)) + ";")
        text.append(f'  location / {{ return 200 "{line}"; }}')
        text.append("}")
        # A line of the list may be several of the file.
        joined = "\n".join(text); text = joined.split("\n")
    text.append("}")
    open(config, "a", encoding="latin-1", newline="").write("\n".join(text) + "\n")
preamble = len(open(config).read().splitlines())
if sys.argv[7] == "write":
    write()
    sys.exit()
class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX); self.sock.connect(f"{folder}/socket")
def connection(address):
    if address.startswith("unix:"): return Unix("localhost")
    host, at = address.rsplit(":", 1)
    return http.client.HTTPConnection(host.strip("[]"), int(at), timeout=10)
names = ["nobody.invalid"] + [".".join(random.choice(labels) for _ in range(random.randint(0, 2))).strip(".") + "." + random.choice(ends) for _ in range(80)]
names = sorted({n.strip(".") for n in names} | {socket.gethostname().lower()})
command = [certo, "webserver", "nginx", "--nginx-conf", config, "--json", "--quiet"]
for one in names: command += ["-d", one]
answers = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["servers"][0]["asked"]
assert [one["name"] for one in answers] == names
wrong = asked = 0
for one in answers:
    for answer in one["answers"]:
        link = connection(answer["address"])
        link.request("GET", "/", headers={"Host": one["name"]})
        line = int(link.getresponse().read())
        asked += 1
        if line != answer["line"]:
            wrong += 1
            print(f'{one["name"]} at {answer["address"]}: nginx {line}, certo {answer["line"]} {answer["by"]} {answer["server_name"]}')
print(f"{asked} answers")
sys.exit(wrong > 0 or asked < 200)
END
ports=$(python3 -c '
import random, socket
while True:
    low = random.randrange(20000, 31000)
    try:
        for port in [low, *range(low + 1, low + 8)]:
            for host in ("127.0.0.1", "127.0.0.2"):
                with socket.socket() as probe: probe.bind((host, port))
        break
    except OSError: pass
print(low, low + 1)')
temporary_folders >"$srv/common.conf"
printf 'server_names_hash_bucket_size 128;\n' >>"$srv/common.conf"
answers_http() {
  curl -sS --noproxy '*' -m 5 -o /dev/null "http://127.0.0.1:${ports% *}/"
}
for seed in 1 2 3; do
  config=$srv/differ$seed.conf
  preamble >"$config"
  # shellcheck disable=SC2086  # two numbers
  set -- "$CERTO" "$config" $seed "$srv" $ports
  python3 "$TMP/differ.py" "$@" write
  start_nginx_with "$config"
  check "nginx runs with layout $seed" wait_until answers_http
  check "... and answers as certo says" python3 "$TMP/differ.py" "$@" ask
  # Another one may run on this machine, and its files may be gone.
  "$CERTO" webserver --json >"$TMP/out" 2>"$TMP/err"
  check "... certo finds this nginx by itself, with its version and process" is \
    "$(python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["servers"]:
    if one["config"] == sys.argv[2]: print(one["version"].split("/")[0], one["process"])' "$TMP/out" "$config")" "nginx $server"
  check_json "... shows the names that nginx ignores" "$config"
  "$NGINX_PROGRAM" -e stderr -p "$srv" -t -c "$config" 2>&1 | sed -n 's/.*conflicting server name "\(.*\)" on .*/\1/p' | sort -u >"$TMP/conflicts"
  check "... as nginx does" is "$(json '"\n".join(sorted({one["name"] for one in server["ignored_names"]}))')" "$(cat "$TMP/conflicts")"
  stop_nginx
done

# ---- what nginx accepts is accepted, what it refuses is refused ----

# Each text stands in http. nginx decides what is right.
cat >"$TMP/grammar.py" <<'END'
import os, subprocess, sys
certo, nginx, folder, listen = sys.argv[1:5]
preamble = open(folder + "/preamble", "rb").read()
common = open(folder + "/common.conf", "rb").read()
L = b"listen " + listen.encode() + b";"
texts = [
    b"server{" + L + b"}", b'"server" { "listen" \'' + listen.encode() + b"'; }",
    b"server # a { ; \" '\n { # }\n " + L[:7] + b"# c\n " + L[7:] + b" }",
    b"server { " + L + b" location /a#b { } location /it's { } location '/a}b;{' { } location /a}b { } }",
    b"server { " + L + b" location ~ ^/a{2}$ { } }", b"server { " + L + b' location ~ "^/a{2}$" { } }',
    b"server { " + L + b" location ~ ^/a\\{2\\}$ { } }", b"server { " + L + b" return 301 http://${host}x; }",
    b"server { " + L + b' if ($host = "a") { return 404; } if ($host = "b"){ return 404; } }',
    b"server { " + L + b' return 200 "a"b; }', b"server { " + L + b' return 200 "a"; ; }', b"server { " + L + b" } }",
    b"server { " + L, b"server { " + L + b" return 200 'x; }", b"server {\r\n" + L + b"\r\n}\r\n",
    b"server { " + L + b" server_name b\xfccher.example; # \xe9\n }", b"# a lone \r in it { \n", b"# NUL \x00 {\n",
    b"map $host $x { default 0; ~*a \"{\"; 'b;}' 1; \\include 2; }", b"map $host $x { a { } }", b"map $host $x { a b; ",
    b"geo $x { default a; 127.0.0.1/8 b; }", b"types { text/x x; }", b"split_clients $host $x { 50% a; * b; }",
    b"charset_map koi8-r utf-8 { C0 D18E; }", b"include nothing/*.conf;", b"include missing.conf;",
    b"'include' \"empty.conf\";", b"include comment.conf;", b"include unbalanced.conf;", b"include loop.conf;",
    b"include /dev/null;", b"include " + folder.encode() + b";",
    b"include " + folder.encode() + b"/bom.conf;", b"server { " + L + b" server_name " + b"a.example " * 2000 + b"; }",
    b"# " + b"x" * 3000 + b"\n", b"server { " + L + b" server_name a; server_name b\n# c }\n c; }", b";", b"{ }", b"server { " + L + b" location / ;} }",
    b"server { listen 127.0.0.1:0; }", b"server { listen 127.0.0.1:99999; }", b"server { listen [::1; }",
    b"server { listen " + listen.encode() + b" default_server; listen unix:" + folder.encode() + b"/s; }",
    b"upstream u { server 127.0.0.1:1; } server { " + L + b" location / { proxy_pass http://u; limit_except GET { deny all; } } }",
    b"log_format x '{\"a\": \"$host\"}' ' }';", b"server { " + L + b" add_header X \"a\\\"b\\\\\"; }",
    b"server { " + L + b" location / { add_header X '\n;}\n'; } }",
]
files = {"empty.conf": b"", "comment.conf": b"# nothing", "unbalanced.conf": b"server {", "loop.conf": b"include loop.conf;",
         "bom.conf": b"\xef\xbb\xbfserver_tokens off;"}
for name, text in files.items(): open(folder + "/" + name, "wb").write(text)
wrong, counts, path = 0, {True: 0, False: 0}, folder + "/grammar.conf"
for text in texts:
    open(path, "wb").write(preamble + b"http {\n" + common + text + b"\n}\n")
    told = subprocess.run([nginx, "-e", "stderr", "-p", folder, "-t", "-c", path], capture_output=True)
    said = subprocess.run([certo, "webserver", "--nginx-conf", path, "--json"], capture_output=True)
    counts[told.returncode == 0] += 1
    is_same = (told.returncode == 0) == (said.returncode == 0)
    # nginx knows directives and their arguments, certo does not: it may accept more, but never less.
    may_differ = told.returncode != 0 and text in (b"server { " + L + b" location / ;} }",)
    if said.returncode not in (0, 64, 65, 77, 78) or not (is_same or may_differ):
        wrong += 1
        print(text[:200], told.returncode, told.stderr[-300:], said.returncode, said.stderr)
    if said.returncode == 65 and b".conf:" not in said.stderr and b"circle" not in said.stderr:
        wrong += 1
        print("no place:", said.stderr)
print(counts)
sys.exit(wrong > 0 or min(counts.values()) < 10)
END
preamble >"$srv/preamble"
check "what nginx accepts is accepted, what it refuses is refused" \
  python3 "$TMP/grammar.py" "$CERTO" "$NGINX_PROGRAM" "$srv" "127.0.0.1:${ports% *}"

# ---- several layouts ----

site() { # NAME LISTEN...
  local name=$1 one
  shift
  printf 'server {\n'
  for one; do printf '  listen %s;\n' "$one"; done
  printf '  server_name %s www.%s;\n  include snippets/*.conf;\n  root /srv/%s;\n}\n' "$name" "$name" "$name"
}
mkdir -p "$srv/many/sites" "$srv/many/snippets"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=shared.example -days 30 \
  -keyout "$srv/many/key.pem" -out "$srv/many/cert.pem" 2>/dev/null
printf 'ssl_certificate cert.pem;\nssl_certificate_key key.pem;\n' >"$srv/many/snippets/tls.conf"
{
  preamble
  printf 'http {\n  include sites/*;\n}\nstream { include nothing-here; server { listen 443; } }\n'
} >"$srv/many/nginx.conf"
for i in $(seq 500); do site "s$i.example" "80" "[::]:443 ssl" >"$srv/many/sites/s$i"; done
{ site six.example '[::]:80' && site socket.example "unix:$srv/a.sock" && site three.example 127.0.0.1:8080; } >"$srv/many/sites/three"
check_json "500 virtual hosts and a few more, with a shared snippet" "$srv/many/nginx.conf"
check "... all of them" is "$(json 'len(server["virtual_hosts"])')" 503
check "... with the certificate of the snippet" is \
  "$(json 'set(c["names"] == [] and c["not_after"][:2] for h in server["virtual_hosts"] for c in h["certificates"])')" "{'20'}"
check "... IPv6 only, and a socket" is \
  "$(json '[[a["address"] for a in h["addresses"]] for h in server["virtual_hosts"] if h["file"].endswith("three")]')" \
  "[['[::]:80'], ['unix:$srv/a.sock'], ['127.0.0.1:8080']]"
check "one name among them" show "$srv/many/nginx.conf" -d www.s77.example
check_said "... is found" "www.s77.example" "sites/s77:1" "exact name www.s77.example"
check "a name that no block has" show "$srv/many/nginx.conf" -d s778x.example
check_said "... is said, with the nearest" "no server block has this name" "did you mean"
rm "$srv/many/cert.pem"
check "a certificate that is missing" show "$srv/many/nginx.conf" --quiet
check_said "... does not stop the list" unreadable

printf 'http { server { listen "unix:/a\\nb"; server_name "x\033[31m" b\374cher.example; } }\n' >"$srv/strange.conf"
check "names with bytes that a terminal obeys, and Latin-1" show "$srv/strange.conf"
check_said "... are shown escaped" 'x\x1b[31m' 'b\xfccher.example' 'unix:/a\x0ab'
check_json "... and are JSON" "$srv/strange.conf"
check "... exactly, as far as JSON can" is "$(json 'repr(server["virtual_hosts"][0]["names"][0])')" "'x\\x1b[31m'"

site off.example 80 >"$debian/sites-available/off"
check "a site that is not enabled" show "$debian/nginx.conf" -d off.example
check_said "... is named" "sites-available/off:1 has it, but nginx does not load that file"
rm "$debian/sites-available/off"

# ---- faults ----

printf 'http { include broken.conf; }\n' >"$srv/outer.conf"
printf '\nserver {\n  listen 80;\n' >"$srv/broken.conf"
refused 65 "an unclosed brace in an included file" "$srv/broken.conf:2: " "$CERTO" webserver --nginx-conf "$srv/outer.conf"
refused 65 "a missing file" "$srv/nothing.conf: " "$CERTO" webserver --nginx-conf "$srv/nothing.conf"
refused 64 "another server" "does not read the configuration of 'caddy'" "$CERTO" webserver caddy
mkfifo "$srv/fifo"
refused 65 "a file that is none" "$srv/fifo" "$CERTO" webserver --nginx-conf "$srv/fifo"
check "nothing of Debian's files has changed" is "$(checksum "$debian")" "$before"

# Somebody else's process with the title of a master is not obeyed.
if [ "$(id -u)" = 0 ]; then
  setpriv --reuid=65534 --regid=65534 --clear-groups bash -c \
    'exec -a "nginx: master process nginx -c /tmp/evil.conf" sleep 60' &
  server=$!
  started="$started $server"
  pretends() { tr '\0' ' ' <"/proc/$server/cmdline" | grep -q evil; }
  wait_until pretends
  "$CERTO" webserver >"$TMP/out" 2>"$TMP/err" || :
  check "a process of another user that looks like a master is not obeyed" sh -c '! grep -q evil "$@"' sh "$TMP/out" "$TMP/err"
  stop_nginx
fi
