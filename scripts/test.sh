#!/usr/bin/env bash
# Builds certo, runs the unit tests and every tests/e2e/*.sh, and counts: scripts/test.sh [--repeat N] [NAME...]
#
# With names, only those end-to-end scripts run (`scripts/test.sh renew pipes`). JOBS of them run at a time, by default as many
# as there are cores, and at most four: they start servers and count seconds.
# `scripts/test.sh --repeat 20 kill hundred` runs each of these scripts 20 times while all cores are busy, says which runs
# failed, and keeps their logs: a test that depends on the machine's load fails here.
# Each script prints `ok NAME` or `not ok NAME` on stdout; one that dies, or prints neither, counts as a failed
# test. Logs are kept in build/test-logs. The last line is `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

repeat=0
if [ "${1:-}" = --repeat ]; then
  repeat=${2:-}
  if ! [[ $repeat =~ ^[1-9][0-9]*$ ]] || [ $# -lt 3 ]; then
    echo "usage: scripts/test.sh --repeat N NAME..." >&2
    exit 64
  fi
  shift 2
fi
for name in "$@"; do
  [ -x "tests/e2e/$name.sh" ] || { echo "there is no tests/e2e/$name.sh" >&2 && exit 64; }
done

# make gets the name as it was given: its dependency files are written with it. The scripts get a full path.
build=${BUILD:-build}
export BUILD=$build
[[ $BUILD = /* ]] || BUILD=$PWD/$BUILD
export CERTO=$BUILD/certo
logs=$BUILD/test-logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}

scripts/packages.sh build test || { failed=1 && finish; }
if ! "${MAKE:-make}" --no-print-directory BUILD="$build" all "$build/unit" "$build/certo-dynamic"; then
  echo "FAILED: the build"
  failed=1
  finish
fi

# ---- unit tests: doctest counts its test cases ----

if [ $# = 0 ]; then
  "$BUILD/unit" --no-colors > "$logs/unit.log" 2>&1
  status=$?
  counts=$(sed -n 's/^\[doctest\] test cases: *\([0-9]*\) | *\([0-9]*\) passed | *\([0-9]*\) failed.*/\2 \3/p' "$logs/unit.log")
  read -r good bad <<< "${counts:-0 1}"
  # It also fails by a signal or by a failure outside every test case.
  [ $status = 0 ] || [ "$bad" -gt 0 ] || bad=1
  passed=$((passed + good)) failed=$((failed + bad))
  echo "unit: $good passed, $bad failed"
  if [ "$bad" -gt 0 ]; then tail -n 60 "$logs/unit.log"; fi
fi

# ---- end to end ----

# $1: the script; $2: the name of its logs.
run_suite() {
  timeout -k 10 "${SUITE_LIMIT:-900}" "$1" > "$logs/$2.out" 2> "$logs/$2.log" < /dev/null
  local status=$?
  [ $status = 0 ] || grep -q '^not ok ' "$logs/$2.out" || echo "not ok $2: ended with $status" >> "$logs/$2.out"
  grep -qE '^(not )?ok ' "$logs/$2.out" || echo "not ok $2: said nothing" >> "$logs/$2.out"
}

# Counts what the logs $1 say, as `good` and `bad` too.
count() {
  good=$(grep -c '^ok ' "$logs/$1.out")
  bad=$(grep -c '^not ok ' "$logs/$1.out")
  passed=$((passed + good)) failed=$((failed + bad))
}

report() {
  count "$1"
  echo "$1: $good passed, $bad failed"
  [ "$bad" = 0 ] || show_failures "$1"
}

show_failures() {
  grep '^not ok ' "$logs/$1.out"
  tail -n 40 "$logs/$1.log" | sed 's/^/    /'
}

suites=()
for file in tests/e2e/*.sh; do
  [ -x "$file" ] || continue # a file of functions, like lib.sh
  [ $# = 0 ] || [[ " $* " = *" $(basename "$file" .sh) "* ]] || continue
  suites+=("$file")
done

# ---- again and again, on a busy machine ----

busy=()
keep_cores_busy() {
  local cores
  trap 'kill "${busy[@]}" 2> /dev/null' EXIT
  for ((cores = $(nproc); cores > 0; cores--)); do
    (while :; do :; done) &
    busy+=($!)
    disown # no `wait` is for it
  done
}

repeat_suite() {
  local name run failed_runs=0
  name=$(basename "$1" .sh)
  for ((run = 1; run <= repeat; run++)); do
    run_suite "$1" "$name-$run"
    count "$name-$run"
    [ "$bad" = 0 ] && continue
    failed_runs=$((failed_runs + 1))
    echo "$name: run $run of $repeat failed; its logs are $logs/$name-$run.*"
    show_failures "$name-$run"
  done
  echo "$name: $((repeat - failed_runs)) of $repeat runs passed"
}

if [ "$repeat" -gt 0 ]; then
  keep_cores_busy
  for file in "${suites[@]}"; do repeat_suite "$file"; done
  finish
fi

# ---- once, side by side ----

jobs=${JOBS:-$(nproc)}
[ -n "${JOBS:-}" ] || [ "$jobs" -le 4 ] || jobs=4
declare -A running=()
report_next() {
  local pid
  wait -n -p pid
  report "${running[$pid]}"
  unset "running[$pid]"
}
for file in "${suites[@]}"; do
  name=$(basename "$file" .sh)
  run_suite "$file" "$name" &
  running[$!]=$name
  [ ${#running[@]} -lt "$jobs" ] || report_next
done
while [ ${#running[@]} -gt 0 ]; do report_next; done
finish
