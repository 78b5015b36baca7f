package io.datapunk.lake.sql;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Has statements run by the warm server of a lake, which it starts where none runs: the first answer pays for Spark's
 * start, the next ones do not. A server of another build or with other settings is replaced.
 */
public final class SqlClient {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 25;

    private final SqlEndpoint endpoint;
    private final Map<String, String> settings;
    private final String key;
    private final Starter starter;

    /** Starts a server process that reads its settings from its standard input. */
    @FunctionalInterface
    public interface Starter {
        Process start(SqlEndpoint endpoint) throws IOException;
    }

    /**
     * @param settings Spark's settings for the server's session
     * @param build changes when the program or its Java does
     */
    public SqlClient(SqlEndpoint endpoint, Map<String, String> settings, String build, Starter starter) {
        this.endpoint = endpoint;
        this.settings = new TreeMap<>(settings);
        this.key = key(build, this.settings);
        this.starter = starter;
    }

    /** What a client and a server have to agree on. */
    public static String key(String build, Map<String, String> settings) {
        return SqlEndpoint.hash(build + "\n" + new TreeMap<>(settings));
    }

    /**
     * Runs a statement.
     *
     * @throws LakeException (failed) where the statement is wrong or fails, or where no server can be had
     * @throws IOException where the sink fails
     */
    public void run(String statement, SqlSink sink) throws IOException {
        try (SqlConnection connection = reach(SqlConnection.Request.QUERY, statement)) {
            answer(connection, sink);
        }
    }

    /** Starts a server where none runs, and does not wait for it. */
    public void prepare() {
        if (!isRunning(endpoint)) {
            startProcess();
        }
    }

    /** Reaches a server only with the first statement. */
    public SqlSession session() {
        return new KeptSession();
    }

    /** Starts a server where none runs, and replaces one of another build, until one has taken the request. */
    private SqlConnection reach(SqlConnection.Request request, String text) throws IOException {
        for (int attempt = 0; ; attempt++) {
            requireNotCancelled();
            Optional<SqlConnection> connected = connect();
            if (connected.isEmpty()) {
                start();
                continue;
            }
            if (ask(connected.get(), request, text)) {
                return connected.get();
            }
            close(connected.get());
            if (attempt > 1) {
                throw LakeException.failed(
                        "the warm SQL server belongs to another build or other settings",
                        "it was stopped twice and another command started it again each time",
                        "let the other command finish, then try again");
            }
            stop(endpoint);
        }
    }

    /** A server that was just told to stop may take the connection and hang up; that is as good as another build. */
    private boolean ask(SqlConnection connection, SqlConnection.Request request, String text) {
        try {
            return connection.ask(request, key, text);
        } catch (IOException hungUp) {
            return false;
        }
    }

    private void answer(SqlConnection connection, SqlSink sink) throws IOException {
        GuardedSink guarded = new GuardedSink(sink);
        try {
            connection.readAnswer(guarded);
        } catch (IOException failure) {
            requireNotCancelled();
            if (guarded.failed()) {
                throw failure;
            }
            throw LakeException.failed(
                    "the warm SQL server went away while it ran the statement",
                    "its log ends with: " + lastWords(),
                    "try again; where memory was short, ask for less or give it more with LAKE_JAVA_OPTIONS=-Xmx4g");
        }
    }

    /** An interrupt closes the connection, by which the server knows that nobody waits any more. */
    private static void requireNotCancelled() {
        if (Thread.currentThread().isInterrupted()) {
            throw LakeException.failed("the statement was cancelled", "whoever waited for it asked so", "run it again");
        }
    }

    /** Stops the server of a lake and says whether one ran. */
    public static boolean stop(SqlEndpoint endpoint) {
        boolean ran = tell(endpoint, SqlConnection.Request.STOP);
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (isRunning(endpoint) && System.nanoTime() < deadline) {
            pause();
        }
        return ran;
    }

    /** Has the server of a lake, where one runs, write the accesses that it recorded. */
    public static void flush(SqlEndpoint endpoint) {
        tell(endpoint, SqlConnection.Request.FLUSH);
    }

    private static boolean tell(SqlEndpoint endpoint, SqlConnection.Request request) {
        try (SqlConnection connection = SqlConnection.open(endpoint.socket())) {
            return connection.ask(request, "", "");
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private Optional<SqlConnection> connect() {
        try {
            return Optional.of(SqlConnection.open(endpoint.socket()));
        } catch (IOException nobodyThere) {
            return Optional.empty();
        }
    }

    /** Returns as soon as a server listens, this command's or that of another which was quicker. */
    private void start() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Process process = isRunning(endpoint) ? null : startProcess();
        while (System.nanoTime() < deadline) {
            Optional<SqlConnection> connection = connect();
            if (connection.isPresent()) {
                close(connection.get());
                return;
            }
            boolean gone = process == null || !process.isAlive();
            if (gone && !isRunning(endpoint)) {
                break;
            }
            pause();
        }
        throw LakeException.failed(
                "the warm SQL server did not start",
                "its log " + endpoint.log() + " ends with: " + lastWords(),
                "correct that and try again, or do without the server: LAKE_SQL_SERVER=off");
    }

    private Process startProcess() {
        Process process;
        try {
            process = starter.start(endpoint);
        } catch (IOException failure) {
            throw LakeException.failed(
                    "the warm SQL server cannot be started",
                    failure.getMessage(),
                    "do without it: LAKE_SQL_SERVER=off",
                    failure);
        }
        StringBuilder lines = new StringBuilder(key).append('\n');
        settings.forEach(
                (name, value) -> lines.append(name).append('=').append(value).append('\n'));
        try (OutputStream input = process.getOutputStream()) {
            input.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException itHasEnded) {
            // Its log says why, and whoever waits for it reads that.
        }
        return process;
    }

    /** Whether a server of a lake runs, listening or about to. */
    public static boolean isRunning(SqlEndpoint endpoint) {
        Path lock = endpoint.lock();
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException lockedHere) {
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private String lastWords() {
        try {
            String last = "nothing";
            for (String line : Files.readAllLines(endpoint.log())) {
                last = line.isBlank() ? last : line.strip();
            }
            return last;
        } catch (IOException unreadable) {
            return "nothing that can be read";
        }
    }

    private static void close(SqlConnection connection) {
        try {
            connection.close();
        } catch (IOException alreadyGone) {
            // Only its being there mattered.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw LakeException.failed("the command was interrupted", "it waited for the warm SQL server", "try again");
        }
    }

    /** A session that the server keeps for as long as this connection to it is open. */
    private final class KeptSession implements SqlSession {
        /** What leaves nothing behind that a later statement could miss. */
        private static final Pattern ONLY_ASKS = Pattern.compile(
                "\\s*(select|with|from|values|table|show|desc|describe|explain)\\b.*", CASE_INSENSITIVE | DOTALL);

        private Optional<SqlConnection> kept = Optional.empty();
        private String name = "";
        private boolean hasState;

        @Override
        public void run(String statement, SqlSink sink) throws IOException {
            if (kept.isEmpty() || !answered(statement, sink)) {
                begin();
                if (!answered(statement, sink)) {
                    throw LakeException.failed(
                            "the warm SQL server went away",
                            "it ended before it took the statement, as after `lake down`",
                            "try again");
                }
            }
            hasState |= !ONLY_ASKS.matcher(statement).matches();
        }

        private void begin() throws IOException {
            requireNotCancelled();
            close();
            if (hasState) {
                hasState = false;
                throw LakeException.failed(
                        "what this session had set is gone: settings, USE, temporary views, variables",
                        "the warm SQL server that kept it has ended, as after a while without a statement or after `lake down`",
                        "set it again, then run the statement again");
            }
            name = UUID.randomUUID().toString();
            kept = Optional.of(reach(SqlConnection.Request.SESSION, name));
        }

        private boolean answered(String statement, SqlSink sink) throws IOException {
            Optional<SqlConnection> connected = connect();
            if (connected.isEmpty()) {
                return false;
            }
            try (SqlConnection connection = connected.get()) {
                boolean taken = ask(connection, SqlConnection.Request.QUERY_IN_SESSION, name + "\n" + statement);
                if (taken) {
                    answer(connection, sink);
                }
                return taken;
            }
        }

        @Override
        public void close() {
            kept.ifPresent(SqlClient::close);
            kept = Optional.empty();
        }
    }

    /** Tells a sink's failure, such as a closed pipe, from the server's. */
    private static final class GuardedSink implements SqlSink {
        private final SqlSink sink;
        private boolean failed;

        GuardedSink(SqlSink sink) {
            this.sink = sink;
        }

        boolean failed() {
            return failed;
        }

        @Override
        public void columns(java.util.List<SqlColumn> columns) throws IOException {
            failed = true;
            sink.columns(columns);
            failed = false;
        }

        @Override
        public void row(java.util.List<Object> values) throws IOException {
            failed = true;
            sink.row(values);
            failed = false;
        }

        @Override
        public void end() throws IOException {
            failed = true;
            sink.end();
            failed = false;
        }
    }
}
