package io.datapunk.tiering.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresMigrations;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications write in PostgreSQL comes to Delta: each write once, whatever happens. */
class TierSyncJobTest {
    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection postgres = SharedPostgres.migratedDatabase();
    private final LakeConfig config =
            LakeConfig.load(null, Map.of(), Map.of("lake.datasets.\"user_data.activity\".tiering.hot.writes", "true"));
    private LakeHome home;

    @BeforeEach
    void open() {
        home = new LakeHome(folder.toString(), folder);
        PostgresMigrations.migrateOperational(postgres);
        job(FaultPoint.NONE).run(Instant.now());
    }

    @Test
    void tablesBornInPostgresHaveACopyInDelta() throws SQLException {
        execute(
                "INSERT INTO ops.system_config (key, value) VALUES ('size', '10'), ('colour', 'red'), ('old', 'x')",
                "INSERT INTO ops.workflow_executions (id, workflow_id, alert_id, status, metadata, started_at, month)"
                        + " VALUES ('3b241101-e2bb-4255-8caf-4136c566a962', 'restart', 'a-1', 'running',"
                        + " '{\"n\": 1.50, \"ä\": null}', date_trunc('month', now()), lake.month_of(now()))");

        assertThat(sync()).contains("ops.system_config +3 ~0 -0", "ops.workflow_executions +1 ~0 -0");

        assertThat(delta("ops.system_config", "key", "value", "is_encrypted"))
                .containsExactly("colour|red|false", "old|x|false", "size|10|false");
        assertThat(delta("ops.workflow_executions", "id", "workflow_id", "metadata", "completed_at"))
                .containsExactly("3b241101-e2bb-4255-8caf-4136c566a962|restart|{\"n\": 1.50, \"ä\": null}|null");
        assertThat(sync()).doesNotContain("ops.system_config +3 ~0 -0").contains("ops.system_config +0 ~0 -0");

        execute(
                "UPDATE ops.system_config SET value = '11' WHERE key = 'size'",
                "DELETE FROM ops.system_config WHERE key = 'old'",
                "UPDATE ops.workflow_executions SET status = 'completed'");
        assertThat(sync()).contains("ops.system_config +0 ~1 -1", "ops.workflow_executions +0 ~1 -0");
        assertThat(delta("ops.system_config", "key", "value")).containsExactly("colour|red", "size|11");
        assertThat(delta("ops.workflow_executions", "status")).containsExactly("completed");
    }

    @Test
    void aRunThatDiesAnywhereIsFinishedByTheNext() throws SQLException {
        List<String> steps = new ArrayList<>();
        execute("INSERT INTO ops.system_config (key, value) VALUES ('n', '0')");
        job(SimulatedCrash.recording(steps)).run(Instant.now());
        assertThat(steps).containsExactly("sync.marked", "sync.committed", "sync.merged", "sync.removed");
        for (String step : steps) {
            execute(
                    "UPDATE ops.system_config SET value = '" + step + "' WHERE key = 'n'",
                    "INSERT INTO ops.system_config (key, value) VALUES ('" + step + "', 'first')");
            assertThatThrownBy(() -> job(SimulatedCrash.at(step, 1)).run(Instant.now()))
                    .isInstanceOf(SimulatedCrash.class);
            execute("UPDATE ops.system_config SET value = 'then' WHERE key = '" + step + "'");

            sync();

            assertThat(delta("ops.system_config", "key", "value")).isEqualTo(inPostgres());
        }
        assertThat(inPostgres()).hasSize(5);
    }

    @Test
    void aMonthThatIsNotHotTakesRowsIntoItsInbox() throws SQLException {
        write("2026-03", "a", "b");
        sync();
        execute(insert("c", "2026-03", "from the application"), insert("d", "2026-04", "of a month to come"));

        assertThat(sync()).contains("user_data.activity +2 ~0 -0");

        assertThat(delta("user_data.activity", "id", "title", "month"))
                .containsExactly(
                        "a|Title|2026-03",
                        "b|Title|2026-03",
                        "c|from the application|2026-03",
                        "d|of a month to come|2026-04");
        assertThat(query("SELECT count(*) FROM user_data.activity")).containsExactly("0");
    }

    @Test
    void aTableThatIsNoLongerToBeWrittenIsClosedOnceDeltaHasEverything() throws SQLException {
        write("2026-03", "a");
        sync();
        execute(insert("b", "2026-03", "the last one"));
        LakeConfig off = LakeConfig.load(null, Map.of(), Map.of());

        new TierSyncJob(off, home, () -> spark, postgres).run(Instant.now());

        assertThat(delta("user_data.activity", "id", "title")).containsExactly("a|Title", "b|the last one");
        assertThatThrownBy(() -> execute(insert("c", "2026-03", "too late"))).hasMessageContaining("read-only");
        assertThatThrownBy(() -> execute("SET ROLE lake_ingest", insert("c", "2026-03", "too late")))
                .hasMessageContaining("permission denied");
        assertThat(query("SELECT dataset FROM lake.writable WHERE dataset = 'user_data.activity'"))
                .isEmpty();
        assertThat(query("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = 'user_data.activity'::regclass"))
                .as("inboxes")
                .isEmpty();

        sync();
        execute(insert("c", "2026-03", "on again"));
        assertThat(sync()).contains("user_data.activity +1 ~0 -0");
    }

    /** Of a month that Delta has rows of, a new PostgreSQL has not all: it must not be served. */
    @Test
    void aPostgresThatWasLostServesNoMonthThatDeltaHas() throws SQLException {
        execute("INSERT INTO ops.health_metrics (component, status) VALUES ('db', 'up')");
        sync();
        PostgresConnection another = SharedPostgres.migratedDatabase();
        PostgresMigrations.migrateOperational(another);

        new TierSyncJob(config, home, () -> spark, another).run(Instant.now());

        assertThat(query(
                        another,
                        "SELECT count(*) FILTER (WHERE inbox) || ' of ' || count(*) FROM lake.writable_partitions"
                                + " WHERE dataset = 'ops.health_metrics'"))
                .containsExactly("1 of 4");
        assertThat(query(
                        another,
                        "SELECT inbox::text FROM lake.writable_partitions WHERE dataset = 'ops.health_metrics'"
                                + " AND partition = 'month=' || lake.month_of(now())"))
                .containsExactly("true");
    }

    @Test
    void aDeletionInDeltaWinsOverALaterChange() throws SQLException {
        execute("INSERT INTO ops.system_config (key, value) VALUES ('kept', '1'), ('erased', '1')");
        sync();
        spark.sql("DELETE FROM delta.`" + home.tablePath(DatasetName.parse("ops.system_config"))
                + "` WHERE key = 'erased'");
        execute("UPDATE ops.system_config SET value = '2'");

        assertThat(sync()).contains("ops.system_config +0 ~1 -0 left out 1");

        assertThat(delta("ops.system_config", "key", "value")).containsExactly("kept|2");
    }

    private String insert(String id, String month, String title) {
        return "INSERT INTO user_data.activity (id, match_key, user_id, source, import_id, entry, position, ingested_at,"
                + " event_time, product, kind, title, month) VALUES ('" + id + "', 'm', 'u', 's', 'i', 'e', 1, now(), '"
                + month
                + "-05 00:00+00', 'p', 'k', '" + title + "', '" + month + "')";
    }

    private void write(String month, String... ids) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        ActivityTable.DEFINITION,
                        spark.createDataset(List.of(ids), org.apache.spark.sql.Encoders.STRING())
                                .selectExpr(
                                        "value as id",
                                        "'m' as match_key",
                                        "'u' as user_id",
                                        "'s' as source",
                                        "'i' as import_id",
                                        "'e' as entry",
                                        "1L as position",
                                        "current_timestamp() as ingested_at",
                                        "timestamp '" + month + "-02 00:00:00' as event_time",
                                        "'Title' as title",
                                        "'" + month + "' as month"));
    }

    private TierSyncJob job(FaultPoint fault) {
        return new TierSyncJob(config, home, () -> spark, postgres, fault);
    }

    private List<String> sync() {
        return job(FaultPoint.NONE).run(Instant.parse("2026-03-15T00:00:00Z")).datasets().stream()
                .map(synced -> "%s +%d ~%d -%d%s"
                        .formatted(
                                synced.dataset(),
                                synced.inserted(),
                                synced.updated(),
                                synced.deleted(),
                                synced.leftOut() > 0 ? " left out " + synced.leftOut() : ""))
                .toList();
    }

    private List<String> delta(String dataset, String... columns) {
        return spark
                .read()
                .format("delta")
                .load(home.tablePath(DatasetName.parse(dataset)))
                .selectExpr(columns)
                .collectAsList()
                .stream()
                .map(row -> row.mkString("|"))
                .sorted()
                .toList();
    }

    private List<String> inPostgres() throws SQLException {
        return query("SELECT key || '|' || value FROM ops.system_config ORDER BY 1");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(postgres);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> query(String sql) throws SQLException {
        return query(postgres, sql);
    }

    private static List<String> query(PostgresConnection server, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
