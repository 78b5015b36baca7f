#!/usr/bin/env bash
# How long a collection takes to be published into pgvector, by HNSW and by IVFFlat with 1000 lists (loading, verifying,
# building, measuring), and what searches then find and take, by how far they look. The vectors are made: 500 clusters of 32
# dimensions, turned into the ones asked for, with some noise.
# Usage: tests/benchmarks/publish.sh [ROWS] [DIMENSIONS]
set -euo pipefail
. "$(dirname "$0")/java.bash"
run_program Publish "$scratch" "${1:-50000}" "${2:-1536}"
