#!/usr/bin/env bash
# Many small files, the sidecars of photos: bytes with each compressed alone, with each compressed under a dictionary that
# was trained on them (which is stored too), with all of them in one stream as a package's segment has them, and what
# `lake archive create` stores, its list of entries with two hashes for each file apart. All at zstd's level 19.
# Usage: tests/benchmarks/dictionary.sh [FILES]   100000 by default; needs zstd, tar and python3
set -euo pipefail
files=${1:-100000}
. "$(dirname "$0")/java.bash"
export LAKE_HOME=$scratch/home LAKE_ARCHIVE_EXPORT_LEVEL=19
export LAKE_STORAGE_ENCRYPTION_KEYSTORE=$scratch/keys.p12 LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD=benchmark
"$LAKE_JAVA_HOME/bin/keytool" -genseckey -alias lake-archive-1 -keyalg AES -keysize 256 -storetype PKCS12 \
  -keystore "$scratch/keys.p12" -storepass benchmark 2>/dev/null
mkdir "$scratch/user" && echo '[{"time":"2026-01-01T00:00:00Z"}]' >"$scratch/user/a.json"
./lake ingest "$scratch/user" --user ann >/dev/null 2>"$scratch/output" || { cat "$scratch/output"; exit 1; }
python3 tests/benchmarks/write_sidecars.py "$scratch/export" "$files"

bytes() { find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
segments() { # CONTENT or INDEX
  cat "$scratch"/home/archive/*/*/*/*/*/segments.ndjson |
    python3 -c 'import json, sys; print(sum(s["bytes"] for s in map(json.loads, sys.stdin) if s["kind"] == sys.argv[1]))' "$1"
}
show() { # name, bytes
  awk -v name="$1" -v bytes="$2" -v raw="$raw" -v files="$files" \
    'BEGIN { printf "%-40s %10.3f MB %8.1f bytes a file  1 : %.1f\n", name, bytes / 1e6, bytes / files, raw / bytes }'
}

raw=$(bytes "$scratch/export")
show "$files files" "$raw"
zstd -q -19 -r --output-dir-mirror "$scratch/alone" "$scratch/export"
show "each alone" "$(bytes "$scratch/alone")"
rm -rf "$scratch/alone"
zstd -q --train -r "$scratch/export" -o "$scratch/dictionary"
zstd -q -19 -D "$scratch/dictionary" -r --output-dir-mirror "$scratch/trained" "$scratch/export"
show "each with a trained dictionary" "$(bytes "$scratch/trained" "$scratch/dictionary")"
rm -rf "$scratch/trained"
show "tar | zstd --long=25" "$(tar -C "$scratch/export" --sort=name -c . | zstd -q -19 --long=25 | wc -c)"
./lake archive create "$scratch/export" --user ann >"$scratch/output" 2>&1 || { cat "$scratch/output"; exit 1; }
show "lake archive create, the content" "$(segments CONTENT)"
show "lake archive create, the entries' list" "$(segments INDEX)"
show "lake archive create, all of it" "$(bytes "$scratch/home/archive")"
