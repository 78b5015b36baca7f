# For scripts beside it, which source this: builds the lake, and runs one of the programs of this folder in its classes.
# Java: LAKE_JAVA_HOME, else the one on the PATH; $java_options. Sets `scratch`, a folder that is removed at the end.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if [ -z "${LAKE_JAVA_HOME-}" ]; then
  LAKE_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
export LAKE_JAVA_HOME
scratch=$(mktemp -d)
trap './lake down --lake "$scratch/home" >/dev/null 2>&1 || true; chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT

./lake --help >/dev/null # builds

run_program() { # name, argument ...: the program's lake is $scratch/home
  local name=$1 classpath
  shift
  classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
  "$LAKE_JAVA_HOME/bin/javac" -proc:none -cp "$classpath" -sourcepath tests/benchmarks:tests/testkit/src/main/java -d "$scratch" "tests/benchmarks/$name.java"
  "$LAKE_JAVA_HOME/bin/java" @conf/java.args -Xmx2g ${java_options-} -cp "$scratch:tests/testkit/src/main/resources:$classpath" \
    "-Dlog4j2.configurationFile=conf/log4j2.properties" "$name" "$@"
}
