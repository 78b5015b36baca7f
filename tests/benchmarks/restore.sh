#!/usr/bin/env bash
# A lake of tables, packages and some hot months in PostgreSQL is backed up, lost together with its PostgreSQL, and restored
# to a new place: seconds of each step, and minutes per GB of the restore beside a floor, `cp -r` and sha256sum of the bytes
# that it wrote. Every row, file and package that came back is compared with what was written.
# Usage: tests/benchmarks/restore.sh [MB]   of a sample export's entries, 1000 by default; takes about five times as much
# room. A lake is smaller than the export that it comes from: the first line says by how much.
set -euo pipefail
megabytes=${1:-1000}
. "$(dirname "$0")/java.bash"
# The trap of java.bash stops the server of $scratch/home: that is to be the lake that comes back.
export LAKE_HOME=$scratch/lost LAKE_BACKUP_LOCATIONS=$scratch/backups
export LAKE_STORAGE_ENCRYPTION_KEYSTORE=$scratch/keys.p12 LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD=benchmark
mkdir "$scratch/backups"
for key in lake-archive-1 lake-backup-1; do
  "$LAKE_JAVA_HOME/bin/keytool" -genseckey -alias "$key" -keyalg AES -keysize 256 -storetype PKCS12 \
    -keystore "$scratch/keys.p12" -storepass benchmark 2>/dev/null
done

quiet() { "$@" >"$scratch/output" 2>&1 || { cat "$scratch/output"; exit 1; }; }
step() { # name, command ...: prints seconds, and keeps them in $seconds
  local begin end
  begin=$(date +%s.%N)
  quiet "${@:2}"
  end=$(date +%s.%N)
  seconds=$(echo "$end - $begin" | bc)
  printf '%-32s %8.1f s\n' "$1" "$seconds"
}
bytes() { du -sb "$1" | cut -f 1; }
megabytes() { awk -v bytes="$(bytes "$1")" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'; }
per_gb() { # name, seconds
  awk -v name="$1" -v seconds="$2" -v bytes="$restored" \
    'BEGIN { printf "%-32s %8.2f minutes per GB\n", name, seconds / 60 / (bytes / 1e9) }'
}
checksums() { # of the lake's tables of user data, by table
  ./lake sql --lake "$1" "$(for table in activity locations media messages; do
    printf "%s select '%s', count(*), bit_xor(xxhash64(to_json(struct(*)))) from user_data.%s" "${union-}" "$table" "$table"
    union=" union all"
  done) order by 1"
}
floor() { cp -r "$scratch/home" "$scratch/floor" && find "$scratch/floor" -type f -exec sha256sum {} + >/dev/null; }

quiet run_program WriteSample "$scratch/export" "$(echo "scale=3; $megabytes * 75 / 1000" | bc)"
quiet ./lake ingest "$scratch"/export/*.zip --user ann
quiet ./lake archive create "$scratch"/export/*.zip --user ann
for table in activity locations messages; do # a small sample has no media of these months
  quiet ./lake tier pin "user_data.$table/month=2026-01" --tier hot
  quiet ./lake tier pin "user_data.$table/month=2025-12" --tier hot
done
LAKE_TIERING_MINIMUM_SIZE=1KiB quiet ./lake tier apply
checksums "$LAKE_HOME" >"$scratch/before"
quiet ./lake down
printf 'a lake of %s: tables %s, packages %s, PostgreSQL %s; from %s MB of entries\n' "$(megabytes "$LAKE_HOME")" \
  "$(megabytes "$LAKE_HOME/tables")" "$(megabytes "$LAKE_HOME/archive")" "$(megabytes "$LAKE_HOME/postgres")" "$megabytes"

step "backup create" ./lake backup create
printf '%-32s %s\n' "  which stored" "$(megabytes "$scratch/backups")"
step "backup create, nothing new" ./lake backup create
step "backup verify" ./lake backup verify
quiet ./lake down
chmod -R u+w "$LAKE_HOME" # packages are read-only
rm -rf "$LAKE_HOME"
step "backup restore" ./lake backup restore --to "$scratch/home"
restore=$seconds
restored=$(bytes "$scratch/home")
step "floor: cp -r, sha256sum" floor
chmod -R u+w "$scratch/floor"
rm -rf "$scratch/floor"
printf '%-32s %s\n' "restored" "$(megabytes "$scratch/home")"
per_gb "backup restore" "$restore"
per_gb "floor" "$seconds"

step "doctor --deep of what came back" ./lake doctor --deep --lake "$scratch/home"
checksums "$scratch/home" | diff "$scratch/before" - && echo "every row came back"
quiet ./lake down --lake "$scratch/home"
