#!/usr/bin/env bash
# How long a partition's way from warm to cold takes (pages written anew with zstd 19, both sides read and compared, one
# commit) against `zstd -19 -T2` over the same pages, decompressed, in one file, and against Spark writing the same rows
# anew with the same codec; one after the other in every round.
# Usage: tests/benchmarks/demote.sh [ROWS] [ROUNDS]
set -euo pipefail
command -v zstd >/dev/null || { echo "demote.sh: install zstd, the peer of this measurement" >&2; exit 2; }
. "$(dirname "$0")/java.bash"
run_program Demote "$scratch" "${1:-2000000}" "${2:-3}"
