#!/usr/bin/env bash
# The schedule under a real systemd: tests/torture/in-machine.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/torture/machine.sh
. "$SOURCE/tests/torture/machine.sh"

make_machine in-machine
install -d "$machine/usr/local/share/certo/hooks/deploy"
install -m 755 "$SOURCE"/hooks/deploy/*.sh "$machine/usr/local/share/certo/hooks/deploy"
boot_machine
