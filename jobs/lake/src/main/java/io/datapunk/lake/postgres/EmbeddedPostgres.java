package io.datapunk.lake.postgres;

import com.sun.management.OperatingSystemMXBean;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.config.WalConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A real PostgreSQL whose data lie in the lake's home. It is started on demand by the first command that needs it, serves
 * all commands and applications on this machine, and outlives them; it is stopped by {@link #stop()} or when nobody has
 * used it for a while.
 */
public final class EmbeddedPostgres {
    static final String DATABASE = "lake";

    private static final Path SYSTEM_CACHE = Path.of("/var/cache/datapunk-lake");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Path directory;
    private final Path runDirectory;
    private final Options options;
    private final ServerUsers users;

    /**
     * How the server is run.
     *
     * @param user the owner of everything in it, made with the data
     * @param port 0 for any free one; it stays the same between starts while it is free
     * @param idleStop how long nobody may have used it before it is stopped; zero is never
     * @param startTimeout how long it may take to start, crash recovery included
     * @param programs where PostgreSQL's programs are unpacked to, once for all lakes of a user
     * @param wal where its log is archived
     */
    public record Options(
            String user, int port, Duration idleStop, Duration startTimeout, Path programs, WalConfig wal) {
        /** Archives no log. */
        public Options(String user, int port, Duration idleStop, Duration startTimeout, Path programs) {
            this(user, port, idleStop, startTimeout, programs, WalConfig.NONE);
        }

        /** What the configuration says. */
        public static Options of(PostgresConfig config) {
            return new Options(
                    config.user(), config.port(), config.idleStop(), config.startTimeout(), userCache(), config.wal());
        }

        /** The same with more time to start. */
        Options startingWithin(Duration timeout) {
            return new Options(user, port, idleStop, timeout, programs, wal);
        }
    }

    /** Where programs are unpacked to unless told otherwise: the user's cache folder. */
    public static Path userCache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("datapunk-lake");
    }

    /**
     * Names a server; nothing is started yet.
     *
     * @param directory {@code HOME/postgres}
     * @param runDirectory {@code HOME/run}
     */
    public EmbeddedPostgres(Path directory, Path runDirectory, Options options) {
        this.directory = directory.toAbsolutePath().normalize();
        this.runDirectory = runDirectory.toAbsolutePath().normalize();
        this.options = options;
        this.users = new ServerUsers(this.runDirectory);
    }

    /** The use of a running server. While one is open nobody stops the server, except by force. */
    public static final class Use implements AutoCloseable {
        private final ServerUsers.User user;
        private final PostgresConnection connection;

        private Use(ServerUsers.User user, PostgresConnection connection) {
            this.user = user;
            this.connection = connection;
        }

        public PostgresConnection connection() {
            return connection;
        }

        @Override
        public void close() {
            try {
                user.close();
            } catch (IOException e) {
                // The system frees the lock at the latest when this process ends.
                throw LakeException.failed(
                        "the use of PostgreSQL could not be given back",
                        SqlState.message(e),
                        "check that the lake's run folder can be written",
                        e);
            }
        }
    }

    /**
     * Starts the server unless it runs, and keeps it running until the use is closed. The first call makes the data.
     *
     * @throws LakeException where it cannot be started: the port is taken, the disk is full, the data belong to a newer
     *     PostgreSQL or to another user
     */
    public Use use() {
        return underGate("started", () -> {
            prepareDirectories();
            ServerUsers.User user = users.register();
            try {
                PostgresConnection connection = ensureRunning();
                users.touch();
                return new Use(user, connection);
            } catch (RuntimeException | IOException e) {
                user.close();
                throw e;
            }
        });
    }

    /** Whether data exist; without them nothing is served, and there is nothing to start. */
    public boolean exists() {
        return Files.exists(dataDirectory().resolve("PG_VERSION"));
    }

    /** How to reach the server if it runs. Starts nothing and takes no lock. */
    public Optional<PostgresConnection> running() {
        return postmaster().filter(file -> file.port() != 0).map(file -> connection(file.port()));
    }

    /**
     * Stops the server.
     *
     * @return whether it ran
     * @throws LakeException where another command uses it
     */
    public boolean stop() {
        return underGate("stopped", () -> {
            requireUnused();
            return stopNow();
        });
    }

    /**
     * Does something to its files while it stands still.
     *
     * @throws LakeException where another command uses it
     */
    <T> T whileStopped(IoSupplier<T> work) {
        return underGate("replaced", () -> {
            requireUnused();
            stopNow();
            prepareDirectories();
            return work.get();
        });
    }

    private void requireUnused() throws IOException {
        List<String> present = users.present();
        if (!present.isEmpty() && running().isPresent()) {
            throw LakeException.failed(
                    "PostgreSQL in " + directory + " is in use",
                    "by " + String.join(", ", present),
                    "wait until it has ended, or end it, then run the command again");
        }
    }

    /** Stops the server unless a command uses it or an application is connected; what {@link IdleStop} does. */
    boolean stopIfUnused() {
        return underGate("stopped", () -> {
            Optional<PostgresConnection> running = running();
            if (running.isPresent() && (!users.present().isEmpty() || hasClients(running.get()))) {
                users.touch();
                return false;
            }
            stopNow();
            return true;
        });
    }

    private <T> T underGate(String verb, IoSupplier<T> work) {
        try {
            Files.createDirectories(runDirectory);
            ProcessLock gate = users.closeGate();
            try {
                return work.get();
            } finally {
                gate.close();
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "PostgreSQL in " + directory + " could not be " + verb,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "run the command as the home's owner, and check that its disk has room",
                    e);
        }
    }

    @FunctionalInterface
    interface IoSupplier<T> {
        T get() throws IOException;
    }

    private void prepareDirectories() throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private PostgresConnection ensureRunning() throws IOException {
        requireReadableVersion();
        Optional<PostgresConnection> running = awaitRunning();
        if (running.isPresent()) {
            return running.get();
        }
        ServerAccount account = ServerAccount.forDirectory(exists() ? dataDirectory() : directory);
        account.own(directory);
        account.requireAccess(directory);
        PostgresPrograms programs = programs(account);
        PostgresRecovery.takeOver(directory);
        if (!exists()) {
            initialise(programs, account);
        }
        PostmasterFile.removeStale(dataDirectory());
        String archiving = WalArchive.settings(
                WalArchive.ensure(options.wal(), directory, account),
                options.wal().timeout());
        long logStart = Files.exists(logFile()) ? Files.size(logFile()) : 0;
        programs.start(dataDirectory(), logFile(), options.port(), () -> configure(archiving), options.startTimeout());
        Optional<PostgresConnection> started = awaitRunning();
        if (started.isEmpty()) {
            throw PostgresPrograms.ended(logFile(), logStart);
        }
        PostgresConnection connection = started.get();
        if (!options.idleStop().isZero()) {
            IdleStop.watch(directory, runDirectory, options, users.lastUse());
        }
        return connection;
    }

    private PostgresPrograms programs(ServerAccount account) {
        // Another user cannot reach a cache below /root.
        Path cache = account.owner().isPresent() ? SYSTEM_CACHE : options.programs();
        PostgresBinaries binaries = PostgresArchive.unpack(cache);
        account.requireAccess(binaries.root());
        return new PostgresPrograms(binaries, account);
    }

    private void initialise(PostgresPrograms programs, ServerAccount account) throws IOException {
        Path password = passwordFile();
        if (!Files.exists(password)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path unfinished = directory.resolve("password.new");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, HexFormat.of().formatHex(random));
            account.own(unfinished);
            Files.move(unfinished, password);
        }
        // Made aside and renamed, so that a killed command does not leave half a cluster behind.
        Path unfinished = directory.resolve("data.new");
        FolderTree.delete(unfinished);
        programs.initialise(unfinished, password, options.user());
        Files.writeString(
                unfinished.resolve("postgresql.conf"), "\ninclude = 'lake.conf'\n", StandardOpenOption.APPEND);
        Files.move(unfinished, dataDirectory());
    }

    /** Writes the server's settings, with the port that it is to take. */
    private int configure(String archiving) throws IOException {
        Path file = dataDirectory().resolve("lake.conf");
        int port = options.port() != 0 ? options.port() : ServerPort.choose(file);
        Files.writeString(file, PostgresSettings.file(physicalMemory(), port) + archiving);
        return port;
    }

    /** The server that runs, once it answers; empty where there is none, or it dies meanwhile. */
    private Optional<PostgresConnection> awaitRunning() {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        for (Optional<PostmasterFile> file = postmaster(); file.isPresent(); file = postmaster()) {
            // A command may have been killed before the server that it started had said its port.
            if (file.get().port() != 0) {
                PostgresConnection connection = connection(file.get().port());
                if (answers(connection)) {
                    return Optional.of(connection);
                }
            }
            if (System.nanoTime() > deadline) {
                throw LakeException.failed(
                        "the embedded PostgreSQL does not become ready",
                        "it has not answered within " + options.startTimeout().toSeconds() + " s",
                        "run `lake down`, then the command again; " + logFile() + " has more");
            }
            pause();
        }
        return Optional.empty();
    }

    private Optional<PostmasterFile> postmaster() {
        return PostmasterFile.read(dataDirectory()).filter(file -> file.isRunning(dataDirectory()));
    }

    /** Whether the server takes connections, and changes; the first one makes the database. */
    private static boolean answers(PostgresConnection connection) {
        try (Connection opened = connection.open("lake start", CONNECT_TIMEOUT, CONNECT_TIMEOUT)) {
            return Statements.texts(opened, "SELECT pg_is_in_recovery()::text").contains("false");
        } catch (SQLException | HotStoreUnavailableException e) {
            return false;
        } catch (LakeException e) {
            if (e.getCause() instanceof SQLException cause && SqlState.DATABASE_MISSING.is(cause)) {
                createDatabase(connection);
                return true;
            }
            throw e;
        }
    }

    private static void createDatabase(PostgresConnection connection) {
        try (Connection opened = connection.withDatabase("postgres").open("lake start");
                Statement statement = opened.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        } catch (SQLException e) {
            if (!SqlState.DUPLICATE_DATABASE.is(e)) {
                throw SqlState.failure("the database " + DATABASE + " could not be created", e);
            }
        }
    }

    private boolean stopNow() throws IOException {
        Optional<PostmasterFile> running = postmaster();
        if (running.isEmpty()) {
            return false;
        }
        // Its own programs, which need not be those of this release.
        new PostgresPrograms(running.get().binaries(), ServerAccount.forDirectory(dataDirectory()))
                .stop(dataDirectory(), options.startTimeout());
        return true;
    }

    private static boolean hasClients(PostgresConnection connection) {
        String others = "SELECT count(*) FROM pg_stat_activity"
                + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        try (Connection opened = connection.open("lake idle stop", CONNECT_TIMEOUT, CONNECT_TIMEOUT);
                Statement statement = opened.createStatement();
                ResultSet result = statement.executeQuery(others)) {
            return result.next() && result.getLong(1) > 0;
        } catch (SQLException | HotStoreUnavailableException e) {
            return true;
        }
    }

    private void requireReadableVersion() throws IOException {
        Path version = dataDirectory().resolve("PG_VERSION");
        if (!Files.exists(version)) {
            return;
        }
        String found = Files.readString(version).trim();
        if (!found.equals(Integer.toString(PostgresArchive.MAJOR_VERSION))) {
            boolean newer = Integer.parseInt(found) > PostgresArchive.MAJOR_VERSION;
            throw LakeException.failed(
                    "the hot store in " + directory + " cannot be opened",
                    "its data are of PostgreSQL " + found + ", and this lake brings PostgreSQL "
                            + PostgresArchive.MAJOR_VERSION,
                    newer
                            ? "use the newer release of the lake that made it, or move the folder away:"
                                    + " Delta has every row, `lake tier apply` loads the hot partitions again"
                            : "move the folder away: Delta has every row, `lake tier apply` loads the hot partitions"
                                    + " again");
        }
    }

    private PostgresConnection connection(int port) {
        Path password = passwordFile();
        String passwordFile = password.toString();
        if (!Files.isReadable(password)) {
            throw LakeException.failed(
                    "PostgreSQL in " + directory + " cannot be used",
                    "its password file " + password + " is missing or belongs to another user",
                    "run the command as the home's owner; if the file is lost, stop the server and move the folder"
                            + " away: Delta has every row");
        }
        return new PostgresConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE,
                options.user(),
                () -> readPassword(passwordFile));
    }

    private static String readPassword(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.US_ASCII).trim();
        } catch (IOException e) {
            throw LakeException.failed(
                    "PostgreSQL's password cannot be read",
                    SqlState.message(e),
                    "run the command as the home's owner",
                    e);
        }
    }

    static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "waiting for PostgreSQL was interrupted", "the command was cancelled", "run it again", e);
        }
    }

    private static long physicalMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 4L << 30;
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    private Path passwordFile() {
        return directory.resolve("password");
    }

    Path logFile() {
        return directory.resolve("postgres.log");
    }
}
