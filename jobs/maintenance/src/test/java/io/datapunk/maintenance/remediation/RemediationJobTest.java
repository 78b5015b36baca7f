package io.datapunk.maintenance.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.maintenance.remediation.RemediationReport.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Each trigger provoked on a real server of its own: what is done is seen, and that nothing else was touched. */
@TestInstance(Lifecycle.PER_CLASS)
class RemediationJobTest {
    private static final Instant NOW = Instant.now();
    private static final int CONNECTIONS = 60;

    @TempDir
    private static Path folder;

    private LakeHome home;
    private PostgresServer server;
    private final Map<Connection, Integer> processes = new HashMap<>();
    private final List<Long> asked = new ArrayList<>();

    @BeforeAll
    void start() throws SQLException {
        home = LakeHome.open(config(Map.of()));
        server = PostgresServer.open(config(Map.of()).postgres(), home);
        try (Connection connection = connect("setup");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE web LOGIN");
            statement.execute("CREATE ROLE batch LOGIN");
            statement.execute("CREATE EXTENSION pg_buffercache");
        }
    }

    @AfterAll
    void stop() {
        server.close();
        PostgresServer.embedded(config(Map.of()).postgres(), home).stop();
    }

    @AfterEach
    void forget() throws Exception {
        for (Connection connection : processes.keySet()) {
            connection.close();
        }
        processes.clear();
        asked.clear();
        Files.deleteIfExists(home.runDirectory().resolve("remediation.json"));
    }

    @Test
    void idleSessionsEndWhereConnectionsRunOut() throws Exception {
        LakeConfig config = config(Map.of(
                "connections.idle", "1 s",
                "spare.roles", "batch"));
        List<Connection> oldest = connections("web", "shop", 4);
        pause(Duration.ofSeconds(1));
        List<Connection> younger = connections("web", "shop", 36);
        Connection inTransaction = connections("web", "shop", 1).get(0);
        inTransaction.setAutoCommit(false);
        one(inTransaction, "SELECT 1");
        Connection spared = connections("batch", "loader", 1).get(0);
        Connection dump = connections("web", "pg_dump", 1).get(0);
        Connection ours = connections("web", "lake heat", 1).get(0);
        Connection elsewhere = elsewhere();
        pause(Duration.ofMillis(1500));
        Connection justUsed = younger.get(0);
        one(justUsed, "SELECT 1");
        List<Connection> filling = connections("web", "shop", 54 - connected());

        int surplus = connected() - 48;

        assertThat(only(run(config, NOW, true)).actions()).as("a dry run tells").hasSize(surplus);
        assertThat(alive(oldest)).as("and touches nothing").isEqualTo(4);
        Response response = only(run(config, NOW, false));

        assertThat(response.trigger()).isEqualTo(Trigger.CONNECTIONS);
        assertThat(response.why()).startsWith("54 of " + CONNECTIONS + " connections are taken, 90 %");
        assertThat(response.actions())
                .as("the longest idle first")
                .isEqualTo(Stream.concat(oldest.stream(), younger.stream().skip(1))
                        .limit(surplus)
                        .map(session -> "end the idle session of process " + processes.get(session))
                        .toList());
        assertThat(alive(oldest)).isZero();
        assertThat(alive(younger)).as("no more than had to").isEqualTo(36 - (surplus - 4));
        assertThat(alive(List.of(inTransaction, spared, dump, ours, elsewhere, justUsed)))
                .as("others were not touched")
                .isEqualTo(6);
        assertThat(alive(filling)).as("nor were those that had just come").isEqualTo(filling.size());
        assertThat(audit("remediation.end-session", Trigger.CONNECTIONS))
                .as("each stands in the audit log")
                .hasSize(surplus)
                .allSatisfy(record -> {
                    assertThat(record.actor()).isEqualTo("remediation");
                    assertThat(record.details().get("role")).startsWith("role-");
                })
                .extracting(AuditRecord::subject)
                .contains("process " + processes.get(oldest.get(0)));

        connections("web", "shop", 54 - connected());
        Response again = only(run(config, NOW.plusSeconds(60), false));
        assertThat(again.actions()).isEmpty();
        assertThat(again.coolingUntil()).contains(NOW.plusSeconds(300));
    }

    @Test
    void aQueryThatRunsForTooLongIsCancelledAndNoOther() throws Exception {
        LakeConfig config = config(Map.of("query-time", "1 s"));
        Connection slow = connections("web", "shop", 1).get(0);
        Connection ours = connections("web", "lake tiering", 1).get(0);
        Connection spared = connections("web", "pg_dump", 1).get(0);
        Connection idle = connections("web", "shop", 1).get(0);
        CompletableFuture<String> slowAnswer = answer(slow, "SELECT pg_sleep(60)");
        CompletableFuture<String> ourAnswer = answer(ours, "SELECT pg_sleep(4)");
        CompletableFuture<String> sparedAnswer = answer(spared, "SELECT pg_sleep(4)");
        pause(Duration.ofMillis(1500));
        Connection young = connections("web", "shop", 1).get(0);
        CompletableFuture<String> youngAnswer = answer(young, "SELECT pg_sleep(2)");

        RemediationReport report = run(config, NOW, false);

        assertThat(only(report).actions()).containsExactly("cancel the query of process " + processes.get(slow));
        assertThat(slowAnswer.get()).as("cancelled, which its client is told").isEqualTo("57014");
        assertThat(alive(List.of(slow, idle))).as("its session lives on").isEqualTo(2);
        assertThat(List.of(ourAnswer.get(), sparedAnswer.get(), youngAnswer.get()))
                .as("the others come to their end")
                .containsOnly("");
        assertThat(audit("remediation.cancel-query", Trigger.LONG_QUERY))
                .extracting(AuditRecord::subject)
                .contains("process " + processes.get(slow));
    }

    @Test
    void aQueryThatGoesOnWhenItWasCancelledLosesItsSession() throws Exception {
        LakeConfig config = config(Map.of("query-time", "1 s"));
        Connection stubborn = connections("web", "shop", 1).get(0);
        CompletableFuture<String> answer = answer(stubborn, """
                DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$
                """);
        pause(Duration.ofMillis(1500));

        assertThat(only(run(config, NOW, false)).actions())
                .singleElement()
                .asString()
                .startsWith("cancel the query");
        pause(Duration.ofMillis(300));
        assertThat(answer).as("it goes on").isNotDone();
        assertThat(only(run(config, NOW.plusSeconds(60), false)).actions())
                .singleElement()
                .asString()
                .startsWith("end the session of process ")
                .endsWith("which was told to cancel its query");

        assertThat(answer.get()).as("its connection was closed").isEqualTo("57P01");
        assertThat(run(config, NOW.plusSeconds(120), false).responses()).isEmpty();
    }

    @Test
    void tablesThatAreReadFromDiskAreAnalysed() throws Exception {
        LakeConfig config = config(Map.of());
        try (Connection connection = connect("setup");
                Statement statement = connection.createStatement()) {
            for (String table : List.of("visits", "orders")) {
                statement.execute(
                        "CREATE TABLE " + table + " (text text) WITH (fillfactor = 10, autovacuum_enabled = false)");
                statement.execute("INSERT INTO " + table + " SELECT repeat(md5(n::text), 22) FROM generate_series(1, "
                        + (table.equals("visits") ? 15_000 : 10) + ") AS rows(n)");
            }
            statement.execute("SELECT pg_stat_force_next_flush()");
        }
        run(config, NOW, false);
        try (Connection connection = connect("setup");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_buffercache_evict_relation('visits')");
            statement.execute("SET max_parallel_workers_per_gather = 0");
            assertThat(one(connection, "SELECT count(*) FROM visits")).isEqualTo("15000");
            statement.execute("SELECT pg_stat_force_next_flush()");
        }

        Response response = only(run(config, NOW.plusSeconds(300), false));

        assertThat(response.trigger()).isEqualTo(Trigger.CACHE_HITS);
        assertThat(response.why()).matches("\\d+\\.\\d % of 1\\d,\\d{3} blocks were found in memory, below 50 %");
        assertThat(response.actions()).contains("analyse lake.visits").doesNotContain("analyse lake.orders");
        try (Connection connection = connect("setup")) {
            assertThat(one(
                            connection,
                            "SELECT string_agg(relname, ',') FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL"
                                    + " AND relname IN ('visits', 'orders')"))
                    .isEqualTo("visits");
        }
        assertThat(audit("remediation.analyze", Trigger.CACHE_HITS))
                .extracting(AuditRecord::subject)
                .contains("lake.visits");
    }

    @Test
    void aFullDiskIsHelpedByWhatNobodyNeeds() throws Exception {
        LakeConfig config = config(Map.of(
                "disk.compress-logs", "0.001",
                "disk.clean-temporary", "0.001",
                "disk.move-coldest", "0.001"));
        Path oldLog =
                aged(home.runDirectory().resolve("postgres.log.1"), "old lines\n".repeat(1000), Duration.ofDays(8));
        Path youngLog = aged(home.runDirectory().resolve("postgres.log.2"), "young lines\n", Duration.ofDays(6));
        Path left = aged(home.staging("killed").resolve("rows.parquet"), "rows", Duration.ofHours(25));
        Path inUse = aged(home.staging("running").resolve("rows.parquet"), "rows", Duration.ofHours(23));
        Files.setLastModifiedTime(left.getParent(), FileTime.from(NOW.minus(Duration.ofHours(25))));

        RemediationReport report = run(config, NOW, false);

        assertThat(report.problems()).isEmpty();
        assertThat(report.responses())
                .extracting(Response::trigger)
                .containsExactly(Trigger.DISK_LOGS, Trigger.DISK_TEMPORARY, Trigger.DISK_DATA);
        assertThat(report.responses()).last().satisfies(response -> {
            assertThat(response.actions()).containsExactly("asked for room");
            assertThat(asked).singleElement().satisfies(bytes -> assertThat(bytes)
                    .isPositive());
        });
        Path compressed = oldLog.resolveSibling("postgres.log.1.gz");
        assertThat(oldLog).doesNotExist();
        assertThat(new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(compressed))))
                .hasContent("old lines\n".repeat(1000));
        assertThat(Files.getLastModifiedTime(compressed).toInstant())
                .as("it is as old as it was")
                .isBefore(NOW.minus(Duration.ofDays(7)));
        assertThat(youngLog).hasContent("young lines\n");
        assertThat(left.getParent()).doesNotExist();
        assertThat(inUse).hasContent("rows");
        assertThat(audit("remediation.move-coldest", Trigger.DISK_DATA)).hasSize(1);
        assertThat(report.responses().get(1).actions()).containsExactly(left.getParent() + ": 4 bytes before, 0 after");
    }

    @Test
    void withRoomForAllNothingIsDone() {
        RemediationReport report = run(
                config(Map.of("disk.compress-logs", "1", "disk.clean-temporary", "1", "disk.move-coldest", "1")),
                NOW,
                false);

        assertThat(report.responses()).isEmpty();
        assertThat(report.problems()).isEmpty();
    }

    /** Without disks, unless they are named: those of this machine are as full as they are. */
    private LakeConfig config(Map<String, String> remediation) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "lake.home", folder.resolve("home").toString(),
                "lake.maintenance.remediation.disk.compress-logs", "1",
                "lake.maintenance.remediation.disk.clean-temporary", "1",
                "lake.maintenance.remediation.disk.move-coldest", "1"));
        remediation.forEach((key, value) -> settings.put("lake.maintenance.remediation." + key, value));
        return LakeConfig.load(null, Map.of(), settings);
    }

    private RemediationReport run(LakeConfig config, Instant now, boolean dryRun) {
        return new RemediationJob(config, home, PostgresServer.running(config.postgres(), home), bytes -> {
                    asked.add(bytes);
                    return List.of("asked for room");
                })
                .run(now, dryRun);
    }

    private static Response only(RemediationReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.responses()).hasSize(1);
        return report.responses().get(0);
    }

    private List<AuditRecord> audit(String action, Trigger trigger) {
        List<AuditRecord> records = new ArrayList<>();
        AuditTrail.of(config(Map.of()), home).read(0, record -> {
            if (record.action().equals(action)
                    && trigger.toString().equals(record.details().get("trigger"))) {
                records.add(record);
            }
        });
        return records;
    }

    private Connection connect(String application) throws SQLException {
        PostgresConnection owner = server.connection();
        return connect(owner.url(), owner.user(), owner.password().get(), application);
    }

    private static Connection connect(String url, String user, String password, String application)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", application);
        return DriverManager.getConnection(url, properties);
    }

    private List<Connection> connections(String role, String application, int count) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try (Connection connection = connect("setup");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + role + " PASSWORD 'secret'");
        }
        for (int i = 0; i < count; i++) {
            connections.add(connect(server.connection().url(), role, "secret", application));
        }
        connections.forEach(this::remember);
        return connections;
    }

    private Connection elsewhere() throws SQLException {
        String url = server.connection().url();
        Connection connection =
                connect(url.substring(0, url.lastIndexOf('/') + 1) + "postgres", "web", "secret", "shop");
        remember(connection);
        return connection;
    }

    private void remember(Connection connection) {
        try {
            processes.put(connection, connection.unwrap(PGConnection.class).getBackendPID());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int connected() throws SQLException {
        try (Connection connection = connect("setup")) {
            return Integer.parseInt(one(
                            connection,
                            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                                    + " AND pid <> pg_backend_pid()"))
                    // The job's own.
                    + 1;
        }
    }

    /** How many are still there, by the server: to ask them would end their idleness. */
    private int alive(List<Connection> connections) throws Exception {
        // A session that was told to end needs a moment.
        pause(Duration.ofMillis(200));
        String list = connections.stream()
                .map(connection -> Integer.toString(processes.get(connection)))
                .collect(Collectors.joining(","));
        try (Connection connection = connect("setup")) {
            return Integer.parseInt(
                    one(connection, "SELECT count(*) FROM pg_stat_activity WHERE pid IN (" + list + ")"));
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The SQLSTATE that a statement ends with; empty where it succeeds. */
    private static CompletableFuture<String> answer(Connection connection, String sql) {
        return CompletableFuture.supplyAsync(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return "";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
    }

    private static void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }

    private static Path aged(Path file, String content, Duration age) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
        return file;
    }
}
