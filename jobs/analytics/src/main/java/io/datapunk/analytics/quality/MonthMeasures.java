package io.datapunk.analytics.quality;

import io.datapunk.analytics.forecast.Forecast;
import io.datapunk.analytics.forecast.Forecaster;
import io.datapunk.analytics.quality.rule.Distributions;
import io.datapunk.analytics.quality.rule.LastWholeMonth;
import io.datapunk.analytics.quality.rule.Surprises;
import io.datapunk.lake.model.table.EventColumns;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NumericType;

/** Compares the last whole month of a table with those before. */
final class MonthMeasures {
    private static final int YEAR = 12;
    private static final double CONFIDENCE = 0.99;
    private static final int DIGITS = 4;

    private final Dataset<Row> table;
    private final YearMonth now;

    MonthMeasures(Dataset<Row> table, YearMonth now) {
        this.table = table;
        this.now = now;
    }

    /**
     * How far a number of the last whole month lies from what the months before let expect, as a share of the margin that 99 of
     * 100 months keep.
     */
    Measured surprise(String aggregate) {
        SortedMap<YearMonth, Double> months = new TreeMap<>();
        dated().groupBy(EventColumns.MONTH)
                .agg(functions.expr(aggregate).cast("double"))
                .collectAsList()
                .forEach(row -> months.put(YearMonth.parse(row.getString(0)), row.isNullAt(1) ? 0 : row.getDouble(1)));
        Optional<YearMonth> last = LastWholeMonth.of(months.keySet(), now);
        if (last.isEmpty()) {
            return Measured.of(0, "too few months to compare");
        }
        double[] earlier = series(months, last.get());
        if (earlier.length < Forecaster.LEAST_VALUES) {
            return Measured.of(0, "too few months to compare");
        }
        Forecast.Step expected =
                new Forecaster(YEAR, CONFIDENCE).forecast(earlier, 1).steps().get(0);
        double value = months.getOrDefault(last.get(), 0.0);
        return Measured.of(
                Surprises.of(value, expected),
                last.get() + " has " + number(value) + ", expected " + number(expected.low()) + " to "
                        + number(expected.high()));
    }

    /** How much the distribution of a column's values in the last whole month differs from that of the year before it. */
    Measured shift(String column) {
        List<YearMonth> months = dated().select(EventColumns.MONTH).distinct().collectAsList().stream()
                .map(row -> YearMonth.parse(row.getString(0)))
                .sorted()
                .toList();
        Optional<YearMonth> last = LastWholeMonth.of(months, now);
        if (last.isEmpty()) {
            return Measured.of(0, "too few months to compare");
        }
        YearMonth from = last.get().minusMonths(YEAR);
        Column month = functions.col(EventColumns.MONTH);
        Dataset<Row> compared = dated().where(
                        month.between(from.toString(), last.get().toString()))
                .where(table.col(column).isNotNull())
                .select(
                        functions
                                .when(month.equalTo(last.get().toString()), 1)
                                .otherwise(0)
                                .as("last"),
                        table.col(column).as("value"));
        Distributions distributions =
                table.schema().apply(column).dataType() instanceof NumericType ? numbers(compared) : texts(compared);
        return Measured.of(
                distributions.shift(),
                "population stability index of " + last.get() + " is " + number(distributions.index()) + ", at most "
                        + number(distributions.limit()) + " expected");
    }

    private static String number(double value) {
        return new BigDecimal(value)
                .round(new MathContext(DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    private Dataset<Row> dated() {
        return table.where(functions.col(EventColumns.MONTH).notEqual(EventColumns.UNDATED));
    }

    /** Months without rows have nothing, and count. */
    private static double[] series(SortedMap<YearMonth, Double> months, YearMonth before) {
        List<Double> series = new ArrayList<>();
        for (YearMonth month = months.firstKey(); month.isBefore(before); month = month.plusMonths(1)) {
            series.add(months.getOrDefault(month, 0.0));
        }
        return series.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Distributions texts(Dataset<Row> compared) {
        List<Row> counts = compared.groupBy("value")
                .agg(
                        functions.count_if(functions.col("last").equalTo(0)),
                        functions.count_if(functions.col("last").equalTo(1)))
                .orderBy(functions.count(functions.lit(1)).desc(), functions.col("value"))
                .limit(Distributions.MOST_VALUES)
                .collectAsList();
        Row all = compared.agg(
                        functions.count_if(functions.col("last").equalTo(0)),
                        functions.count_if(functions.col("last").equalTo(1)))
                .head();
        long[] before = counts.stream().mapToLong(row -> row.getLong(1)).toArray();
        long[] last = counts.stream().mapToLong(row -> row.getLong(2)).toArray();
        return Distributions.withRest(before, last, all.getLong(0), all.getLong(1));
    }

    /** By tenths of the values before. */
    private static Distributions numbers(Dataset<Row> compared) {
        Object[] tenths = new Object[Distributions.BUCKETS - 1];
        for (int i = 0; i < tenths.length; i++) {
            tenths[i] = (i + 1.0) / Distributions.BUCKETS;
        }
        Column value = functions.col("value").cast("double");
        Row bounds = compared.where("last = 0")
                .agg(functions.percentile_approx(
                        value,
                        functions.array(
                                Arrays.stream(tenths).map(functions::lit).toArray(Column[]::new)),
                        functions.lit(10_000)))
                .head();
        Column bucket = functions.lit(0);
        if (!bounds.isNullAt(0)) {
            for (Object bound : bounds.getList(0).stream().distinct().toList()) {
                bucket = bucket.plus(functions.when(value.gt(bound), 1).otherwise(0));
            }
        }
        long[] before = new long[Distributions.BUCKETS];
        long[] last = new long[Distributions.BUCKETS];
        compared.groupBy(bucket.as("bucket"), functions.col("last"))
                .count()
                .collectAsList()
                .forEach(row -> (row.getInt(1) == 0 ? before : last)[row.getInt(0)] = row.getLong(2));
        return new Distributions(before, last);
    }
}
