#!/usr/bin/env bash
# An export into a package and out again, beside `tar | zstd`, restic and borg over the same folder, and then with 1 % of
# its files changed: seconds and bytes. restic and borg (Debian's packages) are left out where they are not installed.
# Usage: tests/benchmarks/archive.sh FOLDER [LEVEL]
set -euo pipefail
export_folder=$(readlink -f "$1")
level=${2:-19}
. "$(dirname "$0")/java.bash"
cores=$(nproc)
cp -r "$export_folder" "$scratch/export"
export LAKE_HOME=$scratch/home LAKE_ARCHIVE_EXPORT_LEVEL=$level LAKE_ARCHIVE_EXPORT_SEGMENT=256MiB
export LAKE_STORAGE_ENCRYPTION_KEYSTORE=$scratch/keys.p12 LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD=benchmark
"$LAKE_JAVA_HOME/bin/keytool" -genseckey -alias lake-archive-1 -keyalg AES -keysize 256 -storetype PKCS12 \
  -keystore "$scratch/keys.p12" -storepass benchmark 2>/dev/null
mkdir "$scratch/user" && echo '[{"time":"2026-01-01T00:00:00Z"}]' >"$scratch/user/a.json"
./lake ingest "$scratch/user" --user ann >/dev/null
export RESTIC_PASSWORD=benchmark BORG_PASSPHRASE=benchmark
export RESTIC_CACHE_DIR=$scratch/restic-cache BORG_BASE_DIR=$scratch/borg-base

step() { # name, command ...: prints seconds
  local begin end
  begin=$(date +%s.%N)
  "${@:2}" >"$scratch/output" 2>&1 || { cat "$scratch/output"; exit 1; }
  end=$(date +%s.%N)
  printf '%-28s %8.1f s  %s\n' "$1" "$(echo "$end - $begin" | bc)" "$(stored "$1")"
}
stored() { # bytes of what a contender keeps
  case $1 in
    lake*) bytes "$scratch/home/archive" ;;
    tar*) bytes "$scratch/tar" ;;
    restic*) bytes "$scratch/restic" ;;
    borg*) bytes "$scratch/borg" ;;
  esac
}
bytes() { [ -e "$1" ] && du -sb "$1" | awk '{printf "%.1f MB", $1 / 1e6}'; }

pack_tar() { mkdir -p "$scratch/tar"; tar -C "$scratch" -c export | zstd -q "-$level" --long=25 "-T$cores" -f -o "$scratch/tar/$1.tar.zst"; }
restore_tar() { mkdir "$scratch/out-tar"; zstd -qdc --long=25 "$scratch/tar/first.tar.zst" | tar -x -C "$scratch/out-tar"; }
restore_lake() { ./lake archive restore "$(basename "$(ls -d "$scratch"/home/archive/*/*/*/*/* | sort | head -1)")" --to "$scratch/out-lake"; }
has() { command -v "$1" >/dev/null; }

printf '%s in %s files; zstd level %s\n' "$(bytes "$scratch/export")" "$(find "$scratch/export" -type f | wc -l)" "$level"
step "tar | zstd" pack_tar first
step "lake archive create" ./lake archive create "$scratch/export" --user ann
if has restic; then
  restic -q -r "$scratch/restic" init
  step "restic backup" restic -q -r "$scratch/restic" --compression max backup "$scratch/export"
fi
if has borg; then
  borg init -e repokey "$scratch/borg"
  step "borg create" borg create --compression "zstd,$level" "$scratch/borg::first" "$scratch/export"
fi
step "tar | zstd, restored" restore_tar
step "lake archive restore" restore_lake
diff -r "$scratch/export" "$scratch/out-lake/export" && echo "restored what was archived"
if has restic; then
  step "restic restore" restic -q -r "$scratch/restic" restore latest --target "$scratch/out-restic"
fi
if has borg; then
  mkdir "$scratch/out-borg" && cd "$scratch/out-borg"
  step "borg extract" borg extract "$scratch/borg::first"
  cd - >/dev/null
fi

find "$scratch/export" -type f | sort | awk 'NR % 100 == 0' | while read -r file; do echo changed >>"$file"; done
step "tar | zstd, 1 % changed" pack_tar second
step "lake, 1 % changed" ./lake archive create "$scratch/export" --user ann
if has restic; then
  step "restic, 1 % changed" restic -q -r "$scratch/restic" --compression max backup "$scratch/export"
fi
if has borg; then
  step "borg, 1 % changed" borg create --compression "zstd,$level" "$scratch/borg::second" "$scratch/export"
fi
