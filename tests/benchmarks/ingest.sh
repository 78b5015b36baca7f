#!/bin/sh
# How fast is an import, beside the floor and beside Python's own library, on the same export and machine?
#
#   tests/benchmarks/ingest.sh [SCALE]     75 (the default) is about 1 GB of entries
#
# Needs ./lake built, unzip, sha256sum and python3; works in a temporary folder with room for about four times the export.
# Run it on a machine that does nothing else.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
scale=${1:-75}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/lake" --version >/dev/null
java -cp "$root/jobs/cli/target/lib/*" "$root/tests/benchmarks/WriteSample.java" "$work/export" "$scale"
bytes=$(for zip in "$work"/export/*.zip; do unzip -l "$zip" | tail -1; done | awk '{ sum += $1 } END { print sum }')
cat "$work"/export/*.zip >/dev/null

now() { date +%s.%N; }
report() { # name from to
  awk -v name="$1" -v from="$2" -v to="$3" -v bytes="$bytes" \
    'BEGIN { printf "%-28s %7.1f s %7.1f MB/s\n", name, to - from, bytes / 1e6 / (to - from) }'
}

from=$(now)
for zip in "$work"/export/*.zip; do unzip -p "$zip" | sha256sum >/dev/null; done
to=$(now)
report "floor: unzip | sha256sum" "$from" "$to"

from=$(now)
python3 "$root/tests/benchmarks/reference_parse.py" "$work"/export/*.zip
to=$(now)
report "python, one core" "$from" "$to"

from=$(now)
"$root/lake" ingest "$work"/export/*.zip --user benchmark --lake "$work/lake" --json >"$work/report.json"
to=$(now)
report "lake ingest, with start" "$from" "$to"
python3 - "$work/report.json" <<'PYTHON'
import json
import sys

report = json.load(open(sys.argv[1]))
print("lake's own account:", report["result"]["counts"], "in", report["seconds"], "s")
PYTHON
