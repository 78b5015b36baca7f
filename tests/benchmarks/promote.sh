#!/usr/bin/env bash
# How long a promotion takes (load by Spark's tasks, read back, serve) against one COPY of the same rows from a file into
# the same table, as psql's \copy does it, and against Spark's JDBC writer, one after the other in every round; each ends
# with the same key, index and statistics.
# Usage: tests/benchmarks/promote.sh [ROWS] [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/java.bash"
run_program Promote "$scratch/home" "${1:-1000000}" "${2:-3}"
