package io.datapunk.lake.postgres;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.DurableFile;
import io.datapunk.lake.audit.RoleSurrogates;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes to the audit log what PostgreSQL's own log tells since the command before: {@code postgres.login-failed}, and {@code
 * postgres.denied} where a role tried what it has no right to. What one role was refused, and why, is one entry with its
 * number, so that who tries a million times does not fill the disk.
 *
 * <p>{@code audit/postgres-log} remembers how far the log was read. It is written after the entries: after a command that was
 * killed between the two, the next one writes them once more.
 */
public final class ServerLogWatch {
    private static final int BLOCK_BYTES = 256 << 10;

    /** Entries of one look; what more roles were refused goes together. */
    private static final int MOST_ENTRIES = 100;

    private final LakeConfig config;
    private final LakeHome home;
    private final AuditLog log;
    private final RoleSurrogates roles;
    private final Path file;

    public ServerLogWatch(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.log = AuditLog.of(config, home);
        this.roles = new RoleSurrogates(config, home);
        this.file = home.audit().resolve("postgres-log");
    }

    /** What entries are about. The role is a surrogate. */
    private record Subject(String action, SqlState state, String role, String database, String object) {
        private Subject ofOthers() {
            return new Subject(action, state, "others", "", "");
        }
    }

    /** How often, and when for the first and the last time. */
    private record Refused(long times, String first, String last) {
        private Refused and(Refused later) {
            return new Refused(times + later.times, first, later.last);
        }
    }

    /**
     * Reads what is new, also of an embedded server that has ended since; none is started. Of the operator's own server, what
     * its account may read.
     *
     * @param remote whether the operator's server may be asked
     * @throws LakeException where the audit log cannot be written, or PostgreSQL's log cannot be read
     */
    public void look(Instant now, boolean remote) {
        if (config.postgres().embedded()) {
            Path written = PostgresServer.embedded(config.postgres(), home).logFile();
            LogPrefix prefix = LogPrefix.of(PostgresSettings.logLinePrefix(), EmbeddedPostgres.DATABASE)
                    .orElseThrow();
            if (Files.isDirectory(written.getParent())) {
                explained(() -> read(new LogFolder(written), prefix, EmbeddedPostgres.DATABASE, now));
            }
        } else if (remote) {
            explained(() -> readRemote(now));
        }
    }

    /**
     * What an administrator has to do before refusals of the operator's server are seen; nothing where they are.
     *
     * @throws HotStoreUnavailableException where it does not answer
     */
    public static List<String> lacking(PostgresConnection server) {
        try (Connection connection = server.open("lake doctor")) {
            return new RemoteLog(connection).lacking(connection.getCatalog());
        } catch (SQLException e) {
            throw SqlState.failure("whether PostgreSQL's log can be read could not be asked", e);
        }
    }

    private void readRemote(Instant now) throws IOException, SQLException {
        PostgresConnection server =
                PostgresServer.running(config.postgres(), home).orElseThrow();
        try (Connection connection = server.open(
                "lake audit",
                config.postgres().connectTimeout(),
                config.postgres().connectTimeout())) {
            RemoteLog remote = new RemoteLog(connection);
            String database = connection.getCatalog();
            // What is lacking `lake doctor` tells.
            if (remote.lacking(database).isEmpty()) {
                read(remote, LogPrefix.of(remote.prefix(), database).orElseThrow(), database, now);
            }
        }
    }

    private void read(ServerLog source, LogPrefix prefix, String database, Instant now)
            throws IOException, SQLException {
        Optional<ProcessLock> lock = ProcessLock.tryAcquire(file.resolveSibling("postgres-log.lock"));
        if (lock.isEmpty()) {
            // Another command reads it at this moment.
            return;
        }
        try {
            Optional<LogPlace> place = Files.exists(file) ? LogPlace.parse(Files.readAllBytes(file)) : Optional.empty();
            List<LogPlace.Unread> unread =
                    place.isPresent() ? place.get().unread(source) : LogPlace.first(source.files());
            for (LogPlace.Unread part : unread) {
                read(source, part, prefix, database, now);
            }
        } finally {
            lock.get().close();
        }
    }

    private void read(ServerLog source, LogPlace.Unread part, LogPrefix prefix, String database, Instant now)
            throws IOException, SQLException {
        Map<Subject, Refused> found = new LinkedHashMap<>();
        LogLines lines =
                new LogLines(line -> prefix.refusal(line).ifPresent(refusal -> count(refusal, database, found)));
        for (long at = part.offset(); at < part.file().bytes(); ) {
            byte[] block = source.read(part.file().name(), at, (int)
                    Math.min(BLOCK_BYTES, part.file().bytes() - at));
            if (block.length == 0) {
                break;
            }
            lines.accept(block);
            at += block.length;
        }
        found.forEach((subject, refused) -> log.append(event(subject, refused, now)));
        if (lines.ended() > 0 || !Files.exists(file)) {
            DurableFile.replace(
                    file,
                    LogPlace.of(source, part.file(), part.offset() + lines.ended())
                            .toBytes());
        }
    }

    private void count(Refusal refusal, String database, Map<Subject, Refused> found) {
        // Where the prefix does not tell the database, it may be the lake's.
        boolean another = !refusal.database().isEmpty() && !refusal.database().equals(database);
        if (another && !config.postgres().embedded()) {
            // The server's other databases are not the lake's.
            return;
        }
        Subject subject = new Subject(
                refusal.action(),
                refusal.state(),
                roles.of(refusal.role()),
                another ? "another" : refusal.database(),
                refusal.object().orElse(""));
        boolean fits = found.containsKey(subject) || found.size() < MOST_ENTRIES;
        found.merge(fits ? subject : subject.ofOthers(), new Refused(1, refusal.at(), refusal.at()), Refused::and);
    }

    private static AuditEvent event(Subject subject, Refused refused, Instant now) {
        Map<String, String> details = new TreeMap<>(Map.of(
                "sqlstate", subject.state().code(),
                "times", Long.toString(refused.times()),
                "first", refused.first(),
                "last", refused.last()));
        details.put("database", subject.database());
        details.put("object", subject.object());
        details.values().removeIf(String::isEmpty);
        return new AuditEvent(now, "postgres", subject.action(), subject.role(), details);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, SQLException;
    }

    private void explained(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw LakeException.failed(
                    "what PostgreSQL has refused cannot be brought to the audit log",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make PostgreSQL's log readable, and " + file
                            + " writable; the next command goes on where this one was",
                    e);
        } catch (HotStoreUnavailableException outOfReach) {
            // What it logs meanwhile is read when it answers.
        } catch (SQLException e) {
            if (!SqlState.isUnreachable(e)) {
                throw SqlState.failure("what PostgreSQL has refused cannot be brought to the audit log", e);
            }
        }
    }
}
