package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A report that runs for hours holds its locks the whole time; what moves beside it must not make others wait. */
class LiveTrafficTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final DatasetName EVENTS = new DatasetName("shop", "events");
    private static final TableDefinition TABLE = TableDefinition.foreign(
            EVENTS, "day", List.of(column("id", Primitive.LONG), column("day", Primitive.STRING)));
    private static final String COUNT = "SELECT count(*) FROM shop.events";

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection database = SharedPostgres.emptyDatabase();
    private HotStore store;

    @BeforeEach
    void oneDayIsServed() {
        store = HotStore.open(database, 1);
        serve("1", 10);
    }

    @Test
    void aDayIsLoadedAndServedWhileAReportHoldsTheTable() throws SQLException {
        try (Connection report = report()) {
            // Would wait for the report, and end, if it asked for a lock that excludes readers.
            serve("2", 5);
            assertThat(read()).isEqualTo(15);
            report.rollback();
        }
    }

    @Test
    void readersGoOnWhileADayThatAReportReadsIsTakenOutOfService() throws Exception {
        try (Connection report = report()) {
            CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> store.unserve(day("1"), NOW));
            awaitWaiting("lake detach");
            assertThat(locks()).doesNotContain("AccessExclusiveLock", "ExclusiveLock");
            assertThat(read()).isZero();
            assertThat(leaving).isNotDone();
            report.rollback();
            leaving.join();
        }
        assertThat(read()).isZero();
    }

    @Test
    void readersWaitForMomentsOnlyWhileADayThatAReportReadsIsReplaced() throws Exception {
        try (Connection report = report()) {
            HotLoad load = load("1", 2, 20);
            CompletableFuture<Void> replacing = CompletableFuture.runAsync(() -> store.serve(load, NOW));
            awaitWaiting("lake tiering");
            for (int reader = 0; reader < 5; reader++) {
                assertThat(read()).isEqualTo(10);
            }
            assertThat(replacing).isNotDone();
            report.rollback();
            replacing.join();
        }
        assertThat(read()).isEqualTo(20);
    }

    /** A transaction that has read the table and stays open. */
    private Connection report() throws SQLException {
        Connection report = SharedPostgres.connect(database);
        report.setAutoCommit(false);
        Statements.number(report, COUNT);
        return report;
    }

    /** As an application that gives up after a second. */
    private long read() throws SQLException {
        try (Connection application = SharedPostgres.connect(database)) {
            Statements.execute(application, "SET lock_timeout = '1s'");
            return Statements.number(application, COUNT);
        }
    }

    private void awaitWaiting(String purpose) throws Exception {
        try (Connection connection = SharedPostgres.connect(database)) {
            while (Statements.number(
                            connection,
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND wait_event_type = 'Lock'",
                            purpose)
                    == 0) {
                Thread.sleep(20);
            }
        }
    }

    /** What the lake holds on the table, or waits for. */
    private List<String> locks() throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            return Statements.texts(
                    connection,
                    "SELECT mode FROM pg_locks JOIN pg_stat_activity USING (pid)"
                            + " WHERE relation = 'shop.events'::regclass AND application_name LIKE 'lake%'");
        }
    }

    private void serve(String day, int rows) {
        store.serve(load(day, 1, rows), NOW);
    }

    private HotLoad load(String day, long version, int count) {
        List<Row> rows = LongStream.range(0, count)
                .mapToObj(id -> RowFactory.create(id, day))
                .toList();
        PartitionFiles files = new PartitionFiles(
                day(day),
                version,
                List.of(new DataFile("day=" + day + "/" + version + ".parquet", 1, 0, count, Map.of(), "")));
        HotLoad load = store.load(spark, TABLE, files, spark.createDataFrame(rows, DeltaSchemas.structType(TABLE)));
        assertThat(store.verify(load).matches()).isTrue();
        return load;
    }

    private static PartitionName day(String day) {
        return PartitionName.of(EVENTS, "day", day);
    }

    private static Column column(String name, Primitive type) {
        return new Column(name, type, true, false, false, "");
    }
}
