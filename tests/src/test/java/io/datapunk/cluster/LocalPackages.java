package io.datapunk.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The packages that {@code conf/spark-defaults.conf} names, from the local repository that Maven has filled. */
public final class LocalPackages {
    private LocalPackages() {}

    /** Writes what {@code spark.jars.ivySettings} names: Spark looks there and nowhere else. */
    public static void writeIvySettings(Path file) throws IOException {
        Files.writeString(file, """
                <ivysettings>
                  <settings defaultResolver="maven"/>
                  <resolvers><ibiblio name="maven" m2compatible="true" root="%s"/></resolvers>
                </ivysettings>
                """.formatted(repository().toUri()));
    }

    /** Where this JVM's Delta comes from. */
    private static Path repository() {
        Path delta = Stream.of(System.getProperty("java.class.path").split(":", -1))
                .filter(entry -> entry.contains("/io/delta/delta-spark_"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        Path repository = delta;
        for (int level = 0; level < 5; level++) {
            repository = repository.getParent();
        }
        return repository;
    }
}
