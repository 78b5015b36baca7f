#!/usr/bin/env bash
# How long a user's last 100 activities take in PostgreSQL, asked by several clients at once for users at random, with many
# rows served: loads ROWS over MONTHS as promotions do (no Delta table behind them), then asks for SECONDS.
# Needs about 900 bytes of disk for each row. Usage: tests/benchmarks/point-reads.sh [ROWS] [MONTHS] [CLIENTS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${LAKE_JAVA_HOME-}" ]; then
  LAKE_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
export LAKE_JAVA_HOME
scratch=$(mktemp -d)
trap './lake down --lake "$scratch/home" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

./lake --help >/dev/null # builds
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -cp "$classpath" -d "$scratch" tests/benchmarks/PointReads.java
"$LAKE_JAVA_HOME/bin/java" @conf/java.args -Xmx2g -cp "$scratch:$classpath" \
  "-Dlog4j2.configurationFile=conf/log4j2.properties" PointReads "$scratch/home" "${1:-50000000}" "${2:-12}" "${3:-4}" "${4:-60}"
