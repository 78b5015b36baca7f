#!/usr/bin/env bash
# What does `lake heat` cost beside the bare group-by of the same events, and does a run cost what is new?
#
#   tests/benchmarks/heat.sh [EVENTS] [PARTITIONS]     100000000 over 1000000 by default
#
# Needs ./lake built and room for about 60 bytes an event. Prints CPU time, which other work on the machine disturbs less
# than wall time, and peak memory. HEAT_DUCKDB=off leaves DuckDB out (its driver comes from the package registry).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
events=${1:-100000000}
partitions=${2:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lake=$work/lake
duckdb=1.5.6.0

"$root/lake" --version >/dev/null
now=$(date -u +%s)
hour=$((now / 3600))
stamp=$(date -u -d "@$((hour * 3600))" +%Y-%m-%dT%H:%M:%SZ)
trace() { # arguments of HeatTrace
  java "@$root/conf/java.args" ${LAKE_JAVA_OPTIONS-} -cp "$classpath" "$root/tests/benchmarks/HeatTrace.java" "$@"
}
classpath="$root/jobs/cli/target/lib/*"

measure() { # name, command ...: peak memory is the largest VmHWM of the processes below this one
  local name=$1 before after status
  shift
  read -r _ _ before < <(children)
  peak=0
  "$@" >"$work/out" 2>"$work/err" &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    local seen
    seen=$(memory "$pid")
    [ "${seen:-0}" -le "$peak" ] || peak=$seen
    sleep 0.5
  done
  status=0
  wait "$pid" || status=$?
  [ "$status" -eq 0 ] || { cat "$work/err" >&2; exit 1; }
  read -r _ _ after < <(children)
  cpu=$(awk -v a="$after" -v b="$before" 'BEGIN { printf "%.1f", a - b }')
  printf '%-44s %8.1f s of CPU %8d MB at most\n' "$name" "$cpu" "$((peak / 1024))"
}
children() { # CPU seconds of the processes that have ended
  awk -v ticks="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); print 0, 0, ($14 + $15) / ticks }' "/proc/$$/stat"
}
memory() { # of a process and its children, in kB
  local pid=$1 child
  { awk '/VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null
    for child in $(cat /proc/"$pid"/task/*/children 2>/dev/null); do memory "$child"; done
  } | sort -n | tail -n 1
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

new=$((events / 100 > 0 ? events / 100 : 1))
trace write "$work/first" "$events" "$partitions" $((hour - 2160)) 2158 >/dev/null 2>&1
trace write "$work/second" "$new" "$partitions" $((hour - 2)) 2 >/dev/null 2>&1
mkdir "$lake"
echo 1 >"$lake/lake.version"
printf '%s events over %s partitions, %s MB of Parquet; then %s new ones\n' "$events" "$partitions" \
  "$(du -sm "$work/first" | cut -f 1)" "$new"

measure "Spark SQL: group by, into Parquet" trace spark "$work/first"
bare=$cpu
cat "$work/out"
if [ "${HEAT_DUCKDB-on}" != off ]; then
  (cd "$root" && ./mvnw -q -B dependency:copy "-Dartifact=org.duckdb:duckdb_jdbc:$duckdb" "-DoutputDirectory=$work/jars") >/dev/null
  classpath="$work/jars/*:$classpath"
  measure "DuckDB: group by, into a table" trace duckdb "$work/first"
  in_duckdb=$cpu
  cat "$work/out"
fi
heat() { "$root/lake" heat --source spool --lake "$lake" --now "$stamp" --json "$@"; }
measure "lake heat, nothing new" heat
empty=$cpu
measure "lake heat --import, all" heat --import "$work/first"
whole=$cpu
grep -oE '"accepted" ?: ?[0-9]+' "$work/out"
measure "lake heat --import, 1 % new" heat --import "$work/second"
added=$cpu
measure "lake heat --import, the same again" heat --import "$work/second"
printf 'lake heat / Spark SQL: %s' "$(ratio "$whole" "$bare")"
[ -z "${in_duckdb-}" ] || printf ', / DuckDB: %s' "$(ratio "$whole" "$in_duckdb")"
printf '\n1 %% new / all, both without what an empty run costs: %s\n' \
  "$(awk -v a="$added" -v e="$empty" -v w="$whole" 'BEGIN { printf "%.3f", (a - e) / (w - e) }')"
