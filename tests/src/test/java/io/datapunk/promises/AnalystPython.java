package io.datapunk.promises;

import io.datapunk.cluster.LocalPackages;
import io.datapunk.cluster.SparkDistribution;
import io.datapunk.cluster.SubmitJar;
import io.datapunk.testkit.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Python as {@code docs/analysts.md} has analysts set it up: the libraries, and a PySpark whose sessions are the lake's. */
final class AnalystPython {
    private final PythonEnvironment python;
    private final Map<String, String> environment;

    /**
     * @param folder for what Spark takes from Maven's local repository, where an analyst's takes it from Maven Central
     */
    AnalystPython(Path home, Path folder) throws IOException {
        this.python = PythonEnvironment.of(Path.of("python/analysts.txt"));
        Path ivySettings = folder.resolve("ivy.xml");
        LocalPackages.writeIvySettings(ivySettings);
        this.environment = Map.of(
                "LAKE_HOME", home.toString(),
                "SPARK_CONF_DIR",
                        Path.of("../conf").toAbsolutePath().normalize().toString(),
                "PYSPARK_SUBMIT_ARGS",
                        "--jars '%s' --conf 'spark.jars.ivy=%s' --conf 'spark.jars.ivySettings=%s' pyspark-shell"
                                .formatted(SubmitJar.file(), folder.resolve("ivy"), ivySettings),
                "SPARK_HOME", SparkDistribution.home().toString(),
                "PYTHONPATH", SparkDistribution.python().toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                "JAVA_HOME", System.getProperty("java.home"),
                "TZ", "Asia/Kathmandu");
    }

    /** Runs a program to its end. */
    PythonEnvironment.Ended run(String... arguments) throws IOException {
        ProcessBuilder process = python.process("python", arguments);
        process.environment().putAll(environment);
        return PythonEnvironment.end(process);
    }
}
