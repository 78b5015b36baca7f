package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.sql.SqlClient;
import io.datapunk.lake.sql.SqlColumn;
import io.datapunk.lake.sql.SqlEndpoint;
import io.datapunk.lake.sql.SqlResult;
import io.datapunk.lake.sql.SqlSession;
import io.datapunk.lake.sql.SqlSink;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlServerTest {
    private static final String KEY_OF_NO_SETTINGS = key("build-1");

    @TempDir
    private Path folder;

    private SqlEndpoint endpoint;
    private CompletableFuture<Void> server;

    @BeforeEach
    void writeATable() {
        SparkSession session = SharedSpark.session(folder);
        session.sql("select 1 as id, 'a' as title")
                .write()
                .format("delta")
                .save(folder.resolve("tables/lake/users").toString());
        endpoint = SqlEndpoint.below(folder.resolve("run"));
    }

    @AfterEach
    void stopTheServer() throws Exception {
        SqlClient.stop(endpoint);
        if (server != null) {
            server.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStatementIsAnsweredThere() throws Exception {
        start(Duration.ofMinutes(1));
        assertThat(run("select id, title from lake.users")).containsExactly(List.of(1L, "a"));
        assertThat(run("select id from range(50000)")).hasSize(50_000).endsWith(List.of(49_999L));
    }

    @Test
    void aFailureArrivesInItsThreeParts() throws Exception {
        start(Duration.ofMinutes(1));
        assertThatThrownBy(() -> run("select * from lake.user"))
                .isInstanceOfSatisfying(LakeException.class, failure -> {
                    assertThat(failure.problem()).isEqualTo("there is no table lake.user");
                    assertThat(failure.reason()).isEqualTo("the lake has lake.users");
                    assertThat(failure.remedy()).isEqualTo("did you mean lake.users?");
                });
    }

    @Test
    void aStatementSeesNothingOfTheOnesBefore() throws Exception {
        start(Duration.ofMinutes(1));
        run("create temporary view mine as select 1");
        run("use lake");
        assertThatThrownBy(() -> run("select * from mine")).isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> run("select * from users")).isInstanceOf(LakeException.class);
    }

    @Test
    void aStatementOfASessionSeesWhatTheOnesBeforeHaveSet() throws Exception {
        start(Duration.ofMinutes(1));
        try (SqlSession one = client().session();
                SqlSession other = client().session()) {
            rows(one, "create temporary view mine as select id + 1 as id from lake.users");
            rows(one, "use lake");
            assertThat(rows(one, "select mine.id, users.title from mine, users"))
                    .containsExactly(List.of(2L, "a"));
            assertThatThrownBy(() -> rows(other, "select * from mine"))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("there is no table mine");
        }
    }

    @Test
    void aSessionWhoseServerHasEndedSaysSoWhereThatMatters() throws Exception {
        start(Duration.ofMinutes(1));
        try (SqlSession session = client().session()) {
            assertThat(rows(session, "select 1 as n")).containsExactly(List.of(1L));
            restart();
            assertThat(rows(session, "select 2 as n")).containsExactly(List.of(2L));

            rows(session, "use lake");
            restart();
            assertThatThrownBy(() -> rows(session, "select title from users"))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("what this session had set is gone");
            assertThat(rows(session, "select 3 as n")).containsExactly(List.of(3L));
        }
    }

    @Test
    void anInterruptCancelsTheStatementAndKeepsTheSession() throws Exception {
        start(Duration.ofMinutes(1));
        try (SqlSession session = client().session()) {
            rows(session, "use lake");
            Thread running = Thread.currentThread();
            assertThatThrownBy(() -> session.run("select id from range(100000000)", interrupting(running)))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("the statement was cancelled");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(rows(session, "select title from users")).containsExactly(List.of("a"));
        }
    }

    private static SqlSink interrupting(Thread running) {
        return new SqlSink() {
            @Override
            public void columns(List<SqlColumn> columns) {
                running.interrupt();
            }

            @Override
            public void row(List<Object> values) {
                // What arrived before.
            }

            @Override
            public void end() {
                // It is never whole.
            }
        };
    }

    @Test
    void onlyItsOwnerReachesIt() throws Exception {
        start(Duration.ofMinutes(1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(endpoint.socket())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(endpoint.folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void anIdleServerEndsByItself() throws Exception {
        start(Duration.ofMillis(300));
        server.get(20, TimeUnit.SECONDS);
        assertThat(endpoint.socket()).doesNotExist();
    }

    @Test
    void aServerIsStoppedOnce() throws Exception {
        start(Duration.ofMinutes(1));
        assertThat(SqlClient.stop(endpoint)).isTrue();
        server.get(20, TimeUnit.SECONDS);
        assertThat(SqlClient.stop(endpoint)).isFalse();
    }

    @Test
    void aServerOfAnotherBuildIsReplaced() throws Exception {
        start(Duration.ofMinutes(1));
        List<String> started = new ArrayList<>();
        SqlClient newer = new SqlClient(endpoint, Map.of(), "build-2", place -> {
            server.join();
            started.add("build-2");
            return startProcess(key("build-2"));
        });
        assertThat(rows(newer, "select 7 as n")).containsExactly(List.of(7L));
        assertThat(started).containsExactly("build-2");
    }

    @Test
    void aServerThatDoesNotStartIsReportedWithItsLastWords() {
        SqlClient client = new SqlClient(endpoint, Map.of(), "build-1", place -> {
            Files.writeString(place.log(), "java: no room\n\n");
            return new ProcessBuilder("false").start();
        });
        assertThatThrownBy(() -> rows(client, "select 1")).isInstanceOfSatisfying(LakeException.class, failure -> {
            assertThat(failure.problem()).isEqualTo("the warm SQL server did not start");
            assertThat(failure.reason()).endsWith("java: no room");
        });
    }

    @Test
    void aServerWhoseSparkDoesNotStartSaysSoAndEnds() throws Exception {
        SqlServer broken = new SqlServer(
                endpoint,
                KEY_OF_NO_SETTINGS,
                Duration.ofMinutes(1),
                CompletableFuture.failedFuture(new IllegalStateException("no room")),
                session -> session);
        server = serve(broken);
        awaitSocket();
        assertThatThrownBy(() -> run("select 1")).hasMessageContaining("no room");
        server.get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatAStatementReadsIsSpooledWhenAsked() throws Exception {
        start(Duration.ofMinutes(1));
        run("select title from lake.users");
        SqlClient.flush(endpoint);
        assertSpooled("lake.users");
    }

    @Test
    void whatAStatementReadsWithoutAServerIsSpooledWhenItEnds() throws Exception {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        new SqlService(config, LakeHome.open(config), Optional.empty(), "build-1").run("select title from lake.users");
        assertSpooled("lake.users");
    }

    @Test
    void aFolderThatOthersMayEnterIsNotUsed() throws Exception {
        Files.setPosixFilePermissions(endpoint.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> SqlEndpoint.below(folder.resolve("run")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("not safe for a socket");
        Files.setPosixFilePermissions(endpoint.folder(), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aHomeWithALongPathGetsASocketElsewhere() throws IOException {
        SqlEndpoint elsewhere = SqlEndpoint.below(folder.resolve("x".repeat(120)));
        assertThat(elsewhere.socket().toString().length()).isLessThanOrEqualTo(104);
        Files.delete(elsewhere.folder());
    }

    private void assertSpooled(String partition) throws IOException {
        try (var files = Files.list(folder.resolve("access/spool"))) {
            assertThat(files.map(SqlServerTest::text))
                    .anyMatch(text -> text.contains("\"partition\":\"" + partition + "\""));
        }
    }

    private void start(Duration idle) throws Exception {
        server = serve(KEY_OF_NO_SETTINGS, idle);
        awaitSocket();
    }

    private void awaitSocket() throws InterruptedException {
        while (!isListening()) {
            Thread.sleep(5);
        }
    }

    /** The socket is there a moment before it is listened to. */
    private boolean isListening() {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(endpoint.socket()))) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private CompletableFuture<Void> serve(String key, Duration idle) {
        return serve(new SqlServer(
                endpoint,
                key,
                idle,
                CompletableFuture.completedFuture(SharedSpark.session(folder)),
                session -> SharedSpark.session(folder)));
    }

    private static CompletableFuture<Void> serve(SqlServer serving) {
        return CompletableFuture.runAsync(() -> {
            try {
                serving.serve();
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        });
    }

    /** Serves in this process, which the test's Spark is in, and stands for it with one that only waits. */
    private Process startProcess(String key) throws IOException {
        server = serve(key, Duration.ofMinutes(1));
        return new ProcessBuilder("sleep", "20").start();
    }

    private void restart() throws Exception {
        stopTheServer();
        start(Duration.ofMinutes(1));
    }

    private List<List<Object>> run(String statement) throws IOException {
        return rows(client(), statement);
    }

    private SqlClient client() {
        return new SqlClient(endpoint, Map.of(), "build-1", place -> {
            throw new IOException("it runs already");
        });
    }

    private static List<List<Object>> rows(SqlSession session, String statement) throws IOException {
        SqlResult.Collector collector = new SqlResult.Collector();
        session.run(statement, collector);
        return collector.result().rows();
    }

    private static List<List<Object>> rows(SqlClient client, String statement) throws IOException {
        SqlResult.Collector collector = new SqlResult.Collector();
        client.run(statement, collector);
        return collector.result().rows();
    }

    private static String key(String build) {
        return SqlClient.key(build, Map.of());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
