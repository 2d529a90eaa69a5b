#!/usr/bin/env bash
# Builds certo, runs the unit tests and every tests/e2e/*.sh, and counts: scripts/test.sh [NAME...]
#
# With names, only those end-to-end scripts run (`scripts/test.sh renew pipes`). JOBS=2 runs two at a time.
# Each script prints `ok NAME` or `not ok NAME` on stdout; one that dies, or prints neither, counts as a failed
# test. Logs are kept in build/test-logs. The last line is `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

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

run_suite() {
  local name status
  name=$(basename "$1" .sh)
  timeout -k 10 "${SUITE_LIMIT:-600}" "$1" > "$logs/$name.out" 2> "$logs/$name.log" < /dev/null
  status=$?
  [ $status = 0 ] || grep -q '^not ok ' "$logs/$name.out" || echo "not ok $name: ended with $status" >> "$logs/$name.out"
  grep -qE '^(not )?ok ' "$logs/$name.out" || echo "not ok $name: said nothing" >> "$logs/$name.out"
}

report() {
  local name good bad
  name=$(basename "$1" .sh)
  good=$(grep -c '^ok ' "$logs/$name.out")
  bad=$(grep -c '^not ok ' "$logs/$name.out")
  passed=$((passed + good)) failed=$((failed + bad))
  echo "$name: $good passed, $bad failed"
  if [ "$bad" -gt 0 ]; then
    grep '^not ok ' "$logs/$name.out"
    tail -n 40 "$logs/$name.log" | sed 's/^/    /'
  fi
}

suites=()
for file in tests/e2e/*.sh; do
  [ -x "$file" ] || continue # a file of functions, like lib.sh
  [ $# = 0 ] || [[ " $* " = *" $(basename "$file" .sh) "* ]] || continue
  suites+=("$file")
done

if [ "${JOBS:-1}" -gt 1 ]; then
  running=0
  for file in "${suites[@]}"; do
    if [ $running -ge "$JOBS" ]; then
      wait -n
      running=$((running - 1))
    fi
    run_suite "$file" &
    running=$((running + 1))
  done
  wait
fi
for file in "${suites[@]}"; do
  [ "${JOBS:-1}" -gt 1 ] || run_suite "$file"
  report "$file"
done
finish
