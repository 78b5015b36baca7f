#!/usr/bin/env bash
# How long a user's last 100 activities take in PostgreSQL, asked by clients without pause for users at random, with many
# rows served: loads ROWS over MONTHS as promotions do (no Delta table behind them), then asks for SECONDS with each number
# of clients.
# Needs about 900 bytes of disk for each row.
# Usage: tests/benchmarks/point-reads.sh [ROWS] [MONTHS] [CLIENTS] [SECONDS]
set -euo pipefail
. "$(dirname "$0")/java.bash"
run_program PointReads "$scratch/home" "${1:-50000000}" "${2:-12}" "${3:-1,2,4}" "${4:-60}"
