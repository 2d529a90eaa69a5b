#!/usr/bin/env bash
# Where messages go: as JSON, into a file that is renamed when it is full, and to syslog.
TESTBED=
. "$(dirname "$0")/lib.sh"

log=$TMP/log
expect_exit 66 "a command that fails" "$CERTO" info none.example --log "$log" --log-format json
check "... says it as JSON" python3 -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
sys.exit(lines[0]["kind"] != "error" or "none.example" not in lines[0]["message"])' "$TMP/err"
check "... in the file, too" python3 -c '
import json, sys
sys.exit(json.loads(open(sys.argv[1]).readline())["kind"] != "error")' "$log"
for _ in 1 2 3 4 5; do "$CERTO" info none.example --log "$log" --log-size 100 2>/dev/null; done
check "a full file begins anew, and three are kept" is "$(cd "$TMP" && echo log*)" "log log.1 log.2 log.3"
refused 64 "a format that is none" "is not a format" "$CERTO" list --log-format xml
refused 64 "a size that is none" "is not a size" "$CERTO" list --log "$log" --log-size big
refused 64 "a size without a file" "belongs to --log" "$CERTO" list --log-size 10M

# A /dev of its own, so that the syslog of this machine is left alone.
cat >"$TMP/syslog.sh" <<'SCRIPT'
mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/urandom c 1 9 || exit 77
python3 -c '
import socket, subprocess, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind("/dev/log")
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
one.settimeout(10)
print(one.recv(4096).decode())' "$CERTO" info none.example --syslog -q
SCRIPT
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
  check "syslog gets errors, as daemon" unshare -m sh "$TMP/syslog.sh"
  check "... with the program's name" grep -qE '^<27>.* certo\[[0-9]+\]: .*none\.example' "$TMP/out"
fi
