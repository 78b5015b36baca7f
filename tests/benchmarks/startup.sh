#!/usr/bin/env bash
# How long the first answers take: bare Spark and Delta against ./lake, one after the other in every round, so that what
# else the machine does hits both. Prints seconds (elapsed, and CPU of the processes that were waited for), and the
# medians with their ratios. Usage: tests/benchmarks/startup.sh [ROUNDS]; Java: LAKE_JAVA_HOME, else the one on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-3}
if [ -z "${LAKE_JAVA_HOME-}" ]; then
  LAKE_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
export LAKE_JAVA_HOME
java=$LAKE_JAVA_HOME/bin/java
scratch=$(mktemp -d)
home=$scratch/home
trap './lake down --lake "$home" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

LAKE_ARCHIVE=off ./lake --help >/dev/null # builds
./lake make-archives                      # which a command else does in the background, beside what is measured
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
bare() { "$java" @conf/java.args -Xmx2g -cp "$scratch:$classpath" \
  "-Dlog4j2.configurationFile=conf/log4j2.properties" BareSpark "$@"; }
"$LAKE_JAVA_HOME/bin/javac" -cp "$classpath" -d "$scratch" tests/benchmarks/BareSpark.java
bare write "$home/tables/user_data/activity"
echo 1 >"$home/lake.version"
question="select month, count(*), min(title) from user_data.activity group by month order by month"

TIMEFORMAT='%R %U %S'
measure() { # name, command ...
  local name=$1
  shift
  local figures
  figures=$({ time "$@" >"$scratch/out" 2>"$scratch/err"; } 2>&1) || { cat "$scratch/err" >&2; exit 1; }
  read -r elapsed user system <<<"$figures"
  printf '%-22s %8.2f s   %6.2f s CPU\n' "$name" "$elapsed" "$(awk "BEGIN{print $user+$system}")"
  echo "$elapsed" >>"$scratch/$name"
}

"$java" -version 2>&1 | sed -n 2p
for ((round = 1; round <= rounds; round++)); do
  echo "round $round, load $(cut -d ' ' -f 1 /proc/loadavg)"
  measure bare-first bare read "$home/tables/user_data/activity"
  ./lake down --lake "$home" >/dev/null
  measure sql-first ./lake sql --lake "$home" "$question"
  measure sql-second ./lake sql --lake "$home" "$question"
  measure help ./lake --help
  measure tables ./lake tables --lake "$home"
done

median() { sort -n "$scratch/$1" | awk '{a[NR]=$1} END {print (NR % 2) ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2}'; }
echo "medians of $rounds rounds"
bare_first=$(median bare-first)
for name in bare-first sql-first sql-second help tables; do
  awk -v name="$name" -v value="$(median "$name")" -v bare="$bare_first" \
    'BEGIN {printf "%-22s %8.2f s   %5.2f of bare\n", name, value, value / bare}'
done
