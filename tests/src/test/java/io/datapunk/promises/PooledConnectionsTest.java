package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.debian.DebianPrograms;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PgBouncer in front of the hot store: applications share its sessions, transaction by transaction, and none sees or writes
 * what is another's.
 */
@Tag("full")
class PooledConnectionsTest {
    private static final int CLIENTS = 20;
    private static final int WRITES = 10;
    private static final List<String> PEOPLE = List.of("ann", "bob");

    @TempDir
    static Path folder;

    private static PostgresConnection server;
    private static LakeCommands lake;
    private static PgBouncer pooler;

    @BeforeAll
    static void twoPeoplesMonthIsServed() throws Exception {
        SharedSpark.session();
        server = SharedPostgres.emptyDatabase();
        lake = lake(server.url());
        Exports exports = new Exports(folder);
        for (String person : PEOPLE) {
            Path export = exports.zip(
                    person + ".zip", Map.of(Exports.SEARCHES_PATH, Exports.searches(person + "1", person + "2")));
            lake.result("ingest", export.toString(), "--user", person);
        }
        lake.result("tier", "pin", "user_data.activity/month=2024-05", "--tier", "hot");
        lake.result("tier", "apply");
        try (Connection owner = SharedPostgres.connect(server);
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE ROLE writer_app LOGIN PASSWORD 'secret' IN ROLE lake_ingest");
            for (String person : PEOPLE) {
                statement.execute("CREATE ROLE %s_app LOGIN PASSWORD 'secret' IN ROLE lake_reader".formatted(person));
                statement.execute("INSERT INTO lake.user_roles VALUES ('%s_app', '%s')".formatted(person, id(person)));
            }
        }
        pooler = PgBouncer.start(folder.resolve("pooler"), server, List.of("ann_app", "bob_app", "writer_app"));
    }

    @AfterAll
    static void stop() {
        if (pooler != null) {
            pooler.close();
        }
    }

    private static LakeCommands lake(String url) throws IOException {
        Path conf = Files.writeString(folder.resolve("lake.conf"), """
                lake.tiering.minimum-size = 0 B
                lake.datasets."user_data.activity".tiering.hot.writes = true
                """);
        Map<String, String> environment = new HashMap<>();
        environment.put("LAKE_CONF", conf.toString());
        environment.put("LAKE_POSTGRES_URL", url);
        environment.put("LAKE_POSTGRES_USER", server.user());
        environment.put("LAKE_POSTGRES_PASSWORD", server.password().get());
        return new LakeCommands(folder.resolve("home"), environment);
    }

    private static String id(String person) {
        return lake.query("select user_id from lake.users where name = '" + person + "'")
                .get(0)
                .get(0)
                .asText();
    }

    @Test
    void clientsThatShareSessionsSeeTheirOwnRowsAndTheirWritesReachDelta() throws Exception {
        List<Callable<TreeSet<String>>> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            String person = PEOPLE.get(client % PEOPLE.size());
            String name = person + "-" + client;
            clients.add(() -> application(person, name));
        }
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (Future<TreeSet<String>> seen : threads.invokeAll(clients)) {
                assertThat(seen.get()).as("whose rows a client saw").hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }

        lake.result("tier", "sync");

        for (String person : PEOPLE) {
            List<String> titles = new ArrayList<>();
            lake.query("select title from user_data.activity where user_id = '" + id(person) + "'")
                    .forEach(row -> titles.add(row.get(0).asText()));
            List<String> expected =
                    new ArrayList<>(List.of("Searched for " + person + "1", "Searched for " + person + "2"));
            for (int client = PEOPLE.indexOf(person); client < CLIENTS; client += PEOPLE.size()) {
                for (int write = 0; write < WRITES; write++) {
                    expected.add(person + "-" + client + " wrote " + write);
                }
            }
            assertThat(titles).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** Writes and reads in turn; each statement may go through another session. Returns whose rows its reader saw. */
    private static TreeSet<String> application(String person, String name) throws SQLException {
        TreeSet<String> users = new TreeSet<>();
        try (Connection writer = connect("writer_app");
                Statement writes = writer.createStatement();
                Connection reader = connect(person + "_app");
                Statement reads = reader.createStatement()) {
            for (int write = 0; write < WRITES; write++) {
                writes.execute("""
                        INSERT INTO user_data.activity (id, match_key, user_id, source, import_id, entry, position, ingested_at,
                            event_time, zone_certainty, product, title, month)
                        SELECT md5('%1$s %2$d'), match_key, user_id, source, import_id, entry, position, ingested_at, event_time,
                            zone_certainty, product, '%1$s wrote %2$d', month
                        FROM user_data.activity WHERE title = 'Searched for %3$s1'""".formatted(name, write, person));
                try (ResultSet rows = reads.executeQuery("SELECT DISTINCT user_id FROM user_data.activity")) {
                    while (rows.next()) {
                        users.add(rows.getString(1));
                    }
                }
            }
        }
        return users;
    }

    /** As PgBouncer's documentation asks of Java: a prepared statement would stay behind in another's session. */
    private static Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(pooler.url("transaction") + "?prepareThreshold=0", role, "secret");
    }

    @Test
    void theLakesOwnJobsRefuseAPoolThatChangesSessions() throws IOException {
        LakeCommands.Ended refused = lake(pooler.url("transaction")).run("tier", "sync");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.failure())
                .contains("cannot be used by the lake's own jobs")
                .contains("pool_mode = transaction")
                .contains("name the server itself in lake.postgres.url");
    }

    @Test
    void aPoolThatKeepsSessionsIsFine() throws IOException {
        LakeCommands.Ended done = lake(pooler.url("session")).run("tier", "sync");

        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    /** Debian's PgBouncer, with a pool of each mode, by the name of the mode. It does not run as root, which it refuses. */
    private record PgBouncer(Process process, int port) {
        private static final String NOBODY = "nobody";

        static PgBouncer start(Path folder, PostgresConnection server, List<String> roles)
                throws IOException, InterruptedException {
            URI address = URI.create(server.url().substring("jdbc:".length()));
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            Files.createDirectories(folder);
            StringBuilder users = new StringBuilder(
                    "\"%s\" \"%s\"%n".formatted(server.user(), server.password().get()));
            roles.forEach(role -> users.append("\"%s\" \"secret\"%n".formatted(role)));
            Files.writeString(folder.resolve("users"), users);
            Path settings = Files.writeString(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    transaction = host=127.0.0.1 port=%1$d dbname=%2$s pool_mode=transaction pool_size=2
                    session = host=127.0.0.1 port=%1$d dbname=%2$s pool_mode=session
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %3$d
                    unix_socket_dir =
                    auth_type = plain
                    auth_file = %4$s/users
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(
                            address.getPort(), address.getPath().substring(1), port, folder));
            // It reads them again as the user who is nobody.
            Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Process process = DebianPrograms.unpacked("pgbouncer", "pgbouncer", "libc-ares2", "libevent-2.1-7")
                    .startPlain(folder, "pgbouncer", "-u", NOBODY, settings.toString());
            for (int attempt = 0; !listens(port); attempt++) {
                assertThat(process.isAlive() && attempt < 100)
                        .as(Files.readString(folder.resolve("pgbouncer.log")))
                        .isTrue();
                Thread.sleep(100);
            }
            return new PgBouncer(process, port);
        }

        private static boolean listens(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        String url(String pool) {
            return "jdbc:postgresql://127.0.0.1:" + port + "/" + pool;
        }

        void close() {
            process.destroy();
        }
    }
}
