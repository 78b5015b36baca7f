package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server refuses, as it logs it. */
class ServerRefusalsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59Z");

    @TempDir
    private Path home;

    private LakeConfig config;

    @BeforeEach
    void aServerWithARoleThatMayReadNothing() throws SQLException {
        config = config(Map.of());
        try (PostgresServer server = PostgresServer.open(config.postgres(), LakeHome.of(config))) {
            execute(server.connection(), "CREATE ROLE ann_app LOGIN PASSWORD 'right' IN ROLE lake_reader");
            execute(server.connection(), "CREATE TABLE public.secrets AS SELECT 'a secret' AS secret");
        }
    }

    @AfterEach
    void stop() {
        PostgresServer.embedded(config.postgres(), LakeHome.of(config)).stop();
    }

    @Test
    void aWrongPasswordAndATableOfOthersStandInTheAuditLog() throws Exception {
        look(config);
        refuse(running());

        look(config);
        look(config);

        assertThat(entries())
                .extracting(AuditRecord::action)
                .containsExactly("postgres.login-failed", "postgres.denied");
        assertThat(entries()).extracting(AuditRecord::subject).allMatch(role -> role.matches("role-[0-9a-f]{32}"));
        assertThat(entries().get(0).details())
                .containsEntry("sqlstate", "28P01")
                .containsEntry("database", "lake")
                .containsEntry("times", "1")
                .doesNotContainKey("object");
        assertThat(entries().get(1).details())
                .containsEntry("sqlstate", "42501")
                .containsEntry("object", "table secrets");
        assertThat(Files.readString(home.resolve("postgres/postgres.log")))
                .as("no statement, and no value")
                .doesNotContain("SELECT", "a secret", "'x'");
    }

    @Test
    void whatAServerRefusedThatHasEndedSinceIsReadWithoutStartingIt() throws Exception {
        refuse(running());
        stop();

        look(config);

        assertThat(entries())
                .extracting(AuditRecord::action)
                .containsExactly("postgres.login-failed", "postgres.denied");
        assertThat(PostgresServer.running(config.postgres(), LakeHome.of(config)))
                .isEmpty();
    }

    @Test
    void anOperatorsServerIsReadBySqlOnceItsAccountMayAndTellsWhatIsLackingBefore() throws Exception {
        execute(running(), "ALTER SYSTEM SET logging_collector = on");
        execute(running(), "CREATE ROLE operator LOGIN PASSWORD 'op'");
        stop();
        PostgresServer.open(config.postgres(), LakeHome.of(config)).close();
        LakeConfig remote = config(Map.of(
                "lake.postgres.url", running().url(),
                "lake.postgres.user", "operator",
                "LAKE_POSTGRES_PASSWORD", "op"));
        PostgresConnection account =
                PostgresServer.running(remote.postgres(), LakeHome.of(remote)).orElseThrow();

        assertThat(ServerLogWatch.lacking(account))
                .containsExactly(
                        "GRANT pg_monitor TO operator",
                        "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO operator");
        refuse(running());
        look(remote);
        assertThat(entries()).isEmpty();

        execute(running(), "GRANT pg_monitor TO operator");
        execute(running(), "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO operator");
        assertThat(ServerLogWatch.lacking(account)).isEmpty();
        look(remote);
        execute(running(), "SELECT pg_rotate_logfile()");
        refuse(running());
        look(remote);
        look(remote);

        assertThat(entries())
                .extracting(AuditRecord::action)
                .containsExactly(
                        "postgres.login-failed", "postgres.denied", "postgres.login-failed", "postgres.denied");
        assertThat(entries()).extracting(entry -> entry.details().get("times")).containsOnly("1");
    }

    private PostgresConnection running() {
        return PostgresServer.running(config.postgres(), LakeHome.of(config)).orElseThrow();
    }

    private static void refuse(PostgresConnection server) throws SQLException {
        PostgresConnection wrong = new PostgresConnection(server.url(), "ann_app", () -> "wrong");
        assertThatThrownBy(() -> wrong.open("psql").close()).isInstanceOf(LakeException.class);
        try (Connection reader = new PostgresConnection(server.url(), "ann_app", () -> "right").open("psql")) {
            assertThatThrownBy(() -> Statements.execute(reader, "SELECT * FROM public.secrets WHERE secret = 'x'"))
                    .isInstanceOf(SQLException.class);
        }
    }

    private static void look(LakeConfig config) {
        new ServerLogWatch(config, LakeHome.of(config)).look(NOW, true);
    }

    private List<AuditRecord> entries() {
        List<AuditRecord> entries = new ArrayList<>();
        AuditTrail.of(config, LakeHome.of(config)).read(0, entries::add);
        return entries;
    }

    /** @param settings keys of the configuration, and variables of the environment */
    private LakeConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("lake.home", home.toString());
        Map<String, String> environment = new HashMap<>(all);
        environment.keySet().removeIf(key -> key.startsWith("lake."));
        all.keySet().removeIf(key -> !key.startsWith("lake."));
        return LakeConfig.load(null, environment, all);
    }

    private static void execute(PostgresConnection server, String sql) throws SQLException {
        try (Connection connection = server.open("test")) {
            Statements.execute(connection, sql);
        }
    }
}
