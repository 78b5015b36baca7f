package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.Outbox;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresMigrations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL of one's own as the hot store is recovered as {@code conf/postgres/archiving.conf} says, by the programs that
 * come with it. Needs them: Debian's {@code postgresql}, of whatever version, below {@code /usr/lib/postgresql}.
 */
@Tag("full")
class OwnServerRecoveryTest {
    private static final Path CONF = Path.of("../../conf/postgres");

    @TempDir
    private Path folder;

    private Path programs;
    private Path backup;
    private Path data;
    private int port;

    @BeforeEach
    void aServerWithTheAdvisedSettings() throws Exception {
        programs = programs();
        port = freePort();
        backup = Files.createDirectory(folder.resolve("backup"));
        Files.createDirectory(backup.resolve("wal"));
        own(folder);
        data = folder.resolve("data");
        run("initdb", "--pgdata=" + data, "--username=lake", "--auth=trust");
        Files.writeString(
                data.resolve("postgresql.conf"),
                Files.readString(CONF.resolve("server.conf")).replace("shared_buffers = 2GB", "shared_buffers = 64MB")
                        + Files.readString(CONF.resolve("archiving.conf")).replace("/backup/", backup + "/")
                        + "\nport = " + port + "\nunix_socket_directories = ''\n",
                StandardOpenOption.APPEND);
        start(data);
    }

    @AfterEach
    void stop() throws Exception {
        run("pg_ctl", "stop", "--pgdata=" + data, "--mode=immediate");
    }

    @Test
    void itComesBackAsOfAMomentAndTheLakeGoesOnWithIt() throws Exception {
        PostgresMigrations.migrateOperational(server());
        insert("before");
        run(
                "pg_basebackup",
                "--checkpoint=fast",
                "--host=127.0.0.1",
                "--port=" + port,
                "--username=lake",
                "--pgdata=" + backup.resolve("base"));
        insert("after");
        String moment = text("SELECT clock_timestamp()::text");
        execute("DELETE FROM ops.system_config");
        execute("SELECT pg_switch_wal()");
        run("pg_ctl", "stop", "--pgdata=" + data, "--mode=fast");

        Path recovered = backup.resolve("base");
        Files.writeString(
                recovered.resolve("postgresql.auto.conf"),
                "restore_command = 'cp " + backup + "/wal/%f \"%p\"'\nrecovery_target_time = '" + moment
                        + "'\nrecovery_target_action = 'promote'\n",
                StandardOpenOption.APPEND);
        Files.createFile(recovered.resolve("recovery.signal"));
        own(recovered);
        data = recovered;
        start(recovered);
        while (!text("SELECT pg_is_in_recovery()::text").equals("false")) {
            Thread.sleep(50);
        }

        assertThat(text("SELECT string_agg(key, ' ' ORDER BY key) FROM ops.system_config"))
                .isEqualTo("after before");
        PostgresMigrations.migrateOperational(server());
        assertThat(Outbox.waiting(server()).entrySet().stream()
                        .filter(waiting -> waiting.getValue() > 0)
                        .map(waiting -> waiting.getKey() + " " + waiting.getValue()))
                .containsExactly("ops.system_config 2");
    }

    private void insert(String key) throws SQLException {
        execute("INSERT INTO ops.system_config (key, value) VALUES ('" + key + "', '{}')");
    }

    private PostgresConnection server() {
        return new PostgresConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "lake", () -> "");
    }

    private void start(Path directory) throws Exception {
        run("pg_ctl", "start", "--pgdata=" + directory, "--log=" + folder.resolve("log"), "--wait");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server().url(), "lake", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server().url(), "lake", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** As a user who is not root, whom PostgreSQL refuses. */
    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor())
                .as("%s: %s", command, Files.readString(output, StandardCharsets.UTF_8))
                .isZero();
    }

    private static void own(Path tree) throws IOException {
        if (isRoot()) {
            Object user = Files.getAttribute(Path.of("/var/lib/postgresql"), "unix:uid");
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path file : all.toList()) {
                    Files.setAttribute(file, "unix:uid", user);
                }
            }
            for (Path above = tree;
                    above.startsWith("/tmp") && !above.equals(Path.of("/tmp"));
                    above = above.getParent()) {
                if (above.getParent().equals(Path.of("/tmp"))) {
                    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(folder -> Files.isExecutable(folder.resolve("pg_basebackup"))
                            && Files.isExecutable(folder.resolve("initdb")))
                    .max(Comparator.comparing(folder ->
                            Integer.parseInt(folder.getParent().getFileName().toString())))
                    .orElseThrow();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
