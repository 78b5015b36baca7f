#!/usr/bin/env bash
# How fast is an import, beside the floor and beside Python's own library, on the same export and machine?
#
#   tests/benchmarks/ingest.sh [SCALE]     75 (the default) is about 1 GB of entries
#
# Needs ./lake built, unzip, sha256sum and python3; works in a temporary folder with room for about four times the export.
# Run it on a machine that does nothing else. Python reads on one core; the lake's reading stage is also given per core.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scale=${1:-75}
work=$(mktemp -d)
trap '"$root/lake" down --lake "$work/lake" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

"$root/lake" --version >/dev/null
java -cp "$root/jobs/cli/target/lib/*" "$root/tests/benchmarks/WriteSample.java" "$work/export" "$scale"
bytes=$(for zip in "$work"/export/*.zip; do unzip -l "$zip" | tail -1; done | awk '{ sum += $1 } END { printf "%.0f", sum }')
cat "$work"/export/*.zip >/dev/null

TIMEFORMAT='%R %U %S'
measure() { # name, command ...
  local name=$1 elapsed user system
  shift
  { time "$@" >"$work/out" 2>"$work/err"; } 2>"$work/time" || { cat "$work/err" >&2; exit 1; }
  read -r elapsed user system <"$work/time"
  awk -v name="$name" -v wall="$elapsed" -v cpu="$user $system" -v bytes="$bytes" 'BEGIN {
    split(cpu, part, " ")
    printf "%-28s %7.1f s %7.1f MB/s %7.1f s of CPU\n", name, wall, bytes / 1e6 / wall, part[1] + part[2]
  }'
}
floor() { for zip in "$work"/export/*.zip; do unzip -p "$zip" | sha256sum; done; }
reading() { # what the lake says of its reading stage, per core
  sed -n 's/^reading entries: .* in \([0-9.]*\) s, \([0-9.]*\) MiB\/s$/\2/p' "$work/err" | tail -n 1 |
    awk -v name="$1" -v cores="$(nproc)" '{ printf "%-28s %18.1f MB/s per core\n", name, $1 * 1.048576 / cores }'
}

printf 'export: %s MB of entries\n' "$((bytes / 1000000))"
measure "floor: unzip | sha256sum" floor
measure "python, one core" python3 "$root/tests/benchmarks/reference_parse.py" "$work"/export/*.zip
cat "$work/out"
measure "lake ingest, with start" "$root/lake" ingest "$work"/export/*.zip --user benchmark --lake "$work/lake"
reading "  its reading stage"
grep '^all ' "$work/out"

for kind in mbox json; do
  mkdir "$work/$kind"
  for zip in "$work"/export/*.zip; do unzip -qo "$zip" "*.$kind" -d "$work/$kind" || true; done 2>/dev/null
  bytes=$(find "$work/$kind" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')
  rm -rf "$work/lake"
  measure "lake ingest, $kind alone" "$root/lake" ingest "$work/$kind" --user benchmark --lake "$work/lake"
  reading "  its reading stage"
done
