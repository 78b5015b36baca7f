package io.datapunk.lake.postgres;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.config.WalConfig;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive of an embedded server's write-ahead log: its pieces ("segments"), compressed by {@code gzip}, in a folder of
 * their own below the configured one. A lake that was restored from another one's backup archives to another folder, so that
 * the two never mix.
 */
public final class WalArchive {
    /** In the home's {@code postgres}: the name of the folder. No backup has it. */
    private static final String NAME_FILE = "wal-archive";

    private static final String SUFFIX = ".gz";
    private static final String HISTORY = ".history" + SUFFIX;
    private static final Pattern SEGMENT = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(" + SUFFIX + ")?");
    private static final long SEGMENTS_OF_A_LOG = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;

    private WalArchive(Path folder) {
        this.folder = folder;
    }

    /** The one that a lake's server writes; empty where none is configured, or it never started with one. */
    public static Optional<WalArchive> of(PostgresConfig config, LakeHome home) {
        return config.embedded() ? existing(config.wal(), home.postgresDirectory()) : Optional.empty();
    }

    private static Optional<WalArchive> existing(WalConfig config, Path postgres) {
        Path file = postgres.resolve(NAME_FILE);
        if (config.archive().isEmpty() || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(named(config, Files.readString(file).strip()).orElseThrow());
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** The one of a lake that is gone, by the name that its restore points have. */
    public static Optional<WalArchive> named(WalConfig config, String name) {
        return config.archive().map(archive -> new WalArchive(archive.resolve(name)));
    }

    /** The server's; a new one where it has none yet. A folder that is not mounted is not made: the server keeps its log then. */
    static Optional<WalArchive> ensure(WalConfig config, Path postgres, ServerAccount account) {
        if (config.archive().isEmpty()) {
            return Optional.empty();
        }
        Path file = postgres.resolve(NAME_FILE);
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, UUID.randomUUID() + "\n");
            }
            WalArchive archive = existing(config, postgres).orElseThrow();
            if (!Files.exists(archive.folder)
                    && Files.isDirectory(config.archive().get())) {
                Files.createDirectory(
                        archive.folder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                account.own(archive.folder);
            }
            return Optional.of(archive);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    public String name() {
        return folder.getFileName().toString();
    }

    /** What makes the server write it. */
    static String settings(Optional<WalArchive> archive, Duration timeout) {
        return archive.map(found -> "archive_mode = on\narchive_timeout = " + Math.max(1, timeout.toSeconds())
                        + "s\narchive_command = " + setting(found.archiveCommand()) + "\n")
                .orElse("");
    }

    /** What makes a server that starts from a copy read it. */
    String recovery(Optional<Instant> until) {
        // The copy of a server that was recovered before has settings of that time, which the last ones win over.
        // PostgreSQL
        // takes no abbreviation of a zone here, and Z is one.
        return "restore_command = " + setting(restoreCommand()) + "\nrecovery_target_time = "
                + setting(until.map(time -> time.toString().replace("Z", "+00")).orElse(""))
                + "\nrecovery_target_action = 'promote'\n";
    }

    // A piece that is there already is the same one, from before a crash; or else this has to fail. The server counts
    // on it
    // being on disk.
    private String archiveCommand() {
        return "t=" + shell(folder + "/") + "%f" + SUFFIX
                + "; if [ -e \"$t\" ]; then gunzip -c \"$t\" | cmp -s - \"%p\";"
                + " else gzip -c \"%p\" > \"$t.part\" && sync \"$t.part\" && mv \"$t.part\" \"$t\" && sync "
                + shell(folder.toString()) + "; fi";
    }

    // To PostgreSQL a failure is the end of the log, and only above 125 a failure.
    private String restoreCommand() {
        return "t=" + shell(folder + "/") + "%f" + SUFFIX
                + "; test -e \"$t\" || exit 1; gunzip -c \"$t\" > \"%p\" || exit 200";
    }

    private static String shell(String text) {
        return "'" + text.replace("'", "'\\''").replace("%", "%%") + "'";
    }

    private static String setting(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /**
     * Refuses a log with a piece missing, which PostgreSQL would take for its end.
     *
     * @param last segment that the copy has itself
     */
    void requireWhole(String last) {
        Matcher copied = SEGMENT.matcher(last);
        if (!copied.matches()) {
            throw new IllegalArgumentException(last + " is no segment");
        }
        TreeSet<Long> all = new TreeSet<>(Set.of(number(copied)));
        Map<String, TreeSet<Long>> timelines = new TreeMap<>();
        for (Path piece : pieces()) {
            Matcher name = SEGMENT.matcher(piece.getFileName().toString());
            if (name.matches() && number(name) > all.first()) {
                all.add(number(name));
                timelines.computeIfAbsent(name.group(1), any -> new TreeSet<>()).add(number(name));
            }
        }
        // Over all timelines from the copy on, and within each, for one goes on where another one was left.
        Stream.concat(Stream.of(all), timelines.values().stream())
                .flatMap(numbers -> firstMissing(numbers).stream())
                .findFirst()
                .ifPresent(missing -> {
                    throw LakeException.failed(
                            "PostgreSQL cannot be brought to a later moment",
                            "its archived log in " + folder + " lacks the piece that ends in "
                                    + String.format(
                                            "%08X%08X", missing / SEGMENTS_OF_A_LOG, missing % SEGMENTS_OF_A_LOG),
                            "copy it back there, or name a later restore point with --point");
                });
    }

    private static long number(Matcher name) {
        return Long.parseLong(name.group(2), 16) * SEGMENTS_OF_A_LOG + Long.parseLong(name.group(3), 16);
    }

    private static Optional<Long> firstMissing(TreeSet<Long> numbers) {
        long expected = numbers.first();
        for (long number : numbers) {
            if (number != expected) {
                return Optional.of(expected);
            }
            expected++;
        }
        return Optional.empty();
    }

    /** Removes what is older; not the few lines that say where timelines fork. */
    public void removeBefore(Instant limit) throws IOException {
        for (Path piece : pieces()) {
            if (!piece.toString().endsWith(HISTORY)
                    && Files.getLastModifiedTime(piece).toInstant().isBefore(limit)) {
                Files.delete(piece);
            }
        }
    }

    /**
     * Removes all that the server has written until now; what is still on its way there is awaited first.
     *
     * @return whether that came
     */
    boolean clear(Connection connection) throws SQLException {
        if (!isArchived(connection)) {
            return false;
        }
        try {
            for (Path piece : pieces()) {
                Files.delete(piece);
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        return true;
    }

    /** Waits until nothing waits for being archived. */
    private static boolean isArchived(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (waiting(connection) > 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            EmbeddedPostgres.pause();
        }
        return true;
    }

    /** Has a lake's server archive what it has written until now, where it runs and can. */
    public static void catchUp(PostgresConfig config, LakeHome home) {
        Optional<PostgresConnection> server = of(config, home).flatMap(any -> PostgresServer.running(config, home));
        if (server.isEmpty()) {
            return;
        }
        try (Connection connection = server.get().open("lake backup restore")) {
            Statements.texts(connection, "SELECT pg_switch_wal()::text");
            isArchived(connection);
        } catch (SQLException e) {
            throw SqlState.failure("PostgreSQL's log could not be archived up to now", e);
        }
    }

    /**
     * Whether the server archives its log.
     *
     * @param on empty pieces and failures mean nothing where it does not
     * @param waiting pieces that are not archived yet
     * @param failing since when the last attempts have failed
     */
    public record Health(boolean on, long waiting, Optional<String> failing) {}

    /** As the running server says. */
    public static Health health(PostgresConnection server) {
        try (Connection connection = server.open("lake doctor")) {
            boolean on = Statements.texts(connection, "SHOW archive_mode").contains("on");
            List<String> failing = Statements.texts(
                    connection,
                    "SELECT date_trunc('second', last_failed_time)::text FROM pg_stat_archiver"
                            + " WHERE last_failed_time > coalesce(last_archived_time, '-infinity')");
            return new Health(on, waiting(connection), failing.stream().findFirst());
        } catch (SQLException e) {
            throw SqlState.failure("whether PostgreSQL's log is archived cannot be found", e);
        }
    }

    private static long waiting(Connection connection) throws SQLException {
        return Statements.number(
                connection, "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'");
    }

    private List<Path> pieces() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static LakeException unusable(Path path, IOException e) {
        return LakeException.failed(
                "the archive of PostgreSQL's log cannot be used",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "make " + path + " readable and writable",
                e);
    }
}
