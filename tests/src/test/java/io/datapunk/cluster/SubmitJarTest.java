package io.datapunk.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.cli.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is in the one jar, and what is not: Spark's class loader asks Spark's own jars first, whatever the version. */
@Tag("full")
class SubmitJarTest {
    private static final List<String> BROUGHT_BY_SPARK_OR_PACKAGES = List.of(
            "org/apache/spark/",
            "org/apache/hadoop/",
            "org/apache/parquet/",
            "org/apache/logging/",
            "org/slf4j/",
            "io/netty/",
            "io/delta/",
            "scala/",
            "software/amazon/awssdk/",
            "com/fasterxml/jackson/databind/",
            "com/google/crypto/",
            "ai/onnxruntime/",
            "ai/djl/");

    @Test
    void noClassIsAlsoOneOfSparks() throws IOException {
        Set<String> ours = classes(SubmitJar.file());
        List<String> shared = new ArrayList<>();
        for (Path jar : SparkDistribution.jars()) {
            classes(jar).stream().filter(ours::contains).forEach(name -> shared.add(name + " of " + jar.getFileName()));
        }
        assertThat(shared).isEmpty();
    }

    @Test
    void whatSparkAndThePackagesBringIsNotInIt() throws IOException {
        assertThat(entries(SubmitJar.file()))
                .noneMatch(name -> BROUGHT_BY_SPARK_OR_PACKAGES.stream().anyMatch(name::startsWith))
                .as("signatures of jars that are no more")
                .noneMatch(name -> name.matches("META-INF/[^/]*[.](SF|DSA|RSA)"))
                .as("settings for the cluster's logs")
                .noneMatch(name -> name.startsWith("log4j"));
    }

    @Test
    void itStartsTheCommandLineAndKnowsItsVersion() throws IOException {
        try (JarFile jar = new JarFile(SubmitJar.file().toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo(Cli.class.getName());
            assertThat(SubmitJar.file().getFileName())
                    .hasToString("datapunk-lake-" + manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION) + ".jar");
        }
    }

    @Test
    void servicesOfSeveralLibrariesStandInOneFile() throws IOException {
        assertThat(text("META-INF/services/org.flywaydb.core.extensibility.Plugin"))
                .contains("org.flywaydb.core.internal.")
                .contains("org.flywaydb.database.postgresql.PostgreSQLDatabaseType");
        assertThat(text("META-INF/services/org.apache.spark.sql.SparkSessionExtensionsProvider"))
                .contains("io.datapunk.vectors.sql.");
    }

    private static String text(String name) throws IOException {
        try (JarFile jar = new JarFile(SubmitJar.file().toFile());
                InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Set<String> classes(Path jar) throws IOException {
        Set<String> classes = entries(jar);
        classes.removeIf(name -> !name.endsWith(".class") || name.endsWith("module-info.class"));
        return classes;
    }

    private static Set<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).collect(TreeSet::new, Set::add, Set::addAll);
        }
    }
}
