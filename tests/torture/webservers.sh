#!/usr/bin/env bash
# certo --nginx and --apache where systemd runs the servers: tests/torture/in-machine-web.
TESTBED="pebble challtestsrv"
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/torture/machine.sh
. "$SOURCE/tests/torture/machine.sh"

make_machine in-machine-web
boot_machine
