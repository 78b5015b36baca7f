package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.PartitionStatsTable;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionStatisticsTest {
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");
    private static final PartitionName FEBRUARY = PartitionName.parse("user_data.activity/month=2026-02");

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    @Test
    void measuresWhatAPartitionHoldsAndReadsOnlyWhatChanged() {
        LakeHome home = LocalHome.under(folder);
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        DeltaAppend append = new DeltaAppend(spark, home);
        Dataset<Row> january = ActivityRows.of(spark, "2026-01", 0, 100);
        append.append(ActivityTable.DEFINITION, january.union(ActivityRows.of(spark, "2026-02", 100, 103)));
        PartitionStatistics statistics = new PartitionStatistics(spark, home);

        assertThat(statistics.refresh()).containsExactly(JANUARY, FEBRUARY);

        PartitionFiles files = partition(home, JANUARY);
        Row measured = measured(home, JANUARY);
        assertThat(measured.<String>getAs(PartitionStatsTable.TIER)).isEqualTo("WARM");
        assertThat(measured.<Long>getAs(PartitionStatsTable.ROWS)).isEqualTo(100);
        assertThat(measured.<Long>getAs(PartitionStatsTable.BYTES)).isEqualTo(files.bytes());
        assertThat(measured.<Long>getAs(PartitionStatsTable.FILES))
                .isEqualTo(files.files().size());
        assertThat(measured.<Long>getAs(PartitionStatsTable.USERS)).isEqualTo(5);
        assertThat(measured.<Timestamp>getAs(PartitionStatsTable.MIN_EVENT_TIME))
                .isEqualTo(january.selectExpr("min(event_time)").head().getTimestamp(0));
        assertThat(measured.<Timestamp>getAs(PartitionStatsTable.MAX_EVENT_TIME))
                .isEqualTo(january.selectExpr("max(event_time)").head().getTimestamp(0));
        assertThat(measured.<Double>getAs(PartitionStatsTable.NULL_SHARE)).isCloseTo(nullShare(january), within(1e-12));

        assertThat(statistics.refresh()).isEmpty();

        append.append(ActivityTable.DEFINITION, ActivityRows.of(spark, "2026-02", 200, 210));
        assertThat(statistics.refresh()).containsExactly(FEBRUARY);
        assertThat(measured(home, FEBRUARY).<Long>getAs(PartitionStatsTable.ROWS))
                .isEqualTo(13);
        assertThat(measured(home, JANUARY)).isEqualTo(measured);

        FileMoves moves = new FileMoves(
                spark, home, LakeConfig.load(null, Map.of(), Map.of()).tiering(), key -> {});
        var move = moves.copy(partition(home, JANUARY), Tier.COLD);
        assertThat(moves.verify(move).matches()).isTrue();
        moves.commit(List.of(move), Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(statistics.refresh()).containsExactly(JANUARY);
        assertThat(measured(home, JANUARY).<String>getAs(PartitionStatsTable.TIER))
                .isEqualTo("COLD");

        spark.sql("DELETE FROM delta.`" + home.tablePath(ActivityTable.DEFINITION.name()) + "` WHERE month='2026-02'");
        assertThat(statistics.refresh()).isEmpty();
        assertThat(stats(home).select("partition").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly(JANUARY.toString());
    }

    private static double nullShare(Dataset<Row> rows) {
        List<String> nullable = ActivityTable.DEFINITION.columns().stream()
                .filter(Column::nullable)
                .map(Column::name)
                .toList();
        long nulls = nullable.stream()
                .mapToLong(name -> rows.where(name + " is null").count())
                .sum();
        return nulls / (double) (nullable.size() * rows.count());
    }

    private PartitionFiles partition(LakeHome home, PartitionName name) {
        return new TableLog(home)
                .snapshot(name.dataset())
                .orElseThrow()
                .partition(name)
                .orElseThrow();
    }

    private Row measured(LakeHome home, PartitionName name) {
        return stats(home).where("partition = '" + name + "'").head();
    }

    private Dataset<Row> stats(LakeHome home) {
        return spark.read().format("delta").load(home.tablePath(PartitionStatsTable.DEFINITION.name()));
    }
}
