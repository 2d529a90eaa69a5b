#!/usr/bin/env bash
# Runs the fuzz targets of tests/fuzz, which `make fuzz` has built: scripts/fuzz.sh
#
# FUZZ=NAME runs one target only, FUZZ_SECONDS=20 says how long each runs. Inputs that reach new code are kept in
# build/fuzz/corpus/NAME, so that the next run continues from there; what breaks a target is kept in
# build/fuzz/findings/NAME. The last line is `N targets, N findings`; fails if there is a finding.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

build=${BUILD:-build}
seconds=${FUZZ_SECONDS:-20}
targets=(${FUZZ:+"$FUZZ"})
if [ ${#targets[@]} = 0 ]; then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

# Targets that need files make small ones, many times in a second.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# A slow input is a finding too: 1 MiB of anything takes much less.
limits=(-timeout=10 -rss_limit_mb=1024 -max_len=65536)
findings=0

run() {
  local target=$1 kept=$build/fuzz/corpus/$1 found=$build/fuzz/findings/$1 log=$build/fuzz/$1.log finding
  mkdir -p "$kept" "$found"
  FUZZ=$target "$build/fuzzer" "${limits[@]}" -max_total_time="$seconds" -artifact_prefix="$found/" \
    "$kept" "tests/fuzz/corpus/$target" > "$log" 2>&1 < /dev/null && status=0 || status=$?
  if [ "$status" = 0 ]; then
    echo "$target: $(sed -n 's/^Done \([0-9]*\) runs in \(.*\) second.*/\1 inputs in \2 s/p' "$log")"
    return
  fi
  findings=$((findings + 1))
  finding=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
  echo "$target: FOUND ${finding:-nothing to replay}; what happened is in $log:"
  grep -m 3 -E '^[a-z0-9]+: |ERROR: |runtime error: ' "$log" | sed 's/^/    /'
  [ -z "$finding" ] || echo "    again: FUZZ=$target $build/fuzzer $finding"
  echo "    when it is fixed: put it into tests/fuzz/corpus/$target"
}

for target in "${targets[@]}"; do run "$target"; done
echo "${#targets[@]} targets, $findings findings"
[ $findings = 0 ]
