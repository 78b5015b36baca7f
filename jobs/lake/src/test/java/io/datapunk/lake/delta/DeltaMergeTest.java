package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaMerge.Merged;
import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaMergeTest {
    private static final TableDefinition ACTIVITY = ActivityTable.DEFINITION;
    private static final List<String> JANUARY = List.of("2026-01");
    private static final Once FIRST = new Once("an application", 1);

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    private LakeHome home;
    private Dataset<Row> rows;
    private DeltaMerge merge;

    @BeforeEach
    void aMonth() {
        home = LocalHome.under(folder);
        rows = ActivityRows.of(spark, "2026-01", 0, 100);
        DeltaTables.ensure(spark, home, ACTIVITY);
        new DeltaAppend(spark, home).append(ACTIVITY, rows);
        merge = new DeltaMerge(spark, home);
    }

    @Test
    void bringsEachKindOfChangeIntoTheTableOnce() {
        Dataset<Row> changes = as(RowChange.INSERT, ActivityRows.of(spark, "2026-01", 100, 110))
                .union(as(RowChange.UPDATE, rows.where("position < 20").withColumn("title", lit("new"))))
                .union(as(RowChange.DELETE, rows.where("position >= 95")));

        assertThat(merge.merge(ACTIVITY, changes, JANUARY, FIRST)).isEqualTo(new Merged(10, 20, 5));
        assertThat(merge.merge(ACTIVITY, changes, JANUARY, FIRST)).isEqualTo(new Merged(0, 0, 0));

        assertThat(merge.lastVersion(ACTIVITY, FIRST.application())).isEqualTo(1);
        assertThat(DeltaChecksum.of(read()))
                .isEqualTo(DeltaChecksum.of(rows.where("position < 20")
                        .withColumn("title", lit("new"))
                        .union(rows.where("position >= 20 and position < 95"))
                        .union(ActivityRows.of(spark, "2026-01", 100, 110))));
    }

    /** Delta leaves out what comes under a number that the table has, and does not say so. */
    @Test
    void otherCommitsThatTheThreadMakesAfterwardsDoNotHaveItsNumber() {
        merge.merge(ACTIVITY, as(RowChange.DELETE, rows.where("position = 0")), JANUARY, FIRST);

        SparkSession next = SparkSession.builder().getOrCreate();
        DeltaTable.forPath(next, home.tablePath(ACTIVITY.name()))
                .delete(col("position").lt(50));

        assertThat(DeltaChecksum.of(read())).isEqualTo(DeltaChecksum.of(rows.where("position >= 50")));
    }

    private static Dataset<Row> as(RowChange change, Dataset<Row> rows) {
        return rows.withColumn(RowChange.COLUMN, lit(change.code()));
    }

    private Dataset<Row> read() {
        return spark.read().format("delta").load(home.tablePath(ACTIVITY.name()));
    }
}
