package io.datapunk.analytics.series;

import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sum;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.RollupTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sums up series by hour or day, and fills gaps. Where a month ends depends on the newest value of all series, so the month
 * that was the last one and the one that is it now are computed along with those that have changed.
 *
 * @param unit {@code hour} or {@code day}, as Spark truncates times
 */
public record Rollup(TableDefinition definition, String unit) implements PublishedTable {
    private static final String QUANTILES = "quantiles";
    private static final String NEWEST = "newest";

    /** A sum of doubles depends on their order, a sum of decimals does not. */
    private static final String EXACT = "decimal(38,6)";

    public static Rollup hourly() {
        return new Rollup(RollupTables.HOURLY, "hour");
    }

    public static Rollup daily() {
        return new Rollup(RollupTables.DAILY, "day");
    }

    @Override
    public List<TableDefinition> sources() {
        return Series.ALL.stream().map(Series::table).distinct().toList();
    }

    @Override
    public Set<String> affected(Set<String> changed, Months present) {
        Set<String> affected = new TreeSet<>(changed);
        last(present.own()).ifPresent(affected::add);
        last(present.ofSources()).ifPresent(affected::add);
        return affected;
    }

    private static Optional<String> last(Set<String> months) {
        return months.stream()
                .filter(month -> !month.equals(EventColumns.UNDATED))
                .max(String::compareTo);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        Dataset<Row> values = Series.ALL.stream()
                .map(series -> series.values(sources))
                .reduce(Dataset::unionAll)
                .orElseThrow();
        Column value = col(Series.VALUE);
        Dataset<Row> buckets = values.groupBy(
                        col(RollupTables.SERIES),
                        col(RollupTables.USER_ID),
                        date_trunc(unit, col(Series.TIME)).as(RollupTables.BUCKET),
                        col(EventColumns.MONTH))
                .agg(
                        count(lit(1)).as(RollupTables.SAMPLES),
                        sum(value.cast(EXACT)).cast("double").as(RollupTables.SUM),
                        min(value).as(RollupTables.LEAST),
                        percentile(value, array(lit(0.5), lit(0.95), lit(0.99))).as(QUANTILES),
                        max(value).as(RollupTables.MOST))
                .withColumn(RollupTables.MEAN, col(RollupTables.SUM).divide(col(RollupTables.SAMPLES)))
                .withColumn(RollupTables.MEDIAN, col(QUANTILES).getItem(0))
                .withColumn(RollupTables.P95, col(QUANTILES).getItem(1))
                .withColumn(RollupTables.P99, col(QUANTILES).getItem(2))
                .drop(QUANTILES);
        return filled(sources.keep(buckets));
    }

    /** To the end of its month, and in the newest one to the newest bucket that there is of anything. */
    private Dataset<Row> filled(Dataset<Row> buckets) {
        Column first = concat(col(EventColumns.MONTH), lit("-01")).cast("timestamp");
        Column end = add_months(first, 1).cast("timestamp").minus(expr("interval 1 " + unit));
        Column last = greatest(first, least(end, col(NEWEST)));
        Dataset<Row> gaps = buckets.select(RollupTables.SERIES, RollupTables.USER_ID, EventColumns.MONTH)
                .distinct()
                .crossJoin(broadcast(buckets.agg(max(RollupTables.BUCKET).as(NEWEST))))
                .withColumn(RollupTables.BUCKET, explode(sequence(first, last, expr("interval 1 " + unit))))
                .drop(NEWEST)
                .withColumn(RollupTables.SAMPLES, lit(0L));
        return buckets.unionByName(gaps, true)
                .groupBy(RollupTables.SERIES, RollupTables.USER_ID, RollupTables.BUCKET, EventColumns.MONTH)
                .agg(
                        max(RollupTables.SAMPLES).as(RollupTables.SAMPLES),
                        max(RollupTables.SUM).as(RollupTables.SUM),
                        max(RollupTables.MEAN).as(RollupTables.MEAN),
                        max(RollupTables.LEAST).as(RollupTables.LEAST),
                        max(RollupTables.MEDIAN).as(RollupTables.MEDIAN),
                        max(RollupTables.P95).as(RollupTables.P95),
                        max(RollupTables.P99).as(RollupTables.P99),
                        max(RollupTables.MOST).as(RollupTables.MOST));
    }
}
