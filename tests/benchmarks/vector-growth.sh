#!/usr/bin/env bash
# How an index grows: full builds of more and more rows within 8 GB of heap, ten rounds of one percent of new and one of gone rows
# beside a full build, a rebuild, and the neighbours of a tenth of the rows. The vectors are made, see MadeVectors.java.
# Usage: tests/benchmarks/vector-growth.sh [DIMENSIONS [ROWS...]]   384 10000 100000 1000000 by default
set -euo pipefail
dimensions=${1:-384}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- 10000 100000 1000000
. "$(dirname "$0")/java.bash"
java_options="--add-modules=jdk.incubator.vector -Xmx8g"
run_program VectorGrowth "$scratch" "$dimensions" "$@"
