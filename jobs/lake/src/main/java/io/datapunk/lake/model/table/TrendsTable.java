package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DATE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import java.util.List;

/** Where series are going, and how they follow the week. */
public final class TrendsTable {
    public static final String SERIES = "series";
    public static final String USER_ID = "user_id";
    public static final String FROM_DAY = "from_day";
    public static final String TO_DAY = "to_day";
    public static final String DAYS = "days";
    public static final String MEAN = "mean";
    public static final String SLOPE_PER_DAY = "slope_per_day";
    public static final String SLOPE_LOW = "slope_low";
    public static final String SLOPE_HIGH = "slope_high";
    public static final String TREND_STRENGTH = "trend_strength";
    public static final String WEEKDAYS = "weekdays";
    public static final String WEEK_STRENGTH = "week_strength";

    public static final TableDefinition DEFINITION = PublishedColumns.whole(
            new DatasetName(PublishedColumns.TIME_SERIES, "trends"),
            "Where the samples per day of each series are going, and how they follow the week.",
            List.of(SERIES, USER_ID),
            Column.required(SERIES, STRING, "As in timeseries.daily"),
            Column.optional(USER_ID, STRING, "Surrogate of the person; null where it is nobody's"),
            Column.required(FROM_DAY, DATE, "First day with a value"),
            Column.required(TO_DAY, DATE, "Last day with a value"),
            Column.required(DAYS, LONG, "From the one to the other, both among them; days without a value count as 0"),
            Column.required(MEAN, DOUBLE, "Samples per day"),
            Column.optional(
                    SLOPE_PER_DAY, DOUBLE, "By how much they grow each day; null below two weeks, as what follows"),
            Column.optional(SLOPE_LOW, DOUBLE, "The slope is above this with 97.5 % confidence"),
            Column.optional(SLOPE_HIGH, DOUBLE, "The slope is below this with 97.5 % confidence"),
            Column.optional(
                    TREND_STRENGTH, DOUBLE, "0 for none to 1: of what is no week's rhythm, the share that is trend"),
            Column.optional(
                    WEEKDAYS, new ArrayOf(DOUBLE), "How far Monday to Sunday lie above the trend, samples per day"),
            Column.optional(
                    WEEK_STRENGTH, DOUBLE, "0 for none to 1: of what is no trend, the share that is the week's"));

    private TrendsTable() {}
}
