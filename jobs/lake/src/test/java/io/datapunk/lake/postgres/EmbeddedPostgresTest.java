package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a server of its own: most of them break it. */
class EmbeddedPostgresTest {
    private static final Path PROGRAMS = Path.of("target", "postgres-programs").toAbsolutePath();

    @TempDir
    private Path temporary;

    private Path home;

    @BeforeEach
    void homeWithSpaceInItsName() {
        home = temporary.resolve("a lake's home");
    }

    @AfterEach
    void stop() {
        server(0).stop();
    }

    @Test
    void startsOnDemandWithCheckedPagesAndUtf8AndAnswersByTcp() throws Exception {
        try (EmbeddedPostgres.Use use = server(0).use();
                Connection connection = use.connection().open("test")) {
            assertThat(value(connection, "SHOW server_version_num")).startsWith("18");
            assertThat(value(connection, "SHOW data_checksums")).isEqualTo("on");
            assertThat(value(connection, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(value(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(value(
                            connection,
                            "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database"
                                    + " WHERE datname = current_database()"))
                    .isEqualTo("b C.UTF-8");
        }
        assertThat(Files.getPosixFilePermissions(home.resolve("postgres/password")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void keepsDataAndPortWhenItIsStoppedAndStartedAgain() throws Exception {
        String url;
        try (EmbeddedPostgres.Use use = server(0).use()) {
            url = use.connection().url();
            execute(use.connection(), "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        assertThat(server(0).stop()).isTrue();
        assertThat(server(0).running()).isEmpty();
        try (EmbeddedPostgres.Use use = server(0).use();
                Connection connection = use.connection().open("test")) {
            assertThat(use.connection().url()).isEqualTo(url);
            assertThat(value(connection, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void servesCommandsThatStartAtTheSameTimeFromOneServer() throws Exception {
        List<CompletableFuture<String>> commands = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try (EmbeddedPostgres.Use use = server(0).use();
                            Connection connection = use.connection().open("test")) {
                        return value(connection, "SELECT pg_postmaster_start_time()");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        assertThat(commands.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void survivesTheCommandThatStartedItAndIsSharedWithAnotherProcess() throws Exception {
        Process other = otherProcess("use");
        assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isZero();
        Optional<PostgresConnection> running = server(0).running();
        assertThat(running).isPresent();
        try (EmbeddedPostgres.Use use = server(0).use()) {
            assertThat(use.connection().url()).isEqualTo(running.get().url());
        }
    }

    @Test
    void refusesToStopWhileAnotherProcessUsesItAndStopsOnceThatWasKilled() throws Exception {
        Process other = otherProcess("hold");
        await(() -> Files.exists(home.resolve("held")));
        assertThatThrownBy(() -> server(0).stop())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo("by process " + other.pid()));
        assertThat(server(0).stopIfUnused()).isFalse();

        other.destroyForcibly().waitFor();

        assertThat(server(0).stopIfUnused()).isTrue();
        assertThat(server(0).running()).isEmpty();
    }

    @Test
    void isNotIdleWhileAnApplicationIsConnected() throws Exception {
        PostgresConnection connection;
        try (EmbeddedPostgres.Use use = server(0).use()) {
            connection = use.connection();
        }
        try (Connection application = connection.open("application")) {
            assertThat(application.isValid(5)).isTrue();
            assertThat(server(0).stopIfUnused()).isFalse();
        }
        await(() -> server(0).stopIfUnused());
        assertThat(server(0).running()).isEmpty();
    }

    @Test
    void isStoppedByTheIdleStoppersProcessWhichHasALeanClassPath() throws Exception {
        server(0).use().close();
        Process stopper = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        IdleStop.classPath(),
                        IdleStop.class.getName(),
                        home.resolve("postgres").toString(),
                        home.resolve("run").toString(),
                        "lake")
                .inheritIO()
                .start();
        assertThat(stopper.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stopper.exitValue()).isZero();
        assertThat(server(0).running()).isEmpty();
    }

    @Test
    void recoversWhatWasCommittedWhenThePostmasterIsKilled() throws Exception {
        try (EmbeddedPostgres.Use use = server(0).use()) {
            execute(use.connection(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
        }
        long postmaster = postmaster();
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();

        try (EmbeddedPostgres.Use use = server(0).use();
                Connection connection = use.connection().open("test")) {
            assertThat(value(connection, "SELECT sum(n) FROM kept")).isEqualTo("500500");
        }
        assertThat(postmaster()).isNotEqualTo(postmaster);
    }

    @Test
    void ignoresTheNumberOfADeadServerThatAnotherProgramHasNow() throws Exception {
        try (EmbeddedPostgres.Use use = server(0).use()) {
            execute(use.connection(), "CREATE TABLE kept AS SELECT 7 AS n");
        }
        Path pidFile = home.resolve("postgres/data/postmaster.pid");
        List<String> lines = Files.readAllLines(pidFile);
        server(0).stop();
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(pidFile, lines);

        assertThat(server(0).running()).isEmpty();
        try (EmbeddedPostgres.Use use = server(0).use();
                Connection connection = use.connection().open("test")) {
            assertThat(value(connection, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void saysWhichPortIsTakenAndWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> server(port).use()).isInstanceOfSatisfying(LakeException.class, e -> {
                assertThat(e.reason()).contains(Integer.toString(port)).contains("taken");
                assertThat(e.remedy()).contains("lake.postgres.port");
            });
        }
    }

    @Test
    void usesTheConfiguredPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (EmbeddedPostgres.Use use = server(port).use()) {
            assertThat(use.connection().url()).isEqualTo("jdbc:postgresql://127.0.0.1:" + port + "/lake");
        }
    }

    @Test
    void refusesDataOfANewerPostgres() throws IOException {
        Path version = home.resolve("postgres/data/PG_VERSION");
        Files.createDirectories(version.getParent());
        Files.writeString(version, "19\n");
        assertThatThrownBy(() -> server(0).use()).isInstanceOfSatisfying(LakeException.class, e -> {
            assertThat(e.reason()).contains("PostgreSQL 19").contains("PostgreSQL 18");
            assertThat(e.remedy()).contains("Delta has every row");
        });
    }

    @Test
    void beginsAgainWhereACommandWasKilledWhileItMadeTheData() throws Exception {
        Path half = home.resolve("postgres/data.new/base");
        Files.createDirectories(half);
        Files.writeString(half.resolve("1"), "half");
        try (EmbeddedPostgres.Use use = server(0).use();
                Connection connection = use.connection().open("test")) {
            assertThat(value(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesAWrongPasswordWithoutPrintingIt() {
        try (EmbeddedPostgres.Use use = server(0).use()) {
            PostgresConnection wrong = new PostgresConnection(
                    use.connection().url(), use.connection().user(), () -> "not-the-password");
            assertThatThrownBy(() -> wrong.open("test"))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("refuses user lake")
                    .hasMessageNotContaining("not-the-password");
        }
    }

    @Test
    void tellsAnUnreachableServerFromOneThatRefuses() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        PostgresConnection connection =
                new PostgresConnection("jdbc:postgresql://127.0.0.1:" + nobody + "/lake", "lake", () -> "x");
        assertThatThrownBy(() -> connection.open("test")).isInstanceOf(HotStoreUnavailableException.class);
    }

    private EmbeddedPostgres server(int port) {
        return server(home, port);
    }

    private static EmbeddedPostgres server(Path home, int port) {
        return new EmbeddedPostgres(
                home.resolve("postgres"),
                home.resolve("run"),
                new EmbeddedPostgres.Options("lake", port, Duration.ZERO, Duration.ofMinutes(1), PROGRAMS));
    }

    private long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).get(0));
    }

    private Process otherProcess(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherCommand.class.getName(),
                        home.toString(),
                        what)
                .inheritIO()
                .start();
    }

    /** What another command does, in a process of its own. */
    static final class OtherCommand {
        public static void main(String[] arguments) throws Exception {
            Path home = Path.of(arguments[0]);
            try (EmbeddedPostgres.Use use = server(home, 0).use()) {
                execute(use.connection(), "SELECT 1");
                if (arguments[1].equals("hold")) {
                    Files.writeString(home.resolve("held"), "");
                    Thread.sleep(Duration.ofMinutes(5).toMillis());
                }
            }
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited a minute").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static void execute(PostgresConnection server, String sql) throws SQLException {
        try (Connection connection = server.open("test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
