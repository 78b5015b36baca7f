package io.datapunk.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jar that the build has made for {@code spark-submit}. */
public final class SubmitJar {
    private SubmitJar() {}

    public static Path file() {
        try (Stream<Path> files = Files.list(Path.of("../jobs/cli/target"))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("datapunk-lake-.*[.]jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new AssertionError("make the jar first, by ./mvnw package -Pspark-submit -DskipTests: " + jars);
            }
            return jars.get(0).toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
