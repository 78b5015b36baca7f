#!/usr/bin/env bash
# How long a promotion takes (load by Spark's tasks, read back, serve) against one COPY of the same rows from a file into
# the same table, as psql's \copy does it, and against Spark's JDBC writer, one after the other in every round; each ends
# with the same key, index and statistics.
# Usage: tests/benchmarks/promote.sh [ROWS] [ROUNDS]; Java: LAKE_JAVA_HOME, else the one on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${1:-1000000}
rounds=${2:-3}
if [ -z "${LAKE_JAVA_HOME-}" ]; then
  LAKE_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
export LAKE_JAVA_HOME
scratch=$(mktemp -d)
home=$scratch/home
trap './lake down --lake "$home" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

./lake --help >/dev/null # builds
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -cp "$classpath" -d "$scratch" tests/benchmarks/Promote.java
"$LAKE_JAVA_HOME/bin/java" @conf/java.args -Xmx2g -cp "$scratch:$classpath" \
  "-Dlog4j2.configurationFile=conf/log4j2.properties" Promote "$home" "$rows" "$rounds"
