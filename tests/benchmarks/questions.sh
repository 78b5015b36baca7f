#!/usr/bin/env bash
# What does a search find? Asks the lake of `lake demo` the questions of questions.txt, and prints the best three answers to each
# as the page docs/search-quality.md has them.
# Usage: tests/benchmarks/questions.sh >docs/search-quality.md
set -euo pipefail
questions=$(readlink -f "$(dirname "$0")/questions.txt")
. "$(dirname "$0")/java.bash"
export LAKE_HOME=$scratch/home
for command in demo "vectors embed activity messages" "vectors build activity messages"; do
  # shellcheck disable=SC2086 # words
  ./lake $command >"$scratch/output" 2>&1 || { cat "$scratch/output" >&2; exit 1; }
done

cat <<'PAGE'
# What a search finds

Twenty questions to the lake of `./lake demo`, and the best three answers to each, as `tests/benchmarks/questions.sh` printed them. The demo's texts are
words at random, so that nothing but one word's meaning leads to an answer. The model is English; the last two questions show how
far it gets in German and French.

| question | score | answer |
|---|---|---|
PAGE
while IFS= read -r question; do
  ./lake vectors search "$question" --collection activity,messages --top 3 --threshold 0 --json |
    python3 -c '
import json, sys
question = sys.argv[1]
for hit in json.load(sys.stdin)["result"]["hits"]:
    text = " ".join(hit["text"].split()).replace("|", "\\|")
    shown = text if len(text) <= 100 else text[:99] + "…"
    print("| %s | %.2f | %s |" % (question, hit["score"], shown))
    question = ""
' "$question"
done <"$questions"
