package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Writes tables anew beside their readers and writers, by pg_repack: an extension of the database, and a program on this machine
 * of the same version. Nobody's session is ended for it.
 */
public final class Repacking {
    private static final Duration QUICKLY = Duration.ofSeconds(10);

    /** So long it waits for whoever holds the table, at its beginning and at its end. [ours: as a vacuum is patient] */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Map<String, String> ENVIRONMENT = Map.of(
            PGProperty.SSL_MODE.getName(), "PGSSLMODE",
            PGProperty.SSL_ROOT_CERT.getName(), "PGSSLROOTCERT",
            PGProperty.SSL_CERT.getName(), "PGSSLCERT",
            PGProperty.SSL_KEY.getName(), "PGSSLKEY");

    private final PostgresConnection server;
    private final String program;
    private final Duration timeout;

    private Repacking(PostgresConnection server, String program, Duration timeout) {
        this.server = server;
        this.program = program;
        this.timeout = timeout;
    }

    /**
     * Looks whether it is there.
     *
     * @param program its name on the PATH, or its path
     * @param timeout for one table
     * @return empty where the database does not have the extension
     * @throws LakeException (failed) where the program is missing, or of another version than the extension
     */
    public static Optional<Repacking> find(PostgresConnection server, String program, Duration timeout) {
        Optional<String> extension = extension(server);
        if (extension.isEmpty()) {
            return Optional.empty();
        }
        Repacking repacking = new Repacking(server, program, timeout);
        String version = repacking.ended(List.of(program, "--version"), QUICKLY).output();
        if (!version.endsWith(" " + extension.get())) {
            throw LakeException.failed(
                    "tables cannot be repacked",
                    "the database has pg_repack " + extension.get() + ", and " + program + " is " + version,
                    "install the program of the same version, or ALTER EXTENSION pg_repack UPDATE");
        }
        return Optional.of(repacking);
    }

    private static Optional<String> extension(PostgresConnection server) {
        try (Connection connection = server.open("lake maintenance")) {
            return Statements.texts(connection, "SELECT extversion FROM pg_extension WHERE extname = 'pg_repack'")
                    .stream()
                    .findFirst();
        } catch (SQLException e) {
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }

    /**
     * Writes a table anew.
     *
     * @param table as SQL
     * @throws LakeException (failed) where it cannot be; the table is as it was then
     */
    public void run(String table) {
        Properties address = Driver.parseURL(server.url(), new Properties());
        Ended ended = ended(
                List.of(
                        program,
                        "--host=" + PGProperty.PG_HOST.getOrDefault(address),
                        "--port=" + PGProperty.PG_PORT.getOrDefault(address),
                        "--dbname=" + PGProperty.PG_DBNAME.getOrDefault(address),
                        "--username=" + server.user(),
                        "--no-password",
                        // The server lets its owner do it; whether that is a superuser the program need not ask.
                        "--no-superuser-check",
                        "--no-kill-backend",
                        "--wait-timeout=" + PATIENCE.toSeconds(),
                        "--elevel=WARNING",
                        "--table=" + table),
                timeout);
        // A table that it passes over is a warning to it.
        if (ended.exitCode() != 0 || ended.output().contains("WARNING:")) {
            throw LakeException.failed(
                    "the table " + table + " could not be repacked",
                    ended.output().lines().findFirst().orElse("pg_repack ended with " + ended.exitCode()),
                    "run the command again when nobody holds it; pg_repack needs a primary key");
        }
    }

    private record Ended(int exitCode, String output) {}

    private Ended ended(List<String> command, Duration limit) {
        try {
            Path output = Files.createTempFile("lake-repack-", ".log");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                // Not among the arguments, which everybody on the machine can list.
                builder.environment().put("PGPASSWORD", server.password().get());
                server.properties().forEach((property, value) -> Optional.ofNullable(ENVIRONMENT.get(property))
                        .ifPresent(variable -> builder.environment().put(variable, value)));
                Process process = builder.start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    interrupt(process);
                    throw LakeException.failed(
                            "pg_repack was ended",
                            "it took longer than " + limit.toSeconds() + " s",
                            "raise lake.maintenance.postgres.timeout, or run it by hand");
                }
                return new Ended(
                        process.exitValue(),
                        Files.readString(output, StandardCharsets.UTF_8).strip());
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "pg_repack cannot be run",
                    String.valueOf(e.getMessage()),
                    "install it on this machine, or set lake.maintenance.postgres.repack to where it is",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed("pg_repack was interrupted", "the command was", "run the command again", e);
        }
    }

    /** As Ctrl-C does: it takes its triggers and its tables away then, which killing would leave. */
    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(QUICKLY.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
