package io.datapunk.lake.postgres;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Point-in-time recovery of an embedded server: a physical copy, as {@link PostgresCopy} makes it, takes the place of the
 * data and is brought further by the archived log. The order of use: {@link #begin}, the copy's files are written to
 * {@link #folder}, {@link #finish}.
 */
public final class PostgresRecovery {
    private static final String FOLDER = "restored";
    private static final String DATA = "data";
    private static final String PASSWORD = "password";
    private static final String KEPT = "data-before-";
    private static final String LOG = "pg_wal";
    /** While it is there, PostgreSQL recovers when it starts. */
    private static final String SIGNAL = "recovery.signal";

    /** Replaying a fortnight's log takes as long as it takes. */
    private static final Duration LONGEST = Duration.ofDays(2);

    private static final String LAST_CHANGE = "SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC',"
            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

    private static final DateTimeFormatter ASIDE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final EmbeddedPostgres server;

    public PostgresRecovery(PostgresConfig config, LakeHome home) {
        this.directory = home.postgresDirectory();
        this.server = new EmbeddedPostgres(
                directory,
                home.runDirectory(),
                EmbeddedPostgres.Options.of(config).startingWithin(LONGEST));
    }

    /**
     * How it ended.
     *
     * @param connection to the server, which runs
     * @param lastChange when the last transaction that it has was committed; empty where none came after the copy
     * @param aside where the data from before lie; empty where there were none
     */
    public record Recovered(PostgresConnection connection, Optional<Instant> lastChange, Optional<Path> aside) {}

    /** Where the copy's files have to be written to. */
    public Path folder() {
        return directory.resolve(FOLDER);
    }

    /** Makes room for the copy. */
    public void begin() throws IOException {
        server.whileStopped(() -> {
            takeOver(directory);
            FolderTree.delete(folder());
            Files.createDirectories(folder());
            return null;
        });
    }

    /**
     * Puts the copy into the place of the data, which are kept aside, and starts it.
     *
     * @param archive of the log that follows the copy
     * @param lastSegment of the log that the copy has itself
     * @param until the moment to bring it to; empty: the end of the log, with what the data from before have of it
     * @throws LakeException where the server is in use, the log lacks a piece, or does not reach so far
     */
    public Recovered finish(WalArchive archive, String lastSegment, Optional<Instant> until, Instant now)
            throws IOException {
        archive.requireWhole(lastSegment);
        Path restored = folder().resolve(DATA);
        Optional<Path> aside = server.whileStopped(() -> {
            Path data = directory.resolve(DATA);
            boolean replaces = Files.exists(data);
            if (replaces) {
                addUnarchived(data.resolve(LOG), restored.resolve(LOG));
            }
            Files.writeString(
                    restored.resolve("postgresql.auto.conf"),
                    archive.recovery(until),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Files.createFile(restored.resolve(SIGNAL));
            PostgresCopy.adopt(folder(), directory);
            Path kept = directory.resolve(KEPT + ASIDE.format(now));
            if (replaces) {
                Files.move(data, kept);
            }
            takeOver(directory);
            FolderTree.delete(folder());
            return replaces ? Optional.of(kept) : Optional.empty();
        });
        try (EmbeddedPostgres.Use use = server.use();
                Connection connection = use.connection().open("lake backup restore")) {
            List<String> last = Statements.texts(connection, LAST_CHANGE);
            return new Recovered(
                    use.connection(), Optional.ofNullable(last.get(0)).map(Instant::parse), aside);
        } catch (SQLException e) {
            throw SqlState.failure("the restored PostgreSQL does not answer", e);
        } catch (LakeException e) {
            putBack(aside);
            throw e;
        }
    }

    /** Removes what restores have kept, and what one that was killed has left; tells how many folders there were. */
    public static int removeAside(LakeHome home) {
        try {
            if (!Files.isDirectory(home.postgresDirectory())) {
                return 0;
            }
            List<Path> kept;
            try (Stream<Path> files = Files.list(home.postgresDirectory())) {
                kept = files.filter(PostgresRecovery::isAside).toList();
            }
            for (Path folder : kept) {
                FolderTree.delete(folder);
            }
            return kept.size();
        } catch (IOException e) {
            throw LakeException.failed(
                    "PostgreSQL's data that a restore has kept could not be removed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "remove the folders " + home.postgresDirectory().resolve(KEPT) + "*, then run the command again",
                    e);
        }
    }

    private static boolean isAside(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(KEPT) || name.equals(FOLDER);
    }

    /** What could not be recovered leaves everything as it was. */
    private void putBack(Optional<Path> aside) throws IOException {
        server.whileStopped(() -> {
            FolderTree.delete(directory.resolve(DATA));
            if (aside.isPresent()) {
                Files.move(aside.get(), directory.resolve(DATA));
            }
            return null;
        });
    }

    /** What the server had written of its log and not yet archived. */
    private static void addUnarchived(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(file.getFileName().toString());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** Ends what a run that was killed between its two renames had begun: without data a server would begin anew. */
    static void takeOver(Path directory) throws IOException {
        Path restored = directory.resolve(FOLDER);
        if (!Files.exists(directory.resolve(DATA))
                && Files.exists(restored.resolve(DATA).resolve(SIGNAL))) {
            if (Files.exists(restored.resolve(PASSWORD))) {
                Files.move(
                        restored.resolve(PASSWORD),
                        directory.resolve(PASSWORD),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(restored.resolve(DATA), directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
