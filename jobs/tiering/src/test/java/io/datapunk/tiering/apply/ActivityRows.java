package io.datapunk.tiering.apply;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ActivityTable;
import org.apache.spark.sql.SparkSession;

/** Rows to move: what three users did within one month. */
final class ActivityRows {
    private ActivityRows() {}

    /** Appends one file. */
    static void append(SparkSession spark, LakeHome home, String month, long rows) {
        append(spark, home, month, rows, "concat('検索 ', id)");
    }

    /** @param title an expression of {@code id}, the row's number */
    static void append(SparkSession spark, LakeHome home, String month, long rows, String title) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        ActivityTable.DEFINITION,
                        spark.range(rows)
                                .selectExpr(
                                        "uuid() as id",
                                        "'m' as match_key",
                                        "concat('user-', id % 3) as user_id",
                                        "'google.my-activity.json' as source",
                                        "'import-1' as import_id",
                                        "'MyActivity.json' as entry",
                                        "id as position",
                                        "timestamp '2026-11-20 00:00:00' as ingested_at",
                                        "timestampadd(MINUTE, id, timestamp '" + month + "-01 00:00:00') as event_time",
                                        "'Search' as product",
                                        title + " as title",
                                        "cast(id as double) / 7 as latitude",
                                        "'" + month + "' as month"));
    }
}
