package io.datapunk.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for {@code --packages} has the versions that this build is made and tested with. */
class PackagesTest {
    private static final Pattern COORDINATES = Pattern.compile("\\b[a-z][a-z0-9.]+:([a-z][\\w.-]*):(\\d[\\w.-]*)");
    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));

    @ParameterizedTest
    @ValueSource(strings = {"conf/spark-defaults.conf", "docs/cluster.md"})
    void versionsAreThoseOfThisBuild(String file) throws IOException {
        List<String> jars = COORDINATES
                .matcher(Files.readString(Path.of("..", file)))
                .results()
                .map(found -> found.group(1) + "-" + found.group(2) + ".jar")
                .toList();
        assertThat(jars)
                .as(file)
                .anyMatch(jar -> jar.startsWith("delta-spark_"))
                .anyMatch(jar -> jar.startsWith("onnxruntime-"))
                .allSatisfy(jar -> assertThat(CLASS_PATH).anyMatch(entry -> entry.endsWith("/" + jar)));
    }
}
