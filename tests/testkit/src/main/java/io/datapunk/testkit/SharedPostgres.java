package io.datapunk.testkit;

import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresMigrations;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all tests of a JVM. Tests keep apart by a database of their own. */
public final class SharedPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private SharedPostgres() {}

    /** A new, empty database that the lake's schema has been made in. */
    public static PostgresConnection migratedDatabase() {
        PostgresConnection database = emptyDatabase();
        PostgresMigrations.migrate(database);
        return database;
    }

    /** A new, empty database. */
    public static PostgresConnection emptyDatabase() {
        PostgresConnection server = Holder.USE.connection();
        String name = "test_" + DATABASES.incrementAndGet();
        try (var connection = connect(server);
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failure) {
            throw new IllegalStateException("database " + name + " could not be created", failure);
        }
        return new PostgresConnection(
                server.url().substring(0, server.url().lastIndexOf('/') + 1) + name, server.user(), server.password());
    }

    /** A plain connection, to look at what the code under test has done. */
    public static java.sql.Connection connect(PostgresConnection database) throws SQLException {
        return DriverManager.getConnection(
                database.url(), database.user(), database.password().get());
    }

    private static final class Holder {
        static final EmbeddedPostgres.Use USE = start();

        private static EmbeddedPostgres.Use start() {
            try {
                Path home = Files.createTempDirectory("lake-postgres-");
                EmbeddedPostgres server = new EmbeddedPostgres(
                        home.resolve("postgres"),
                        home.resolve("run"),
                        new EmbeddedPostgres.Options(
                                "lake", 0, Duration.ofMinutes(5), Duration.ofMinutes(1), EmbeddedPostgres.userCache()));
                EmbeddedPostgres.Use use = server.use();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(use, home), "stop " + home));
                return use;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        // Without the last checkpoint: nobody reads these data again, and a JVM that ends late is killed by Surefire.
        private static void stop(EmbeddedPostgres.Use use, Path home) {
            use.close();
            try {
                String postmaster = Files.readAllLines(home.resolve("postgres/data/postmaster.pid"))
                        .get(0);
                new ProcessBuilder("kill", "-QUIT", postmaster).start().waitFor();
                ProcessHandle.of(Long.parseLong(postmaster)).ifPresent(process -> process.onExit()
                        .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                        .join());
            } catch (IOException leftToTheIdleStopper) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                FolderTree.delete(home);
            } catch (IOException leftForTheSystem) {
                // A temporary folder: the system's own cleaning takes it.
            }
        }
    }
}
