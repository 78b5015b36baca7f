#!/usr/bin/env bash
# How many texts a second become vectors, in batches of several sizes: with an encoder for each core, as Spark's tasks have
# them, and with one whose threads share a batch.
# Usage: tests/benchmarks/embed.sh FILE [MODEL]   a text on each line; the model that comes with the lake by default
set -euo pipefail
texts=$(readlink -f "$1")
. "$(dirname "$0")/java.bash"
run_program Embed "$texts" "${2:-all-minilm-l6-v2-q}"
