package io.datapunk.lake.delta;

import io.datapunk.lake.model.table.ActivityTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows of the activity table with every kind of value: texts of any script, nulls, doubles, instants. */
final class ActivityRows {
    private ActivityRows() {}

    /** Rows with ids {@code from} (inclusive) to {@code to} (exclusive), all in one month, in no order. */
    static Dataset<Row> of(SparkSession spark, String month, long from, long to) {
        return spark.range(from, to, 1, 2)
                .selectExpr(
                        "sha2(cast(id as string), 256) as id",
                        "cast(id % 97 as string) as match_key",
                        "concat('user-', cast(id % 5 as string)) as user_id",
                        "'takeout' as source",
                        "'import-1' as import_id",
                        "'My Activity/Search/MyActivity.json' as entry",
                        "id as position",
                        "timestamp '2026-11-20 00:00:00' as ingested_at",
                        "timestampadd(MICROSECOND, (id * 7919123456789) % 2400000000000, timestamp '" + month
                                + "-01 00:00:00') as event_time",
                        "if(id % 3 = 0, null, 'Europe/Vienna') as event_zone",
                        "'exact' as zone_certainty",
                        "'Search' as product",
                        "'searched' as kind",
                        "concat('Sächlich ', cast(id as string), ' 検索 ', repeat('x', cast(id % 120 as int))) as title",
                        "if(id % 4 = 0, null, concat('https://example.org/', cast(id as string))) as url",
                        "cast(null as string) as detail",
                        "cast(id as double) / 7 as latitude",
                        "if(id % 11 = 0, double('NaN'), -cast(id as double)) as longitude",
                        "cast(null as string) as language",
                        "'" + month + "' as month")
                .select(ActivityTable.DEFINITION.columnNames().stream()
                        .map(org.apache.spark.sql.functions::col)
                        .toArray(org.apache.spark.sql.Column[]::new));
    }
}
