package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.sql.SqlConnection;
import io.datapunk.lake.sql.SqlEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a Spark session warm and runs the statements of {@code lake sql} in it. Started by {@code ./lake sql-server
 * FOLDER}, with the key of its build and its Spark settings on standard input, because some of them may be secret.
 * Listens on a socket that only its own user can open, ends after {@value #IDLE_MINUTES} min without a statement, or when
 * {@code lake down} says so.
 */
public final class SqlServer {
    private static final int IDLE_MINUTES = 15;
    private static final Logger LOG = LoggerFactory.getLogger(SqlServer.class);

    private final SqlEndpoint endpoint;
    private final String key;
    private final Duration idle;
    private final AtomicLong lastUse = new AtomicLong(System.nanoTime());
    private final AtomicInteger running = new AtomicInteger();
    private final ExecutorService requests = Executors.newCachedThreadPool(daemon("lake-sql"));
    private final CompletableFuture<SparkSession> spark;
    private final UnaryOperator<SparkSession> sessions;
    private final AtomicReference<CompletableFuture<SparkSession>> spare;
    /** By the name that a command gave it. */
    private final Map<String, CompletableFuture<SparkSession>> kept = new ConcurrentHashMap<>();

    private volatile ServerSocketChannel listening;

    SqlServer(
            SqlEndpoint endpoint,
            String key,
            Duration idle,
            CompletableFuture<SparkSession> spark,
            UnaryOperator<SparkSession> sessions) {
        this.endpoint = endpoint;
        this.key = key;
        this.idle = idle;
        this.spark = spark;
        this.sessions = sessions;
        this.spare = new AtomicReference<>(spark);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: lake sql-server FOLDER < settings; `lake sql` starts it when it is needed");
            System.exit(2);
        }
        SqlEndpoint endpoint = new SqlEndpoint(Path.of(arguments[0]));
        Map<String, String> settings = new LinkedHashMap<>();
        String key = readSettings(System.in, settings);
        try (FileChannel channel =
                        FileChannel.open(endpoint.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            // The listener is open before Spark is, so a second command waits for this server and starts none.
            CompletableFuture<SparkSession> spark = CompletableFuture.supplyAsync(() -> LakeSession.open(settings));
            SqlServer server =
                    new SqlServer(endpoint, key, Duration.ofMinutes(IDLE_MINUTES), spark, SparkSession::newSession);
            server.serve();
            spark.join().stop();
        }
        System.exit(0);
    }

    private static String readSettings(InputStream input, Map<String, String> settings) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            String key = lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int equals = line.indexOf('=');
                settings.put(line.substring(0, equals), line.substring(equals + 1));
            }
            return key == null ? "" : key;
        }
    }

    /** Answers until it is told to stop or has been idle for long enough. */
    void serve() throws IOException {
        Files.deleteIfExists(endpoint.socket());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(endpoint.socket()));
            Files.setPosixFilePermissions(endpoint.socket(), PosixFilePermissions.fromString("rw-------"));
            listening = server;
            var watch = Executors.newSingleThreadScheduledExecutor(daemon("lake-sql-idle"));
            var unused = watch.scheduleWithFixedDelay(
                    this::stopWhenIdle, idle.toMillis(), Math.max(1, idle.toMillis() / 10), TimeUnit.MILLISECONDS);
            try {
                while (true) {
                    SocketChannel channel = server.accept();
                    requests.execute(() -> handle(channel));
                }
            } catch (ClosedChannelException stopped) {
                LOG.info("the warm SQL server stops");
            } finally {
                watch.shutdownNow();
                Files.deleteIfExists(endpoint.socket());
            }
        }
    }

    private void stopWhenIdle() {
        if (running.get() == 0 && System.nanoTime() - lastUse.get() >= idle.toNanos()) {
            stop();
        }
    }

    private void stop() {
        try {
            listening.close();
        } catch (IOException failure) {
            LOG.warn("the socket did not close", failure);
        }
    }

    private void handle(SocketChannel channel) {
        running.incrementAndGet();
        try (SqlConnection connection = new SqlConnection(channel)) {
            SqlConnection.Asked asked = connection.receive();
            switch (asked.request()) {
                case QUERY -> {
                    boolean mine = asked.key().equals(key);
                    connection.accept(mine);
                    if (mine) {
                        query(connection, asked.statement(), this::takeSession);
                    }
                }
                case SESSION -> {
                    if (asked.key().equals(key)) {
                        keepSession(connection, asked.statement());
                    } else {
                        connection.accept(false);
                    }
                }
                case QUERY_IN_SESSION -> {
                    String[] parts = asked.statement().split("\n", 2);
                    CompletableFuture<SparkSession> session = kept.get(parts[0]);
                    connection.accept(session != null);
                    if (session != null) {
                        query(connection, parts[1], session::join);
                    }
                }
                case FLUSH -> {
                    flushAccesses();
                    connection.accept(true);
                }
                case STOP -> {
                    connection.accept(true);
                    stop();
                }
            }
        } catch (IOException hungUp) {
            LOG.debug("a command hung up", hungUp);
        } catch (RuntimeException | Error failure) {
            LOG.error("a request failed", failure);
        } finally {
            lastUse.set(System.nanoTime());
            running.decrementAndGet();
        }
    }

    /** A command that has it open and asks nothing keeps the server from ending no longer than any other. */
    private void keepSession(SqlConnection connection, String name) throws IOException {
        kept.put(name, CompletableFuture.supplyAsync(this::takeSession, requests));
        running.decrementAndGet();
        try {
            connection.accept(true);
            connection.awaitHangUp();
        } finally {
            running.incrementAndGet();
            kept.remove(name);
        }
    }

    private void query(SqlConnection connection, String statement, Supplier<SparkSession> sessionOfStatement)
            throws IOException {
        try {
            SparkSession session = sessionOfStatement.get();
            String tag = "lake-sql-" + UUID.randomUUID();
            session.sparkContext().addJobTag(tag);
            try {
                requests.execute(() -> {
                    connection.awaitHangUp();
                    session.sparkContext().cancelJobsWithTag(tag);
                });
                new LakeSql(session).run(statement, connection.answer());
            } finally {
                session.sparkContext().removeJobTag(tag);
            }
        } catch (LakeException failure) {
            connection.fail(failure);
        } catch (RuntimeException | Error failure) {
            LOG.error("a statement failed", failure);
            connection.fail(LakeException.failed(
                    "the statement could not be run",
                    failure.getClass().getSimpleName() + ": " + failure.getMessage(),
                    "see " + endpoint.log(),
                    failure));
        } finally {
            prepareSession();
        }
    }

    /** A statement gets a session of its own, unless its command keeps one: none sees another's settings. */
    private SparkSession takeSession() {
        CompletableFuture<SparkSession> ready = spare.getAndSet(null);
        return ready == null ? newSession() : ready.join();
    }

    /** Makes the next statement's session while nobody waits for it. */
    private void prepareSession() {
        if (spark.isCompletedExceptionally()) {
            // Without Spark there is nothing to serve; the next command starts over.
            stop();
        } else if (spare.get() == null) {
            spare.compareAndSet(null, CompletableFuture.supplyAsync(this::newSession, requests));
        }
    }

    private SparkSession newSession() {
        SparkSession session = sessions.apply(spark.join());
        // Makes the catalog and the parser, which the statement would have to wait for.
        LakeCatalog.of(session);
        return session;
    }

    private void flushAccesses() {
        if (spark.isDone()) {
            AccessListener.settle(spark.join().sparkContext());
        }
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
