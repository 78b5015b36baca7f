package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** A month above {@code split-above} lies in several tables, cut by a hash of the user. */
class SplitMonthsTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final long LIMIT = 1000;
    private static final HotLayout SPLIT = new HotLayout(List.of(), LIMIT);
    private static final DatasetName DATASET = new DatasetName("user_data", "activity");
    private static final TableDefinition ACTIVITY = new TableDefinition(
            DATASET,
            PartitionedBy.MONTH,
            List.of(
                    column("id"),
                    column("user_id"),
                    new Column("event_time", Primitive.TIMESTAMP, false, false, false, ""),
                    column("title"),
                    column("month")),
            List.of(),
            true,
            "");
    private static final String TABLES_OF_SERVED =
            "SELECT part::text FROM lake.served, lake.tables_of(format('lake_hot.%I', leaf)::regclass) AS part"
                    + " WHERE state = 'SERVING' ORDER BY 1";

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection database = SharedPostgres.emptyDatabase();
    private final HotStore store = HotStore.open(database, 1, dataset -> SPLIT);

    @Test
    void aLargeMonthIsCutByUserAndASmallOneIsNot() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        serve(store, "2026-02", LIMIT);

        assertThat(texts("SELECT month || ' ' || count(DISTINCT tableoid) || ' ' || count(*) || ' ' || min(title)"
                        + " FROM user_data.activity GROUP BY month ORDER BY month"))
                .containsExactly("2026-01 4 400 title 0", "2026-02 1 400 title 0");
        assertThat(texts("SELECT DISTINCT count(DISTINCT tableoid)::text FROM user_data.activity"
                        + " WHERE month = '2026-01' GROUP BY user_id"))
                .as("a user's rows lie in one table")
                .containsExactly("1");
    }

    @Test
    void aQueryForOneUserOpensOneTableAndItsIndex() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        String plan = String.join(
                "\n",
                texts("EXPLAIN SELECT title FROM user_data.activity WHERE month = '2026-01' AND user_id = 'user-3'"
                        + " ORDER BY event_time DESC LIMIT 5"));
        assertThat(plan.split(" on activity_2026_01_", -1)).as(plan).hasSize(2);
    }

    @Test
    void theLeafHasTheSizeOfAllItsTables() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        assertThat(texts("SELECT (bytes = (SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                        + " WHERE relnamespace = 'lake_hot'::regnamespace AND relkind = 'r'))::text FROM lake.served"))
                .containsExactly("true");
    }

    @Test
    void aRowThatOneOfItsTablesHasChangedIsFound() throws SQLException {
        HotLoad load = load(store, "2026-01", 3 * LIMIT);
        change("UPDATE " + HotTable.leaf(load.leaf()) + " SET title = 'another' WHERE user_id = 'user-3' AND id = '3'");
        assertThat(store.verify(load).matches()).isFalse();
        assertThatThrownBy(() -> store.serve(load, NOW)).isInstanceOf(LakeException.class);
    }

    @Test
    void noneOfItsTablesTakesAWrite() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        List<String> tables = texts(TABLES_OF_SERVED);
        assertThat(tables).hasSize(4);
        for (String table : tables) {
            assertThatThrownBy(() -> execute("DELETE FROM " + table)).hasMessageContaining("read-only");
            assertThat(texts("SELECT relrowsecurity::text FROM pg_class WHERE oid = '" + table + "'::regclass"))
                    .containsExactly("true");
        }
    }

    @Test
    void readingItByUserAndWholeIsCountedOnceEach() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        long before = scans();
        execute("SET enable_seqscan = off; SELECT count(title) FROM user_data.activity WHERE user_id = 'user-3'");
        execute("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;"
                + " SELECT count(title) FROM user_data.activity");
        assertThat(scans() - before).isEqualTo(2);
    }

    @Test
    void itIsReplacedAndReclaimedAsAWhole() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        serve(store, "2026-01", 9 * LIMIT);
        assertThat(texts(TABLES_OF_SERVED)).hasSize(16);
        store.unserve(PartitionName.of(DATASET, "month", "2026-01"), NOW);
        store.reclaim(NOW.plusSeconds(1), Duration.ZERO);
        assertThat(texts("SELECT relname FROM pg_class WHERE relnamespace = 'lake_hot'::regnamespace"))
                .isEmpty();
    }

    @Test
    void theKeyHasTheUserOnlyWhereMonthsAreSplit() throws SQLException {
        HotStore plain = HotStore.open(database, 1);
        serve(plain, "2026-01", 3 * LIMIT);
        assertThat(key()).containsExactly("PRIMARY KEY (id, month)");

        assertThatThrownBy(() -> load(store, "2026-02", 3 * LIMIT))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("it is (id, month) and has to become (id, month, user_id)")
                .hasMessageContaining("--tier warm");
        serve(store, "2026-02", LIMIT);
        assertThat(key()).as("a month that stays whole needs no other key").containsExactly("PRIMARY KEY (id, month)");

        store.unserve(PartitionName.of(DATASET, "month", "2026-01"), NOW);
        store.unserve(PartitionName.of(DATASET, "month", "2026-02"), NOW);
        serve(store, "2026-01", 3 * LIMIT);
        assertThat(key()).containsExactly("PRIMARY KEY (id, month, user_id)");
    }

    @Test
    void applicationsWriteATableOnlyByTheKeyThatDeltaKnowsRowsBy() throws SQLException {
        serve(store, "2026-01", 3 * LIMIT);
        assertThatThrownBy(() -> store.writable().allow(ACTIVITY))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("it is (id, month, user_id) and has to become (id, month)");
        store.unserve(PartitionName.of(DATASET, "month", "2026-01"), NOW);
        store.writable().allow(ACTIVITY);
        assertThat(key()).containsExactly("PRIMARY KEY (id, month)");
    }

    private long scans() throws SQLException {
        // Counters are told at the end of a session at the latest.
        execute("SELECT pg_stat_force_next_flush()");
        return ScanCounters.read(database, Duration.ofSeconds(5)).get(0).scans();
    }

    private void serve(HotStore by, String month, long fileBytes) {
        HotLoad load = load(by, month, fileBytes);
        assertThat(by.verify(load).matches()).isTrue();
        by.serve(load, NOW);
    }

    private HotLoad load(HotStore by, String month, long fileBytes) {
        List<Row> rows = IntStream.range(0, 400)
                .mapToObj(i -> RowFactory.create(
                        String.valueOf(i), "user-" + i % 20, NOW.minusSeconds(i), "title " + i, month))
                .toList();
        PartitionFiles files = new PartitionFiles(
                PartitionName.of(DATASET, "month", month),
                fileBytes,
                List.of(new DataFile(
                        "month=" + month + "/" + fileBytes + ".parquet", fileBytes, 0, rows.size(), Map.of(), "")));
        return by.load(spark, ACTIVITY, files, spark.createDataFrame(rows, DeltaSchemas.structType(ACTIVITY)));
    }

    private List<String> key() throws SQLException {
        return texts("SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                + " WHERE conrelid = 'user_data.activity'::regclass AND contype = 'p'");
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            return Statements.texts(connection, sql);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.execute(connection, sql);
        }
    }

    /** What only a superuser who means it can do. */
    private void change(String sql) throws SQLException {
        execute("SET session_replication_role = replica; " + sql);
    }

    private static Column column(String name) {
        return new Column(name, Primitive.STRING, false, false, false, "");
    }
}
