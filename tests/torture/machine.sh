# shellcheck shell=bash
# A Debian with systemd as a folder, $machine, which systemd-nspawn boots. It needs root, and a kernel that lets it mount.
# Source it after tests/e2e/lib.sh.
depot=${TESTBED_DEPOT:-$SOURCE/build/testbed}
machine=$TMP/machine

skip() {
  printf 'skipped: %s\n' "$*" >&2
  exit 0
}

# nspawn ARGUMENT...: the machine's own program, with the machine's own libraries.
nspawn() {
  local loader libraries
  if command -v systemd-nspawn >/dev/null; then
    systemd-nspawn "$@"
    return
  fi
  loader=$(find "$depot/machine/usr/lib64" "$depot/machine/usr/lib" -maxdepth 1 -name 'ld-linux*' 2>/dev/null | head -n 1)
  libraries=$(find "$depot/machine/usr/lib" -maxdepth 1 -name '*-linux-gnu*' | head -n 1)
  "$loader" --library-path "$libraries:$libraries/systemd" "$depot/machine/usr/bin/systemd-nspawn" "$@"
}

# make_machine FILE: with certo, pebble's CA, and a file of tests/torture as its first job.
make_machine() {
  [ "$(id -u)" = 0 ] || skip "systemd-nspawn needs root"
  command -v apt-get >/dev/null || skip "the machine for systemd-nspawn is made of Debian packages, and there is no apt-get"
  "$SOURCE/scripts/testbed.sh" fetch machine >&2 || exit 1
  cp -a "$depot/machine" "$machine"
  install -D -m 755 "$CERTO" "$machine/usr/local/bin/certo"
  install -D -m 755 "$SOURCE/tests/torture/$1" "$machine/usr/local/bin/job"
  install -D -m 644 "$SOURCE/tests/torture/in-machine-lib" "$machine/usr/local/bin/in-machine-lib"
  cp "$PEBBLE_CA" "$machine/etc/pebble.pem"
  : >"$machine/etc/machine-id"
  cat >"$machine/etc/systemd/system/job.service" <<END
[Unit]
After=basic.target
[Service]
Type=oneshot
Environment=PEBBLE_DIRECTORY=$PEBBLE_DIRECTORY LISTEN=127.0.0.1:$PEBBLE_HTTP_PORT
ExecStart=/bin/sh -c 'echo >/booted; /usr/local/bin/job >/results 2>/errors; echo >/finished; systemctl exit 0'
END
  mkdir -p "$machine/etc/systemd/system/multi-user.target.wants"
  ln -s ../job.service "$machine/etc/systemd/system/multi-user.target.wants/job.service"
  ln -sf /lib/systemd/system/multi-user.target "$machine/etc/systemd/system/default.target"
}

# Boots it, and reports what its job found.
boot_machine() {
  unset CERTO_HOME
  # If it hangs, its results so far are shown.
  timeout -k 5 "${LIMIT:-300}" bash -c "$(declare -f nspawn); depot='$depot'; nspawn \"\$@\"" nspawn \
    --quiet --boot --directory "$machine" --register=no --keep-unit --console=pipe >"$TMP/console" 2>&1 </dev/null
  if [ ! -e "$machine/booted" ]; then
    tail -n 5 "$TMP/console" >&2
    skip "systemd-nspawn cannot boot a machine here"
  fi
  cat "$machine/results"
  cat "$machine/errors" >&2
  # shellcheck disable=SC2034 # a variable of lib.sh
  if grep -q '^not ok' "$machine/results"; then lib_failures=1; fi
  check "the machine has done all that it should" test -e "$machine/finished"
}
