#!/usr/bin/env bash
# How large is the report of a lake, how long does it take to write, and when does a browser show it? Prints both, with
# what the page says on the console and asks of the network: nothing.
# Usage: tests/benchmarks/report.sh [ROWS [PARTITIONS]]   1000000 and 10000 by default
# Needs Chromium as chromium, and npm, which fetches a driver for it. REPORT_PICTURES=FOLDER keeps screenshots.
set -euo pipefail
. "$(dirname "$0")/java.bash"
run_program ReportLake "$scratch/home" "${1:-1000000}" "${2:-10000}"
for job in "quality user_data.activity" forecast; do
  ./lake analytics $job --lake "$scratch/home" >/dev/null 2>&1 || [ $? -eq 3 ]
done
for run in 1 2; do
  /usr/bin/time -f "write: %e s, %U + %S CPU s, %M kB" ./lake report --lake "$scratch/home" --output "$scratch/report.html" \
    2>&1 | grep -v gathering
done
du -b "$scratch/report.html" | cut -f 1 | sed 's/$/ bytes; by gzip:/'
gzip -c "$scratch/report.html" | wc -c
(cd "$scratch" && npm init -y && npm install playwright-core@1.64.1) >/dev/null 2>&1
cp tests/benchmarks/report.mjs "$scratch"
(cd "$scratch" && node report.mjs "$scratch/report.html" "${REPORT_PICTURES-}")
