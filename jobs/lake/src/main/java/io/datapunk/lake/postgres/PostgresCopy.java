package io.datapunk.lake.postgres;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A physical copy of the embedded server that is being made while it runs: the files between {@code pg_backup_start} and
 * {@code pg_backup_stop}, and the write-ahead log of that time, which makes them consistent when the copy is started.
 *
 * <p>The order of use: {@link #files} are copied, then {@link #finish} is called, then what it names is copied.
 */
public final class PostgresCopy implements AutoCloseable {
    private static final String DATA = "data";
    private static final String LOG = "pg_wal";
    private static final String LABEL = "backup_label";
    private static final Pattern FIRST_SEGMENT =
            Pattern.compile("(?m)^START WAL LOCATION: \\S+ \\(file ([0-9A-F]{24})\\)$");
    // What PostgreSQL's documentation says that a base backup leaves out.
    private static final Set<String> EMPTIED = Set.of(
            LOG, "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");
    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", LABEL, "tablespace_map");

    private final EmbeddedPostgres.Use use;
    private final Connection connection;
    private final Path directory;
    private final Optional<WalArchive> walArchive;

    private PostgresCopy(
            EmbeddedPostgres.Use use, Connection connection, Path directory, Optional<WalArchive> walArchive) {
        this.use = use;
        this.connection = connection;
        this.directory = directory;
        this.walArchive = walArchive;
    }

    /**
     * What the copy consists of at the moment.
     *
     * @param folders relative to the home's {@code postgres}, the empty ones too
     * @param files relative to it; one may vanish while it is copied, which is fine
     */
    public record Listing(List<String> folders, List<String> files) {}

    /**
     * What makes the copy whole.
     *
     * @param label the content of {@code data/backup_label}, which the copy has and the server has not
     * @param log segments of the write-ahead log, relative to the home's {@code postgres}
     */
    public record Finished(byte[] label, List<String> log) {}

    /** The name of the label's file, relative to the home's {@code postgres}. */
    public static String labelFile() {
        return DATA + "/" + LABEL;
    }

    /**
     * Begins one, and starts the server unless it runs.
     *
     * @return empty where there is nothing to copy: no data yet, or a server of the operator's own
     * @throws LakeException where the server refuses
     */
    public static Optional<PostgresCopy> begin(PostgresConfig config, LakeHome home, String label) {
        if (!config.embedded()) {
            return Optional.empty();
        }
        EmbeddedPostgres server = PostgresServer.embedded(config, home);
        if (!server.exists()) {
            return Optional.empty();
        }
        EmbeddedPostgres.Use use = server.use();
        try {
            Connection connection = use.connection().open("lake backup");
            PostgresCopy copy =
                    new PostgresCopy(use, connection, home.postgresDirectory(), WalArchive.of(config, home));
            copy.begin(label);
            return Optional.of(copy);
        } catch (SQLException e) {
            use.close();
            throw SqlState.failure("PostgreSQL cannot be backed up", e);
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
    }

    private void begin(String label) throws SQLException {
        try (Stream<Path> tablespaces = Files.list(directory.resolve(DATA).resolve("pg_tblspc"))) {
            if (tablespaces.findAny().isPresent()) {
                throw LakeException.failed(
                        "PostgreSQL cannot be backed up",
                        "it has tablespaces outside of the lake's home",
                        "move their tables back into pg_default, and drop them");
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        // Temporary: it keeps the log of this time, and goes with this session, however that ends.
        text(
                "SELECT pg_create_physical_replication_slot(?, true, true)::text",
                "lake_backup_" + ProcessHandle.current().pid());
        text("SELECT pg_backup_start(?, true)::text", label);
    }

    /** Where its log goes on being archived. */
    public Optional<WalArchive> walArchive() {
        return walArchive;
    }

    /** The partitions that it serves, with the Delta version of each. */
    public Map<PartitionName, Served> served() {
        try {
            return ServedPartitions.read(connection);
        } catch (SQLException e) {
            throw SqlState.failure("what PostgreSQL serves cannot be read", e);
        }
    }

    public Listing files() {
        List<String> folders = new ArrayList<>();
        List<String> files = new ArrayList<>(List.of("password"));
        Path data = directory.resolve(DATA);
        try {
            Files.walkFileTree(data, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    if (folder.getFileName().toString().startsWith("pgsql_tmp")) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    folders.add(directory.relativize(folder).toString());
                    String name = data.relativize(folder).toString();
                    // A folder of a slot without its file keeps the copy from starting.
                    return EMPTIED.contains(name) && !name.equals(LOG)
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    Path relative = data.relativize(file);
                    String name = file.getFileName().toString();
                    if (!EMPTIED.contains(relative.getName(0).toString())
                            && !LEFT_OUT.contains(name)
                            && !name.startsWith("pgsql_tmp")
                            && !name.equals("pg_internal.init")) {
                        files.add(directory.relativize(file).toString());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unreadable(e);
        }
        folders.sort(null);
        files.sort(null);
        return new Listing(folders, files);
    }

    /** Ends the copying of {@link #files}. The log that it names stays until this is closed. */
    public Finished finish() {
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT labelfile, pg_walfile_name(lsn) FROM pg_backup_stop(false)");
                ResultSet row = statement.executeQuery()) {
            row.next();
            String label = row.getString(1);
            String last = row.getString(2);
            Matcher first = FIRST_SEGMENT.matcher(label);
            if (!first.find()) {
                throw LakeException.failed(
                        "PostgreSQL cannot be backed up",
                        "its label names no segment of the log: "
                                + label.lines().findFirst().orElse(""),
                        "run `lake backup create` again");
            }
            return new Finished(label.getBytes(StandardCharsets.UTF_8), segments(first.group(1), last));
        } catch (SQLException e) {
            throw SqlState.failure("PostgreSQL cannot be backed up", e);
        }
    }

    private List<String> segments(String first, String last) {
        try (Stream<Path> log = Files.list(directory.resolve(DATA).resolve(LOG))) {
            return log.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{24}"))
                    .filter(name -> name.compareTo(first) >= 0 && name.compareTo(last) <= 0)
                    .sorted()
                    .map(name -> DATA + "/" + LOG + "/" + name)
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LakeException unreadable(IOException e) {
        return LakeException.failed(
                "PostgreSQL's files in " + directory + " cannot be read",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "run the command as the home's owner",
                e);
    }

    private void text(String query, String parameter) throws SQLException {
        Statements.texts(connection, query, parameter);
    }

    /** Lets the server go; one that was not finished is none. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqlState.failure("the backup of PostgreSQL could not be ended", e);
        } finally {
            use.close();
        }
    }

    /** Makes files that were copied into a home ones that a server starts from: they belong to whom it runs as. */
    public static void adopt(LakeHome home) throws IOException {
        adopt(home.postgresDirectory(), home.postgresDirectory());
    }

    /** @param directory whose owner says as whom it runs */
    static void adopt(Path files, Path directory) throws IOException {
        ServerAccount account = ServerAccount.forDirectory(directory);
        try (Stream<Path> all = Files.walk(files)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
                account.own(path);
            }
        }
    }

    /**
     * Starts a copy in a home of its own, at any free port, asks how many partitions it serves and how many rows its tables
     * hold by its own statistics, and stops it.
     *
     * @throws LakeException where it does not start or answer
     */
    public static Trial tryOut(PostgresConfig config, LakeHome home) {
        EmbeddedPostgres server = new EmbeddedPostgres(
                home.postgresDirectory(),
                home.runDirectory(),
                new EmbeddedPostgres.Options(
                        config.user(), 0, config.idleStop(), config.startTimeout(), EmbeddedPostgres.userCache()));
        try (EmbeddedPostgres.Use use = server.use();
                Connection connection = use.connection().open("lake backup drill")) {
            Map<PartitionName, Served> served = ServedPartitions.read(connection);
            long tables = Statements.number(connection, "SELECT count(*) FROM pg_stat_user_tables");
            return new Trial(served.size(), tables);
        } catch (SQLException e) {
            throw SqlState.failure("the restored PostgreSQL does not answer", e);
        } finally {
            server.stop();
        }
    }

    /** What a copy answered. */
    public record Trial(int served, long tables) {}
}
