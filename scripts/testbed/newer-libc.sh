# shellcheck shell=bash
# The libraries of the next Debian release, by whose loader a test starts a program. Nothing is started here.

start_newer-libc() {
  tell NEWER_LIBC "$(libraries newer-libc)"
}

wait_newer-libc() { :; }
