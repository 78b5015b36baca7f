package io.datapunk.promises;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.SharedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What can be seen from outside of a lake that a command works on: its files, its audit log, its PostgreSQL. */
final class LakeWatch implements AutoCloseable {
    private final Path home;
    private final long copiesBefore;
    private final long commitsBefore;
    private final long journalBefore;
    private final String auditBefore;
    private Optional<Connection> postgres = Optional.empty();

    /** Sees what happens from now on. */
    LakeWatch(Path home) {
        this.home = home;
        this.copiesBefore = files("user_data", LakeWatch::isData);
        this.commitsBefore = files("user_data", LakeWatch::isCommit);
        this.journalBefore = files("lake/moves", LakeWatch::isCommit);
        this.auditBefore = auditLog();
    }

    /** Whether a plan was begun and has not ended. */
    boolean isApplying() {
        return count(
                        home.resolve("plans"),
                        file -> file.getFileName().toString().endsWith(".applying"))
                > 0;
    }

    /** Entries of an action in the audit log. */
    long audited(String action) {
        return auditLog()
                .substring(auditBefore.length())
                .lines()
                .filter(line -> line.contains(action))
                .count();
    }

    /** Data files that were written, whether a table shows them or not. */
    long copies() {
        return files("user_data", LakeWatch::isData) - copiesBefore;
    }

    /** Commits to the tables whose partitions move. */
    long commits() {
        return files("user_data", LakeWatch::isCommit) - commitsBefore;
    }

    /** Commits to the journal of moves. */
    long journalled() {
        return files("lake/moves", LakeWatch::isCommit) - journalBefore;
    }

    /** PostgreSQL's copies in a state whose partition matches; none while the server does not answer. */
    long hot(String state, String partition) {
        return numbers("SELECT count(*) FROM lake.served WHERE state = '" + state + "' AND partition ~ '" + partition
                        + "'")
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** What an application counts in each month that PostgreSQL has of a table. */
    List<Long> rowsOfServedMonths(String table) {
        return numbers("SELECT count(*) FROM " + table + " GROUP BY month");
    }

    private List<Long> numbers(String query) {
        if (postgres.isEmpty()) {
            postgres = connect();
        }
        if (postgres.isEmpty()) {
            return List.of();
        }
        try (Statement statement = postgres.get().createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<Long> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private Optional<Connection> connect() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        Optional<PostgresConnection> server = PostgresServer.running(config.postgres(), LakeHome.of(config));
        if (server.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SharedPostgres.connect(server.get()));
        } catch (SQLException stillStarting) {
            return Optional.empty();
        }
    }

    private String auditLog() {
        try {
            return Files.readString(home.resolve("audit/log.ndjson"));
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isData(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".parquet")
                && !name.startsWith(".")
                && !file.toString().contains("_delta_log");
    }

    private static boolean isCommit(Path file) {
        return file.getFileName().toString().matches("\\d{20}\\.json");
    }

    private long files(String tables, Predicate<Path> kind) {
        return count(home.resolve("tables").resolve(tables), kind);
    }

    private static long count(Path folder, Predicate<Path> kind) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(kind).count();
        } catch (IOException | UncheckedIOException changedMeanwhile) {
            return 0;
        }
    }

    @Override
    public void close() throws SQLException {
        if (postgres.isPresent()) {
            postgres.get().close();
        }
    }
}
