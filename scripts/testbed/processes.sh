# shellcheck shell=bash
# Servers as processes: start, wait, stop by process id; their ports and addresses.

# The moment a process was started, so that a recycled process id is never signalled.
started_at() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# launch NAME PROGRAM ARGUMENT...: runs it in the background with its output in DIR/log/NAME.
launch() {
  local name=$1
  shift
  (
    # A pipe or lock of the caller must not stay open in a daemon.
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    exec "$@"
  ) >"$dir/log/$name" 2>&1 </dev/null &
  printf '%s %s\n' "$!" "$(started_at "$!")" >"$dir/pid/$name"
}

alive() {
  local pid start
  [ -e "$dir/pid/$1" ] || return 1
  read -r pid start <"$dir/pid/$1" || return 1
  kill -0 "$pid" 2>/dev/null && [ "$(started_at "$pid")" = "$start" ]
}

# wait_port NAME HOST PORT: waits until NAME accepts connections; 15 s for a slow machine.
wait_port() {
  local tries=0
  until (exec 3<>"/dev/tcp/$2/$3") 2>/dev/null; do
    alive "$1" || die "$1 did not start: $(tail -n 1 "$dir/log/$1")"
    tries=$((tries + 1))
    [ "$tries" -lt 500 ] || die "$1 does not listen on $2 port $3, see $dir/log/$1"
    sleep 0.03
  done
}

stop() {
  local file name pid tries
  dir=$1
  for file in "$dir"/pid/*; do
    [ -e "$file" ] || continue
    name=${file##*/}
    if alive "$name"; then
      read -r pid _ <"$file"
      kill "$pid" 2>/dev/null || true
    fi
  done
  for file in "$dir"/pid/*; do
    [ -e "$file" ] || continue
    name=${file##*/}
    read -r pid _ <"$file"
    tries=0
    while alive "$name"; do
      tries=$((tries + 1))
      # KILL, because these servers have nothing to save, and challtestsrv takes long to end.
      [ "$tries" -ne 10 ] || kill -9 "$pid" 2>/dev/null || true
      [ "$tries" -lt 200 ] || die "$name (process $pid) does not end"
      sleep 0.03
    done
    rm -f "$file"
  done
}

# ---------------------------------------------------------------- what all servers need

# free_ports N: N numbers that are free for TCP and UDP on every address that a server here may take. They are
# drawn below the kernel's own range, so that no outgoing connection takes one between the look and the start.
# Perl, because each Debian has it.
free_ports() {
  perl -MSocket - "$1" <<'PERL'
my (%tried, @found);
while (@found < $ARGV[0] && keys %tried < 12000) {
  my $port = 20000 + int rand 12000;
  push @found, $port if !$tried{$port}++ && is_free($port);
}
print "@found\n";

sub is_free {
  my ($port) = @_;
  for my $kind (SOCK_STREAM, SOCK_DGRAM) {
    for my $host ("127.0.0.1", "127.0.0.2", "127.0.0.12") {
      socket(my $probe, PF_INET, $kind, 0) or return 0;
      bind($probe, pack_sockaddr_in($port, inet_aton($host))) or return 0;
    }
  }
  return 1;
}
PERL
}

# A loopback address with ports 80 and 443 free for this user; nothing if that is not allowed.
free_low_address() {
  python3 - <<'PYTHON'
import random, socket
for _ in range(20):
    host = "127.%d.%d.%d" % (random.randint(16, 250), random.randint(1, 250), random.randint(1, 250))
    try:
        for port in (80, 443):
            with socket.socket() as probe:
                probe.bind((host, port))
    except PermissionError:
        break
    except OSError:
        continue
    print(host)
    break
PYTHON
}

# tell NAME VALUE...: one line of DIR/env for each pair.
tell() {
  while [ $# -gt 0 ]; do
    printf '%s=%q\n' "$1" "$2" >>"$dir/env.new"
    shift 2
  done
}

# libraries FOLDER: the folders of libraries in unpacked packages, for LD_LIBRARY_PATH.
libraries() {
  local path found=
  for path in "$depot/$1"/usr/lib/*-linux-gnu* "$depot/$1"/lib/*-linux-gnu*; do
    [ ! -d "$path" ] || found=$found${found:+:}$path
  done
  printf '%s' "$found"
}
