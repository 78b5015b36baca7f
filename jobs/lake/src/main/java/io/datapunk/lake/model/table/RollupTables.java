package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** Series of values, summed up by hour and by day, without gaps. */
public final class RollupTables {
    public static final String SERIES = "series";
    public static final String USER_ID = "user_id";
    public static final String BUCKET = "bucket";
    public static final String SAMPLES = "samples";
    public static final String SUM = "sum";
    public static final String MEAN = "mean";
    public static final String LEAST = "least";
    public static final String MEDIAN = "median";
    public static final String P95 = "p95";
    public static final String P99 = "p99";
    public static final String MOST = "most";

    public static final TableDefinition HOURLY = rollup("hourly", "hour");
    public static final TableDefinition DAILY = rollup("daily", "day");

    private RollupTables() {}

    private static TableDefinition rollup(String name, String unit) {
        return PublishedColumns.byMonth(
                new DatasetName(PublishedColumns.TIME_SERIES, name),
                "Series of values by " + unit
                        + " in UTC. In a month in which a series has values it has a row for each " + unit
                        + ", up to the newest value of all series.",
                List.of(SERIES, USER_ID, BUCKET),
                Column.required(SERIES, STRING, "What is measured, as messages.characters"),
                Column.optional(USER_ID, STRING, "Surrogate of the person; null where it is nobody's"),
                Column.required(BUCKET, TIMESTAMP, "Begin of the " + unit).withStatistics(),
                Column.required(SAMPLES, LONG, "How many values; 0 fills a gap"),
                Column.optional(SUM, DOUBLE, "Their sum; null without values, as what follows"),
                Column.optional(MEAN, DOUBLE, "Their mean"),
                Column.optional(LEAST, DOUBLE, "The smallest"),
                Column.optional(MEDIAN, DOUBLE, "The median"),
                Column.optional(P95, DOUBLE, "95 of 100 are no larger"),
                Column.optional(P99, DOUBLE, "99 of 100 are no larger"),
                Column.optional(MOST, DOUBLE, "The largest"));
    }
}
