#!/usr/bin/env bash
# How long a partition's way from warm to cold takes (pages written anew with zstd 19, both sides read and compared, one
# commit) against `zstd -19 -T2` over the same pages, decompressed, in one file, and against Spark writing the same rows
# anew with the same codec; one after the other in every round.
# Usage: tests/benchmarks/demote.sh [ROWS] [ROUNDS]; Java: LAKE_JAVA_HOME, else the one on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${1:-2000000}
rounds=${2:-3}
command -v zstd >/dev/null || { echo "demote.sh: install zstd, the peer of this measurement" >&2; exit 2; }
if [ -z "${LAKE_JAVA_HOME-}" ]; then
  LAKE_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
export LAKE_JAVA_HOME
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

./lake --help >/dev/null # builds
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -cp "$classpath" -d "$scratch" tests/benchmarks/Demote.java
"$LAKE_JAVA_HOME/bin/java" @conf/java.args -Xmx2g -cp "$scratch:$classpath" \
  "-Dlog4j2.configurationFile=conf/log4j2.properties" Demote "$scratch" "$rows" "$rounds"
