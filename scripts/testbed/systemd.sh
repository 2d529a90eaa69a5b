# shellcheck shell=bash
# systemd-analyze, which reads units without a systemd that runs: the machine's own, or out of Debian's package.

fetch_systemd() {
  mkdir -p "$depot"
  exec 8>"$depot/lock"
  flock 8
  if [ ! -x "$depot/systemd/usr/bin/systemd-analyze" ]; then
    apt_list own
    unpack_whole own systemd systemd
    rm -rf "$depot/apt"
  fi
  exec 8>&-
}

systemd_analyze() {
  local libraries
  if command -v systemd-analyze >/dev/null; then
    systemd-analyze "$@"
    return
  fi
  fetch_systemd
  # The units that ours name are in the package; an empty path at the end stands for the usual folders.
  libraries=$(libraries systemd)
  LD_LIBRARY_PATH=$libraries:$(printf '%s' "$libraries" | sed 's|\(:\|$\)|/systemd\1|g') \
    SYSTEMD_UNIT_PATH=$depot/systemd/lib/systemd/system:$depot/systemd/usr/lib/systemd/system: \
    "$depot/systemd/usr/bin/systemd-analyze" "$@"
}
