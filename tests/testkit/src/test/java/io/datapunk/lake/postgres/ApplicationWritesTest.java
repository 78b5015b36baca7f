package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What applications may write in PostgreSQL, and what the outbox then holds. */
class ApplicationWritesTest {
    private static final DatasetName CONFIG = new DatasetName("ops", "system_config");
    private static final DatasetName METRICS = new DatasetName("ops", "health_metrics");

    private PostgresConnection database;
    private HotStore store;

    @BeforeEach
    void open() {
        database = SharedPostgres.emptyDatabase();
        PostgresMigrations.migrateOperational(database);
        store = HotStore.open(database, 1);
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        store.writable().datasets().stream()
                .filter(dataset -> dataset.partitionColumn().isPresent())
                .forEach(dataset -> store.writable().openLeaves(dataset, List.of(), List.of(month)));
    }

    @Test
    void theOperationalTablesTakeRowsAsSoonAsTheyAreThere() throws SQLException {
        asWriter("INSERT INTO ops.workflow_executions (workflow_id, alert_id, status, metadata)"
                + " VALUES ('restart', 'a-1', 'running', '{\"b\": 1, \"a\": [null, 2.50]}')");

        assertThat(asWriter("SELECT status, month = lake.month_of(started_at) FROM ops.workflow_executions"))
                .containsExactly("running|t");
        assertThat(outbox("ops.workflow_executions", "workflow_id, metadata"))
                .containsExactly("I|restart|{\"a\": [null, 2.50], \"b\": 1}");
    }

    @Test
    void whatIsRolledBackLeavesNothing() throws SQLException {
        asWriter("BEGIN", "INSERT INTO ops.system_config (key, value) VALUES ('a', '1')", "ROLLBACK");
        assertThat(outbox("ops.system_config", "key")).isEmpty();
    }

    @Test
    void onlyTheLastStateOfARowIsBrought() throws SQLException {
        asWriter("INSERT INTO ops.system_config (key, value) VALUES ('new', '1'), ('gone', '1'), ('back', '1')");
        bring(CONFIG);
        asWriter("UPDATE ops.system_config SET value = value || '0'");
        asWriter("DELETE FROM ops.system_config WHERE key <> 'new'");
        asWriter("INSERT INTO ops.system_config (key, value) VALUES ('back', '2'), ('newer', '1')");
        asWriter("UPDATE ops.system_config SET key = 'renamed' WHERE key = 'newer'");

        assertThat(take(CONFIG, 2, "key", "value", RowChange.COLUMN))
                .containsExactly("back|2|I", "gone|10|D", "new|10|U", "newer|1|D", "renamed|1|I");
    }

    @Test
    void aBatchIsTheSameHoweverOftenItIsRead() throws SQLException {
        asWriter("INSERT INTO ops.system_config (key, value) VALUES ('a', '1')");
        assertThat(take(CONFIG, 7, "key", "value")).containsExactly("a|1");
        asWriter("UPDATE ops.system_config SET value = '2'");
        assertThat(take(CONFIG, 8, "key", "value")).containsExactly("a|1");
        assertThat(store.outbox().take(dataset(CONFIG), 8)).hasValue(new Outbox.Batch(7, true));

        store.outbox().remove(dataset(CONFIG), 7);

        assertThat(take(CONFIG, 8, "key", "value")).containsExactly("a|2");
    }

    @Test
    void whatDeltaCannotHoldIsRefusedInTheWritersTransaction() {
        assertThatThrownBy(
                        () -> asWriter(
                                "INSERT INTO ops.alert_context (alert_id, context_data, expires_at) VALUES ('a', '{}', 'infinity')"))
                .hasMessageContaining("column expires_at has a value that Delta cannot hold");
        assertThatThrownBy(() -> asWriter("INSERT INTO ops.effectiveness_assessments (action_id, success_score)"
                        + " VALUES (gen_random_uuid(), 'NaN')"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> asWriter("TRUNCATE ops.system_config")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> run("TRUNCATE ops.system_config")).hasMessageContaining("Delta would not hear of it");
    }

    @Test
    void aRowOfAnotherMonthNeedsItsMonth() throws SQLException {
        String insert = "INSERT INTO ops.health_metrics (component, status, measured_at, month)"
                + " VALUES ('db', 'up', '2019-05-03 10:00+00', '2019-05')";
        assertThatThrownBy(() -> asWriter(insert)).hasMessageContaining("no partition of relation");
        assertThatThrownBy(() -> asWriter(insert.replace("'2019-05')", "'2019-06')")))
                .isInstanceOf(SQLException.class);

        asWriter("SELECT lake.open_inbox('ops.health_metrics', '2019-05')");
        asWriter(insert);

        assertThat(outbox("ops.health_metrics", "month")).containsExactly("I|2019-05");
    }

    @Test
    void anInboxTakesNewRowsAloneAndReadersDoNotSeeThem() throws SQLException {
        asWriter("SELECT lake.open_inbox('ops.health_metrics', '2019-05')");
        asWriter("INSERT INTO ops.health_metrics (component, status, measured_at, month)"
                + " VALUES ('db', 'up', '2019-05-03 10:00+00', '2019-05')");
        asWriter("INSERT INTO ops.health_metrics (component, status) VALUES ('db', 'down')");

        assertThat(as("lake_analyst", "SELECT status FROM ops.health_metrics")).containsExactly("down");
        assertThatThrownBy(() -> asWriter("UPDATE ops.health_metrics SET status = 'x' WHERE month = '2019-05'"))
                .hasMessageContaining("PostgreSQL does not serve ops.health_metrics/month=2019-05")
                .hasMessageContaining("lake tier pin");
        assertThatThrownBy(() -> asWriter("DELETE FROM ops.health_metrics WHERE month = '2019-05'"))
                .hasMessageContaining("PostgreSQL does not serve");

        bring(METRICS);

        assertThat(run("SELECT status FROM ops.health_metrics")).containsExactly("down");
        assertThat(outbox("ops.health_metrics", "status")).isEmpty();
    }

    @Test
    void aClosedMonthWaitsForItsWritersAndLetsNoOthersIn() throws SQLException {
        var month =
                dataset(METRICS).partition(run("SELECT lake.month_of(now())").get(0));
        try (Connection writer = writer()) {
            writer.setAutoCommit(false);
            Statements.execute(writer, "INSERT INTO ops.health_metrics (component, status) VALUES ('db', 'early')");
            var closing = java.util.concurrent.CompletableFuture.runAsync(
                    () -> store.writable().close(month));
            assertThat(closing).isNotCompleted();
            writer.commit();
            closing.join();
        }
        assertThatThrownBy(() -> asWriter("INSERT INTO ops.health_metrics (component, status) VALUES ('db', 'late')"))
                .hasMessageContaining("takes no writes at the moment");
        assertThatThrownBy(() -> store.unserve(month, java.time.Instant.EPOCH))
                .hasMessageContaining("writes are not in Delta yet");

        bring(METRICS);
        store.unserve(month, java.time.Instant.EPOCH);

        asWriter("INSERT INTO ops.health_metrics (component, status) VALUES ('db', 'into the inbox')");
        assertThat(as("lake_analyst", "SELECT status FROM ops.health_metrics")).isEmpty();
    }

    @Test
    void theTablesInDeltaAreThoseInPostgres() throws SQLException {
        for (WritableDataset dataset : store.writable().datasets()) {
            TableDefinition definition = LakeTables.find(dataset.name()).orElseThrow();
            assertThat(run("SELECT attname || ' ' || regexp_replace(format_type(atttypid, atttypmod),"
                            + " 'character varying\\(\\d+\\)', 'text') || CASE WHEN attnotnull THEN ' not null' ELSE '' END"
                            + " FROM pg_attribute WHERE attrelid = '" + dataset.table()
                            + "'::regclass AND attnum > 0 ORDER BY attnum"))
                    .containsExactlyElementsOf(definition.columns().stream()
                            .map(column -> column.name() + " "
                                    + ColumnCodec.of(column.type()).sqlType() + (column.nullable() ? "" : " not null"))
                            .toList());
            assertThat(dataset.key()).isEqualTo(definition.key());
        }
    }

    private WritableDataset dataset(DatasetName name) {
        return store.writable().datasets().stream()
                .filter(dataset -> dataset.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void bring(DatasetName name) {
        long batch = store.outbox().take(dataset(name), 1).orElseThrow().number();
        store.outbox().remove(dataset(name), batch);
    }

    private List<String> take(DatasetName name, long next, String... columns) {
        long batch = store.outbox().take(dataset(name), next).orElseThrow().number();
        return store
                .outbox()
                .rows(
                        SharedSpark.session(),
                        dataset(name),
                        LakeTables.find(name).orElseThrow(),
                        batch,
                        store.outbox().extent(dataset(name), batch))
                .selectExpr(columns)
                .orderBy("key")
                .collectAsList()
                .stream()
                .map(row -> row.mkString("|"))
                .toList();
    }

    private List<String> outbox(String dataset, String columns) throws SQLException {
        return run("SELECT lake_operation, " + columns + " FROM lake_outbox.\"" + dataset + "\" ORDER BY lake_number");
    }

    private Connection writer() throws SQLException {
        Connection connection = SharedPostgres.connect(database);
        Statements.execute(connection, "SET ROLE lake_ingest");
        return connection;
    }

    private List<String> asWriter(String... statements) throws SQLException {
        try (Connection connection = writer()) {
            return run(connection, statements);
        }
    }

    private List<String> as(String role, String query) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.execute(connection, "SET ROLE " + role);
            return run(connection, query);
        }
    }

    private List<String> run(String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            return run(connection, statements);
        }
    }

    private static List<String> run(Connection connection, String... statements) throws SQLException {
        List<String> rows = new java.util.ArrayList<>();
        for (String sql : statements) {
            try (var statement = connection.createStatement()) {
                if (statement.execute(sql)) {
                    var found = statement.getResultSet();
                    int columns = found.getMetaData().getColumnCount();
                    while (found.next()) {
                        List<String> values = new java.util.ArrayList<>();
                        for (int column = 1; column <= columns; column++) {
                            values.add(found.getString(column));
                        }
                        rows.add(String.join("|", values));
                    }
                }
            }
        }
        return rows;
    }
}
