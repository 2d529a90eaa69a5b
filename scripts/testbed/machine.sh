# shellcheck shell=bash
# A Debian with systemd, cron, nginx and Apache as a folder, for systemd-nspawn, which is in it, too. Its packages are
# unpacked and not configured.

fetch_machine() {
  local folder
  apt_list own
  : >"$depot/apt/nothing-installed"
  unpack_whole own machine -o Dir::State::status="$depot/apt/nothing-installed" \
    apache2-bin base-files base-passwd bash coreutils cron dash diffutils findutils grep mount nginx sed systemd systemd-container systemd-sysv \
    util-linux
  # Debian's own tools make these links before they unpack the first package.
  for folder in bin lib lib64 sbin; do
    [ -d "$depot/machine/$folder" ] || continue
    mkdir -p "$depot/machine/usr/$folder"
    cp -a "$depot/machine/$folder/." "$depot/machine/usr/$folder/"
    rm -r "${depot:?}/machine/$folder"
    ln -s "usr/$folder" "$depot/machine/$folder"
  done
  cp "$depot/machine/usr/share/base-passwd/passwd.master" "$depot/machine/etc/passwd"
  cp "$depot/machine/usr/share/base-passwd/group.master" "$depot/machine/etc/group"
  holds machine bin/systemd-nspawn
}
