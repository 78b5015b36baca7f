#!/usr/bin/env bash
# How time and memory of `lake tier plan` grow with the number of partitions. Prints elapsed seconds, CPU seconds and the
# peak of resident memory, and what a partition costs beyond the smallest lake. The lakes have a table's log and accesses,
# but no data files, which no plan opens.
#
#   tests/benchmarks/plan.sh [PARTITIONS...]     10000 100000 1000000 by default
#
# PLAN_POLICY is the policy, cost by default; PLAN_ACCESSES how often each partition was accessed within 90 days, 10 by
# default. Accesses are taken in by `lake heat` before the clock starts.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(10000 100000 1000000)
accesses=${PLAN_ACCESSES:-10}
export LAKE_TIERING_POLICY=${PLAN_POLICY:-cost}
work=$(mktemp -d)
trap 'for home in "$work"/[0-9]*/; do "$root/lake" down --lake "$home" >/dev/null 2>&1 || true; done; rm -rf "$work"' EXIT

"$root/lake" --version >/dev/null
write() { # arguments of WritePartitions
  java @"$root/conf/java.args" -Xmx6g "-Dlog4j2.configurationFile=$root/conf/log4j2.properties" \
    -cp "$root/jobs/cli/target/lib/*" "$root/tests/benchmarks/WritePartitions.java" "$@" 2>"$work/err" ||
    { cat "$work/err" >&2; exit 1; }
}
for size in "${sizes[@]}"; do
  home=$work/$size
  mkdir "$home"
  echo 1 >"$home/lake.version"
  if [ "$accesses" != 0 ]; then
    write accesses "$work/accesses" "$size" "$accesses"
    "$root/lake" heat --source spool --import "$work/accesses" --json --lake "$home" >/dev/null 2>"$work/err" ||
      { cat "$work/err" >&2; exit 1; }
    rm -rf "$work/accesses"
  fi
  write partitions "$home" "$size"
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$root/lake" tier plan --json --lake "$home" >"$work/plan"
  read -r elapsed user system peak <"$work/time"
  awk -v n="$size" -v e="$elapsed" -v u="$user" -v s="$system" -v m="$peak" -v first="$work/first" 'BEGIN {
    cpu = u + s
    if ((getline line < first) > 0) split(line, base, " "); else { print n, cpu, m > first; base[1] = n; base[2] = cpu; base[3] = m }
    printf "%9d partitions %8.1f s %8.1f s of CPU %8.0f MiB", n, e, cpu, m / 1024
    if (n > base[1]) printf "   %6.1f us of CPU and %5.0f bytes each", (cpu - base[2]) / (n - base[1]) * 1e6, (m - base[3]) * 1024 / (n - base[1])
    printf "\n"
  }'
  "$root/lake" down --lake "$home" >/dev/null
done
