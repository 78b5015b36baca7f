package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.audit.RoleSurrogates;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59Z");

    @TempDir
    private static Path folder;

    private static LakeConfig config;
    private static LakeHome home;
    private static PostgresServer server;
    private static String ann;
    private int before;

    @BeforeAll
    static void start() throws SQLException {
        config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
        home = LakeHome.open(config);
        server = PostgresServer.open(config.postgres(), home);
        execute("CREATE SCHEMA shop");
        execute("CREATE TABLE shop.orders (id text, user_id text)");
        execute("CREATE ROLE ann_app LOGIN PASSWORD 'right'");
        execute("CREATE SCHEMA ann_app AUTHORIZATION ann_app");
        ann = new RoleSurrogates(config, home).of("ann_app");
    }

    @AfterAll
    static void stop() {
        server.close();
        PostgresServer.embedded(config.postgres(), home).stop();
    }

    @BeforeEach
    void nothingIsNew() {
        look();
        before = entries().size();
    }

    @Test
    void aGrantAndItsEndAreTwoChangesOfTheTable() throws SQLException, IOException {
        execute("GRANT SELECT ON shop.orders TO ann_app");
        assertThat(change()).isEqualTo("table shop.orders");

        execute("REVOKE SELECT ON shop.orders FROM ann_app");
        assertThat(change()).isEqualTo("table shop.orders");

        execute("GRANT SELECT (id) ON shop.orders TO ann_app");
        assertThat(change()).isEqualTo("table shop.orders");

        AuditRecord entry = entries().get(before - 1);
        assertThat(entry.action()).isEqualTo("permissions.change");
        assertThat(entry.at()).isEqualTo(NOW);
        assertThat(entry.details().keySet()).containsExactly("objects", "sha256", "sha256_before");
        assertThat(Files.readString(home.audit().resolve("permissions")))
                .contains("table shop.orders ", "role lake_reader ", "schema " + ann + " ", "database lake ")
                .doesNotContain("ann_app");
    }

    @Test
    void whatARoleMayIsOfTheRole() throws SQLException {
        execute("GRANT lake_reader TO ann_app");
        assertThat(change()).isEqualTo("role " + ann);

        execute("ALTER ROLE ann_app CREATEROLE");
        assertThat(change()).isEqualTo("role " + ann);

        execute("INSERT INTO lake.user_roles VALUES ('ann_app', '0123456789abcdef')");
        assertThat(change()).isEqualTo("rows of " + ann);
    }

    @Test
    void schemasPoliciesAndTheDatabaseCountToo() throws SQLException {
        execute("GRANT USAGE ON SCHEMA shop TO lake_reader");
        assertThat(change()).isEqualTo("schema shop");

        execute("GRANT TEMPORARY ON DATABASE lake TO lake_reader");
        assertThat(change()).isEqualTo("database lake");

        execute("ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY");
        execute("CREATE POLICY own ON shop.orders USING (user_id = current_user)");
        look();
        execute("ALTER POLICY own ON shop.orders USING (true)");
        before = entries().size();
        assertThat(change()).isEqualTo("table shop.orders");
    }

    @Test
    void anotherModeOfAFolderIsAChangeAndAFolderThatWasMadeIsNone() throws IOException {
        Files.createDirectories(home.local().resolve("keys/audit"));
        look();
        assertThat(entries()).hasSize(before);

        Files.setPosixFilePermissions(home.local().resolve("keys"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(change()).isEqualTo("folder keys");
    }

    /** What the one entry names that is new. */
    private String change() {
        look();
        look();
        List<AuditRecord> entries = entries();
        assertThat(entries).hasSize(before + 1);
        before++;
        return entries.get(before - 1).details().get("objects");
    }

    private static void look() {
        new PermissionWatch(config, home).look(NOW, true);
    }

    private static List<AuditRecord> entries() {
        List<AuditRecord> entries = new ArrayList<>();
        AuditTrail.of(config, home).read(0, entries::add);
        return entries;
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.connection().open("test")) {
            Statements.execute(connection, sql);
        }
    }
}
