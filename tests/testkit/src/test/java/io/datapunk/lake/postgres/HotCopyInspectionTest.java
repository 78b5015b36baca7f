package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PostgreSQL serves is compared with Delta row by row. */
class HotCopyInspectionTest {
    private static final DatasetName NOTES = DatasetName.parse("user_data.notes");
    private static final PartitionName JANUARY = PartitionName.of(NOTES, "month", "2026-01");
    private static final PartitionName FEBRUARY = PartitionName.of(NOTES, "month", "2026-02");

    @TempDir
    private Path folder;

    @Test
    void oneRowThatDiffersIsFoundInItsPartition() throws SQLException {
        LakeHome home = new LakeHome(folder.toString(), folder);
        SparkSession spark = SharedSpark.session(folder);
        spark.sql("CREATE TABLE delta.`" + home.tablePath(NOTES) + "` USING delta PARTITIONED BY (month) AS"
                + " SELECT id, concat('note ', id) AS title, concat('2026-0', 1 + id % 2) AS month FROM range(1000)");
        PostgresConnection database = SharedPostgres.emptyDatabase();
        HotStore store = HotStore.open(database, 1);
        HotLoad january = serve(store, spark, home, JANUARY);
        serve(store, spark, home, FEBRUARY);
        HotCopyInspection inspection = new HotCopyInspection(database, home, () -> spark);

        assertThat(inspection.run()).satisfies(report -> {
            assertThat(report.compared()).isEqualTo(2);
            assertThat(report.differences()).isEmpty();
            assertThat(report.skipped()).isEmpty();
        });

        try (Connection connection = SharedPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            // Past the triggers, as a restore of PostgreSQL alone would
            statement.execute("SET session_replication_role = replica");
            statement.execute("UPDATE " + HotTable.leaf(january.leaf()) + " SET title = 'note x' WHERE id = 10");
        }

        assertThat(inspection.run().differences()).singleElement().satisfies(difference -> {
            assertThat(difference.partition()).isEqualTo(JANUARY);
            assertThat(difference.leaf()).isEqualTo(january.leaf());
            assertThat(difference.deltaVersion()).isZero();
            assertThat(difference.expected()).isEqualTo(january.expected());
            assertThat(difference.found().rows()).isEqualTo(500);
            assertThat(difference.written()).isFalse();
        });
    }

    private static HotLoad serve(HotStore store, SparkSession spark, LakeHome home, PartitionName partition) {
        PartitionFiles files = new TableLog(home).snapshot(NOTES).orElseThrow().filesOf(partition);
        Dataset<Row> rows = PartitionRows.of(spark, home, files);
        HotLoad load = store.load(spark, DeltaSchemas.foreign(NOTES, "month", rows.schema()), files, rows);
        assertThat(store.verify(load).matches()).isTrue();
        store.serve(load, Instant.parse("2026-11-26T12:00:00Z"));
        return load;
    }
}
