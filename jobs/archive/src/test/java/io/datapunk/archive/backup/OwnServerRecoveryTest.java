package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.Outbox;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresMigrations;
import io.datapunk.testkit.OwnPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL of one's own as the hot store is recovered as {@code conf/postgres/archiving.conf} says, by the programs that
 * come with it.
 */
@Tag("full")
class OwnServerRecoveryTest {
    private static final Path CONF = Path.of("../../conf/postgres");

    @TempDir
    private Path folder;

    private OwnPostgres postgres;
    private Path backup;

    @BeforeEach
    void aServerWithTheAdvisedSettings() throws Exception {
        postgres = new OwnPostgres(folder);
        backup = Files.createDirectory(folder.resolve("backup"));
        Files.createDirectory(backup.resolve("wal"));
        postgres.create(
                Files.readString(CONF.resolve("server.conf")).replace("shared_buffers = 2GB", "shared_buffers = 64MB")
                        + Files.readString(CONF.resolve("archiving.conf")).replace("/backup/", backup + "/"));
    }

    @AfterEach
    void stop() throws Exception {
        postgres.stop("immediate");
    }

    @Test
    void itComesBackAsOfAMomentAndTheLakeGoesOnWithIt() throws Exception {
        PostgresMigrations.migrateOperational(server());
        insert("before");
        postgres.run(
                "pg_basebackup",
                "--checkpoint=fast",
                "--host=127.0.0.1",
                "--port=" + postgres.port(),
                "--username=lake",
                "--pgdata=" + backup.resolve("base"));
        insert("after");
        String moment = text("SELECT clock_timestamp()::text");
        execute("DELETE FROM ops.system_config");
        execute("SELECT pg_switch_wal()");
        postgres.stop("fast");

        Path recovered = backup.resolve("base");
        Files.writeString(
                recovered.resolve("postgresql.auto.conf"),
                "restore_command = 'cp " + backup + "/wal/%f \"%p\"'\nrecovery_target_time = '" + moment
                        + "'\nrecovery_target_action = 'promote'\n",
                StandardOpenOption.APPEND);
        Files.createFile(recovered.resolve("recovery.signal"));
        postgres.start(recovered);
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
        return postgres.connection();
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
}
