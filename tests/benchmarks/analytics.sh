#!/usr/bin/env bash
# What a refresh of each published table costs beside a full build, where one month of MONTHS has changed: seconds, in one
# Spark that has computed everything once before. The events are made.
# Usage: tests/benchmarks/analytics.sh [MONTHS [EVENTS-A-MONTH]]   100 and 50000 by default, of each of four tables
set -euo pipefail
. "$(dirname "$0")/java.bash"
run_program Analytics "$scratch/home" "${1:-100}" "${2:-50000}"
