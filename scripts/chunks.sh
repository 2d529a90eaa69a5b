#!/usr/bin/env bash
# Decides which sources the compiler reads together.
#
#   scripts/chunks.sh SIZE FILE...                 prints CHUNK=FILE for each file
#   scripts/chunks.sh --write FOLDER CHUNK=FILE... writes each chunk that changed: FOLDER/CHUNK.cc
#
# Most of a compilation's time goes into headers and templates, and they are the same in every file: five files in one
# run of the compiler take half as long as five runs. SIZE files make a chunk, or fewer, because two files of one
# folder are never in the same chunk: each may use the same name for something of its own. Each folder has its own
# namespace.
set -euo pipefail

if [ "$1" = --write ]; then
  folder=$2
  shift 2
  for chunk in $(printf '%s\n' "${@%%=*}" | sort -u); do
    file=$folder/$chunk.cc
    for pair in "$@"; do
      [ "${pair%%=*}" != "$chunk" ] || printf '#include "%s"\n' "${pair#*=}"
    done > "$file.new"
    if cmp -s "$file.new" "$file"; then rm "$file.new"; else mv "$file.new" "$file"; fi
  done
  echo "$*" > "$folder/list"
  exit
fi

size=$1
shift
printf '%s\n' "$@" | awk -v size="$size" '
  {
    files[NR] = folder = $0
    sub(/\/[^\/]*$/, "", folder)
    if (++members[folder] > chunks) chunks = members[folder]
  }
  END {
    if (NR > chunks * size) chunks = int((NR + size - 1) / size)
    for (i = 1; i <= NR; i++) printf "%02d=%s\n", (i - 1) % chunks + 1, files[i]
  }
'
