package io.datapunk.cluster;

import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Spark as its users install it, with {@code bin/spark-submit}, all of its jars and PySpark: 450 MB from Python's package
 * index, which pip brings once and compares with the checksum that is pinned here.
 */
public final class SparkDistribution {
    private static final String VERSION = "4.2.0";
    private static final String REQUIREMENTS = "spark-requirements.txt";

    private SparkDistribution() {}

    /** What {@code SPARK_HOME} names. */
    public static Path home() {
        return Holder.HOME;
    }

    /** What {@code PYTHONPATH} names for PySpark, which also needs py4j. */
    public static Path python() {
        return home().resolve("python");
    }

    /** The jars that every driver and every executor has. */
    public static List<Path> jars() {
        try (Stream<Path> files = Files.list(home().resolve("jars"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Holder {
        static final Path HOME = install();

        private static Path install() {
            Path cache = EmbeddedPostgres.userCache().resolve("pyspark-" + VERSION);
            try {
                if (!Files.isDirectory(cache)) {
                    Files.createDirectories(cache.getParent());
                    Path unfinished = Files.createTempDirectory(cache.getParent(), ".pyspark-");
                    unpack(unfinished);
                    try {
                        Files.move(unfinished.resolve("deps"), cache, StandardCopyOption.ATOMIC_MOVE);
                    } catch (FileSystemException e) {
                        if (!Files.isDirectory(cache)) {
                            throw e;
                        }
                    }
                    FolderTree.delete(unfinished);
                }
                return cache;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void unpack(Path folder) throws IOException {
            Path requirements = folder.resolve(REQUIREMENTS);
            try (InputStream pinned = SparkDistribution.class.getResourceAsStream(REQUIREMENTS)) {
                Files.copy(pinned, requirements);
            }
            run(
                    folder,
                    "python3",
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "--no-binary=pyspark",
                    "--require-hashes",
                    "--requirement=" + requirements,
                    "--dest=" + folder);
            String root = "pyspark-" + VERSION;
            run(
                    folder,
                    "tar",
                    "-xzf",
                    root + ".tar.gz",
                    "--strip-components=1",
                    root + "/deps/bin",
                    root + "/deps/jars",
                    root + "/pyspark");
            Path python = Files.createDirectory(folder.resolve("deps/python"));
            Files.move(folder.resolve("pyspark"), python.resolve("pyspark"));
        }

        private static void run(Path folder, String... command) throws IOException {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            try {
                if (process.waitFor() != 0) {
                    throw new IOException("Spark needs python3 with pip and its package index once: " + List.of(command)
                            + ": " + output);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the download of Spark was interrupted", e);
            }
        }
    }
}
