#!/bin/sh
# Compares the tiering policies on traces: the last four weeks held out, hot space unlimited and limited to 10 %.
#
#   tests/benchmarks/simulate.sh TRACE... [-- OPTIONS of `lake tier simulate`]
#
# Traces are Parquet or CSV, as `lake tier simulate --help` says. None are shipped; these recipes make some:
#   tests/benchmarks/simulate.sh ratings u.data > ratings.csv        ratings as a proxy of demand (user item rating time)
#   tests/benchmarks/simulate.sh requests access_log > requests.csv  a web server's combined log, by path
#   tests/benchmarks/simulate.sh commits REPOSITORY > commits.csv    a git history, by directory
# A trace of warehouses needs no converter, only its columns' names:
#   tests/benchmarks/simulate.sh provisioned.parquet -- --columns time=timestamp,partition=instance_id,accesses=query_count
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)

ratings() {
  echo time,partition
  awk '{ print $4 "," $2 }' "$1"
}

requests() {
  echo time,partition
  # [17/May/2015:10:05:03 +0000] "GET /path?query HTTP/1.1" becomes 2015-05-17 10:05:03,/path
  awk 'BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", name, " "); for (i in name) month[name[i]] = i }
    match($0, /\[[0-9]+\/[A-Z][a-z]+\/[0-9:]+/) {
      split(substr($0, RSTART + 1, RLENGTH - 1), t, /[\/:]/)
      split($7, path, "?")
      gsub(/"/, "\"\"", path[1])
      printf "%s-%02d-%s %s:%s:%s,\"%s\"\n", t[3], month[t[2]], t[1], t[4], t[5], t[6], path[1]
    }' "$1"
}

commits() {
  echo time,partition
  git -C "$1" log --since=2023-01-01 --format=@%ct --name-only | awk '
    /^@/ { time = substr($0, 2); next }
    NF { directory = $0; if (!sub(/\/[^\/]*$/, "", directory)) directory = "."; gsub(/"/, "\"\"", directory)
         printf "%s,\"%s\"\n", time, directory }'
}

case ${1-} in
  ratings | requests | commits)
    "$1" "${2:?give the source}"
    exit
    ;;
  "" | --)
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac

traces=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  [ -r "$1" ] || { echo "simulate.sh: $1 cannot be read" >&2; exit 2; }
  traces="$traces
$1"
  shift
done
[ $# = 0 ] || shift
printf '%s\n' "$traces" | while IFS= read -r trace; do
  [ -n "$trace" ] || continue
  for space in "" "--hot-space=10%"; do
    echo "== $trace ${space:-without a limit of hot space}"
    "$root/lake" tier simulate --trace "$trace" --hold-out 28d --policy threshold,age,cost ${space:+"$space"} "$@" </dev/null
  done
done
