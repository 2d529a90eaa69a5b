#!/usr/bin/env bash
# certo webserver apache: finds the Apache that runs, shows its virtual hosts, and names the one that Apache answers with.
TESTBED="tls-servers"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
srv=$TMP/srv
modules=$TLS_SERVERS/usr/lib/apache2/modules
mkdir -p "$srv"
chmod 755 "$TMP" "$srv"

start_apache() { # LOG ARGUMENT...
  local log=$1
  shift
  LD_LIBRARY_PATH=$TLS_SERVERS_LIBRARIES "$TLS_SERVERS/usr/sbin/apache2" "$@" >"$log" 2>&1 </dev/null &
  server=$!
  started="$started $server"
}
stop_apache() {
  kill "$server"
  wait "$server" 2>/dev/null || :
}
load() { # MODULE...
  local module
  for module; do printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"; done
}
answers_http() { # PORT
  curl -sS --noproxy '*' -m 5 -o /dev/null "http://127.0.0.1:$1/"
}
# check_json NAME ARGUMENT...: shows it as JSON, for `json`.
check_json() {
  local name=$1
  shift
  check "$name" "$CERTO" webserver apache --json "$@"
  cp "$TMP/out" "$TMP/json"
}
# json EXPRESSION: of the first server of the last check_json, as `server`; host(NAME) is a virtual host.
json() {
  python3 -c 'import json, sys
server = json.load(open(sys.argv[1]))["servers"][0]
def host(name): return next(one for one in server["virtual_hosts"] if name in one["names"])
print(eval(sys.argv[2]))' "$TMP/json" "$1"
}
checksum() {
  find "$1" -type f -exec sha256sum {} + | sort
}
# shellcheck disable=SC2046  # a list of numbers
set -- $(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets: one.bind(("0.0.0.0", 0))
print(*[one.getsockname()[1] for one in sockets])')
http=$1 https=$2 third=$3

# ---- Debian's layout ----

debian=$srv/debian
mkdir -p "$debian"/{sites,conf,mods}-{available,enabled} "$debian/run"
cat >"$debian/apache2.conf" <<'CONFIG'
DefaultRuntimeDir ${APACHE_RUN_DIR}
PidFile ${APACHE_RUN_DIR}/pid
Mutex file:${APACHE_RUN_DIR} default
ErrorLog ${APACHE_RUN_DIR}/errors
ServerName localhost
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
Include ports.conf
IncludeOptional conf-enabled/*.conf
IncludeOptional sites-enabled/*.conf
CONFIG
printf 'Listen %s\n<IfModule ssl_module>\n\tListen %s\n</IfModule>\n' "$http" "$https" >"$debian/ports.conf"
load mpm_event authz_core alias rewrite macro socache_shmcb ssl >"$debian/mods-available/all.load"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=a.example.com -days 30 \
  -addext subjectAltName=DNS:a.example.com -keyout "$debian/key.pem" -out "$debian/cert.pem" 2>/dev/null
cat >"$debian/sites-available/000-default.conf" <<CONFIG
<VirtualHost *:$http>
	DocumentRoot $srv
</VirtualHost>
CONFIG
cat >"$debian/sites-available/a.conf" <<CONFIG
# managed by Ansible
Define base example.com
# the next line belongs to this comment \\
<VirtualHost *:$http>
<virtualhost *:$http>
  servername a.\${base}
  ServerAlias www.a.\${base} *.a.example.com \\
    more.example.com
</virtualhost>
<IfModule mod_ssl.c>
<VirtualHost *:$https>
  ServerName a.\${base}:443
  ServerAlias alone.example.com
  SSLEngine on
  SSLCertificateFile cert.pem
  SSLCertificateKeyFile "key.pem"
</VirtualHost>
</IfModule>
<IfDefine NOTHING>
<VirtualHost *:$http>
  ServerName away.example.com
</VirtualHost>
</IfDefine>
CONFIG
cat >"$debian/sites-available/macro.conf" <<CONFIG
<Macro Site \$name>
<VirtualHost *:$http>
  ServerName \$name
</VirtualHost>
</Macro>
Use Site m1.example.com
Use Site m2.example.com
CONFIG
printf '<VirtualHost *:%s>\n  ServerName off.example.com\n</VirtualHost>\n' "$http" >"$debian/sites-available/off.conf"
for one in mods-available/all.load sites-available/000-default.conf sites-available/a.conf sites-available/macro.conf; do
  ln -s "../$one" "$debian/${one/available/enabled}"
done
before=$(checksum "$debian")
export APACHE_RUN_DIR=$debian/run
start_apache "$srv/log" -D FOREGROUND -d "$debian" -f apache2.conf
unset APACHE_RUN_DIR
check "Apache runs" wait_until answers_http "$http"
# Its environment is that of its process: certo's own has no such folder.
check_json "Debian's layout" --apache-conf "$debian/apache2.conf"
check "... has this version and process" is "$(json '(server["server"], server["version"].split("/")[0], server["process"])')" \
  "('apache', 'Apache', $server)"
check "... and these files" is "$(json '[one.rsplit("/", 1)[1] for one in server["files"]]')" \
  "['apache2.conf', 'all.load', 'ports.conf', '000-default.conf', 'a.conf', 'macro.conf']"
check "... and five virtual hosts" is "$(json 'len(server["virtual_hosts"])')" 5
check "... one by the path of its link, at its line" is "$(json '(host("more.example.com")["file"], host("more.example.com")["line"])')" \
  "('$debian/sites-enabled/a.conf', 5)"
check "... with its names" is "$(json 'host("more.example.com")["names"]')" \
  "['a.example.com', 'www.a.example.com', 'more.example.com', '*.a.example.com']"
check "... one with TLS and the alias that the dump leaves out" is \
  "$(json '[(one["address"], one["tls"], one["default"]) for one in host("alone.example.com")["addresses"]]')" "[('*:$https', True, True)]"
check "... with its certificate" is "$(json '[(one["file"], one["key_file"], one["names"]) for one in host("alone.example.com")["certificates"]]')" \
  "[('$debian/cert.pem', '$debian/key.pem', ['a.example.com'])]"
check "... and who writes its file" is "$(json 'host("alone.example.com")["owner"]')" Ansible
check "... a macro's host has no file" is "$(json '(host("m2.example.com")["file"], host("m2.example.com")["line"], host("m2.example.com")["place"])')" \
  "(None, None, \"macro 'site' used at $debian/sites-enabled/macro.conf:7 (line 1 of the macro)\")"
check "... for a person" "$CERTO" webserver apache --apache-conf "$debian/apache2.conf"
check_said "... in a table" "Apache/2.4" "5 virtual hosts" "sites-enabled/a.conf:5" "*:$https tls default" "ends in 29 days"
# It finds the servers of other tests, too, which may be in the middle of starting or stopping.
check "... and beside nginx" wait_until "$CERTO" webserver
check_said "... which is not asked for" "$debian/apache2.conf"
check "a name that it has not" "$CERTO" webserver -d mroe.example.com --apache-conf "$debian/apache2.conf"
check_said "... is said" "no virtual host of Apache has this name" "did you mean 'more.example.com'" "default"
printf 'Nonsense on\n' >"$debian/conf-enabled/broken.conf"
refused 78 "a configuration that Apache does not accept" "conf-enabled/broken.conf" "$CERTO" webserver apache --apache-conf "$debian/apache2.conf"
rm "$debian/conf-enabled/broken.conf"
check "none of its files has changed" is "$(checksum "$debian" | grep -v /run/)" "$(grep -v /run/ <<<"$before")"
stop_apache

# ---- the same answers as Apache, with a file by hand ----

# Virtual hosts with names of every kind, each of which answers with its line. Python asks Apache and certo.
cat >"$TMP/differ.py" <<'END'
import http.client, json, random, subprocess, sys
certo, config, seed, what = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
ports = sys.argv[5:]
random.seed(seed)
labels = ["a", "b", "www", "mail", "x1", "r22"]
ends = ["example", "example.com", "test", "b.example.com"]
places = [f"127.0.0.1:{ports[0]}", f"*:{ports[0]}", f"_default_:{ports[0]}", f"*:{ports[1]}", f"[::1]:{ports[1]}", f"127.0.0.1:{ports[1]}",
          f"127.0.0.3:*", f"localhost:{ports[2]}", f"*:{ports[2]}"]
def name():
    base = ".".join([random.choice(labels) for _ in range(random.randint(1, 2))] + [random.choice(ends)])
    return random.choice([base, base, base.upper(), "*." + base, base.replace("a", "?"), "*" + base[1:], f'"{base}"', f"'{base}'"])
def write():
    text = []
    for number in range(30):
        address = " ".join(random.sample(places, random.randint(1, 2)))
        text.append(random.choice([f"<VirtualHost {address}>", f"  <virtualhost\t{address} >", f"<VirtualHost \\\n {address}>", f"# c \\\nx\n<VirtualHost {address}>"]))
        line = preamble + "\n".join(text).count("\n") + 1
        if random.random() < 0.8: text.append("ServerName " + random.choice(["", "http://"]) + name().replace("*", "s").replace("?", "q").strip("\"'") + random.choice(["", ":8080"]))
        for _ in range(random.randint(0, 2)):
            text.append("ServerAlias " + random.choice([" ", " \\\n"]).join(name() for _ in range(random.randint(1, 3))) + random.choice(["", "\r"]))
        text.append(f"RedirectMatch ^ http://x/{line}")
        text.append(random.choice(["</VirtualHost>", "  </virtualhost>"]))
    open(config, "a", newline="").write("\n".join(text) + "\n")
preamble = len(open(config).read().splitlines())
if what == "write":
    write()
    sys.exit()
names = ["nobody.invalid"] + [".".join(random.choice(labels) for _ in range(random.randint(0, 2))).strip(".") + "." + random.choice(ends) for _ in range(80)]
names = sorted({n.strip(".") for n in names})
command = [certo, "webserver", "apache", "--apache-conf", config, "--json", "--quiet"]
for one in names: command += ["-d", one]
answers = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["servers"][0]["asked"]
assert [one["name"] for one in answers] == names
wrong = asked = 0
for one in answers:
    for answer in one["answers"]:
        host, port = answer["address"].rsplit(":", 1)
        # 127.0.0.2 belongs to no virtual host by itself.
        host = "127.0.0.2" if host == "*" else host.strip("[]")
        link = http.client.HTTPConnection(host, int(ports[0] if port == "*" else port), timeout=10)
        link.request("GET", "/", headers={"Host": one["name"]})
        line = int(link.getresponse().getheader("Location").rsplit("/", 1)[1])
        asked += 1
        if line != answer["line"]:
            wrong += 1
            print(f'{one["name"]} at {answer["address"]}: Apache {line}, certo {answer["line"]} {answer["by"]} {answer["server_name"]}')
print(f"{asked} answers")
sys.exit(wrong > 0 or asked < 200)
END
mkdir -p "$srv/hand/conf"
for seed in 1 2 3; do
  config=$srv/hand/conf/httpd$seed.conf
  {
    printf 'ServerName main.example\nPidFile run\nDefaultRuntimeDir .\nMutex file:%s default\nErrorLog errors\n' "$srv/hand"
    printf 'Listen %s\nListen %s\nListen %s\n' "$http" "$https" "$third"
    load mpm_event authz_core alias
  } >"$config"
  set -- "$CERTO" "$config" $seed
  python3 "$TMP/differ.py" "$@" write "$http" "$https" "$third"
  start_apache "$srv/log" -X -d "$srv/hand" -f "conf/httpd$seed.conf"
  check "Apache runs with layout $seed" wait_until answers_http "$http"
  check "... and answers as certo says" python3 "$TMP/differ.py" "$@" ask "$http" "$https" "$third"
  stop_apache
done

# ---- a proof ----

proof=$srv/proof
mkdir -p "$proof" "$srv/acme/.well-known/acme-challenge"
printf 'token\n' >"$srv/acme/.well-known/acme-challenge/tok_1-A"
config=$proof/httpd.conf
{
  printf 'ServerRoot %s\nServerName main.example\nPidFile pid\nDefaultRuntimeDir .\nMutex file:%s default\nErrorLog errors\n' "$proof" "$proof"
  printf 'Listen %s\n' "$http"
  load mpm_event authz_core authn_core authn_file authz_user auth_basic access_compat alias rewrite proxy proxy_http
  printf '<Directory />\n  Require all denied\n</Directory>\n'
} >"$config"
names=
count=0
site() { # LINE...
  count=$((count + 1))
  names="$names s$count"
  {
    printf '<VirtualHost *:%s>\n\tServerName s%s.example\n' "$http" $count
    printf '\t%s\n' "$@"
    printf '</VirtualHost>\n'
  } >>"$config"
}
site 'Redirect / https://x.example/'
site 'RewriteEngine off'
site 'RewriteEngine on' 'RewriteRule ^(.*)$ https://x.example$1 [R=301,L]'
site 'ProxyPass / http://127.0.0.1:9/'
site '<Location />' 'AuthType Basic' 'AuthName x' 'AuthUserFile /dev/null' 'Require valid-user' '</Location>'
site '<Location />' 'Order deny,allow' 'Deny from all' '</Location>'
site '<LocationMatch "^/\.">' 'Require all denied' '</LocationMatch>'
site 'Alias /.well-known/acme-challenge /nowhere'
before=$(sha256sum "$config")
serves() { # SITE
  [ "$(curl -sS --noproxy '*' -m 5 -H "Host: $1.example" "http://127.0.0.1:$http/.well-known/acme-challenge/tok_1-A" 2>/dev/null)" = token ]
}
start_apache "$srv/log" -X -f "$config"
check "Apache runs with sites that do not serve a token" wait_until answers_http "$http"
serves_none() {
  local one
  for one in $names; do ! serves "$one" || return 1; done
}
check "... not one of them" serves_none
set --
for one in $names; do set -- "$@" -d "$one.example"; done
check "the patch for all of them" "$CERTO" webserver apache --apache-conf "$config" "$@" --patch "$srv/acme"
cp "$TMP/out" "$TMP/patch"
check "... can be applied" patch -s -p1 -d / -i "$TMP/patch"
stop_apache
start_apache "$srv/log" -X -f "$config"
check "Apache accepts it" wait_until answers_http "$http"
for one in $names; do check "... and $one serves the token" serves "$one"; done
check "a second patch is empty" "$CERTO" webserver apache --apache-conf "$config" "$@" --patch "$srv/acme"
check_said "... and says so" "Apache has these lines already"
stop_apache
check "the patch can be taken back" patch -s -R -p1 -d / -i "$TMP/patch"
check "... without a trace" is "$(sha256sum "$config")" "$before"
printf '<VirtualHost *:%s>\nServerName idle.example\nRewriteRule ^ https://x.example/\n</VirtualHost>\n' "$http" >>"$config"
start_apache "$srv/log" -X -f "$config"
check "Apache runs with rules that are off" wait_until answers_http "$http"
refused 78 "rules that the lines would switch on" "rewrite rules that are off" \
  "$CERTO" webserver apache --apache-conf "$config" -d idle.example --patch "$srv/acme"
stop_apache

# ---- faults ----

refused 78 "a main file that no Apache uses" "Apache" "$CERTO" webserver apache --apache-conf "$srv/hand/conf/httpd1.conf"
refused 64 "options of two servers" "different web servers" "$CERTO" webserver nginx --apache-conf "$config"
refused 64 "another server" "does not read the configuration of 'caddy'" "$CERTO" webserver caddy

# A process of another user that looks like Apache is not obeyed.
if [ "$(id -u)" = 0 ]; then
  setpriv --reuid=65534 --regid=65534 --clear-groups bash -c 'exec -a /usr/sbin/httpd tail -f /dev/null' &
  server=$!
  started="$started $server"
  pretends() { tr '\0' ' ' <"/proc/$server/cmdline" | grep -q httpd; }
  wait_until pretends
  "$CERTO" webserver apache >"$TMP/out" 2>"$TMP/err" || :
  check "a process of another user that looks like Apache is not obeyed" sh -c '! grep -q "process $1:" "$2"' sh "$server" "$TMP/out"
fi
