package io.datapunk.analytics.quality;

import io.datapunk.analytics.quality.rule.Measure;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.EventColumns;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Measures a table by Spark. Shares and aggregates take one pass over the table together, each set of columns whose values are
 * counted one of its own, each other table one join, and all that is compared month by month one more pass.
 */
final class TableMeasures {
    private static final String TABLE = "primary";
    private static final long UNKNOWN = -1;
    private static final Column ONE = functions.lit(1L);

    private final SparkSession spark;
    private final LakeHome home;
    private final TableChanges changes;
    private final Dataset<Row> table;
    private final boolean byMonth;
    private final Object oneQuery;
    private long rows = UNKNOWN;

    /**
     * @param table at one version
     * @param byMonth whether it is partitioned by month
     * @param oneQuery is held while a query runs: its table has the same name as every other's
     */
    TableMeasures(
            SparkSession spark,
            LakeHome home,
            TableChanges changes,
            Dataset<Row> table,
            boolean byMonth,
            Object oneQuery) {
        this.spark = spark;
        this.home = home;
        this.changes = changes;
        this.table = table;
        this.byMonth = byMonth;
        this.oneQuery = oneQuery;
    }

    /** @param now what happens in its month, or after it, is not complete yet */
    Map<Measure, Measured> measure(Collection<Measure> measures, YearMonth now) {
        Map<Measure, Measured> measured = new HashMap<>();
        measured.putAll(inOnePass(only(measures, Measure.Share.class, Measure.Aggregate.class)));
        measured.putAll(new ValueGroups(table).measure(measures));
        MonthMeasures months = new MonthMeasures(table, now);
        for (Measure measure : measures) {
            if (!measured.containsKey(measure)) {
                measured.put(measure, guarded(() -> one(measure, months)));
            }
        }
        return measured;
    }

    long rows() {
        if (rows == UNKNOWN) {
            rows = table.count();
        }
        return rows;
    }

    private Measured one(Measure measure, MonthMeasures months) {
        if (measure instanceof Measure.References references) {
            return references(references);
        }
        if (measure instanceof Measure.RowsBeside beside) {
            long others = reference(beside.table()).count();
            return others == 0
                    ? Measured.impossible(beside.table() + " has no rows")
                    : Measured.of((double) rows() / others);
        }
        if (measure instanceof Measure.Columns) {
            return Measured.of(table.columns().length);
        }
        if (measure instanceof Measure.ColumnPresent present) {
            return Measured.of(Arrays.asList(table.columns()).contains(present.column()) ? 1 : 0);
        }
        if (measure instanceof Measure.ColumnsNamed named) {
            return columnsNamed(named.pattern());
        }
        if (measure instanceof Measure.Query query) {
            synchronized (oneQuery) {
                table.createOrReplaceTempView(TABLE);
                try {
                    return number(spark.sql(query.statement()).head(), 0);
                } finally {
                    spark.catalog().dropTempView(TABLE);
                }
            }
        }
        if (!byMonth) {
            return Measured.impossible("the table is not partitioned by month");
        }
        return measure instanceof Measure.Shift shift
                ? months.shift(shift.column())
                : months.surprise(((Measure.Surprise) measure).aggregate());
    }

    private Measured columnsNamed(String pattern) {
        List<String> others = Stream.of(table.columns())
                .filter(name -> !name.matches(pattern))
                .toList();
        double share = 1 - (double) others.size() / table.columns().length;
        return others.isEmpty() ? Measured.of(share) : Measured.of(share, "not " + String.join(", ", others));
    }

    private Measured references(Measure.References references) {
        Column[] keys = references.keys().stream().map(functions::col).toArray(Column[]::new);
        Dataset<Row> known = reference(references.table()).select(keys).distinct();
        Dataset<Row> values = table;
        Column matches = ONE.equalTo(ONE);
        for (int i = 0; i < keys.length; i++) {
            Column value = table.col(references.columns().get(i));
            values = values.where(value.isNotNull());
            matches = matches.and(value.equalTo(known.col(references.keys().get(i))));
        }
        Dataset<Row> missing = values.join(known, matches, "left_anti");
        Row counted = missing.select(functions.count(ONE), months(functions.lit(true)))
                .head();
        return Measured.share(counted.getLong(0), rows(), counted.getList(1));
    }

    private Dataset<Row> reference(DatasetName dataset) {
        if (changes.newest(dataset).isEmpty()) {
            throw new IllegalStateException("there is no table " + dataset);
        }
        return spark.read().format("delta").load(home.tablePath(dataset));
    }

    private Map<Measure, Measured> inOnePass(List<Measure> measures) {
        Map<Measure, Measured> measured = new LinkedHashMap<>();
        List<Measure> possible = new ArrayList<>();
        for (Measure measure : measures) {
            // Spark tells here of columns that do not exist; nothing is read.
            Measured analysed = guarded(() -> {
                table.agg(ONE, columns(measure)).schema();
                return Measured.of(0);
            });
            if (analysed.value().isPresent()) {
                possible.add(measure);
            } else {
                measured.put(measure, analysed);
            }
        }
        try {
            measured.putAll(pass(possible));
        } catch (Exception e) {
            // A value that cannot be compared ends the whole pass: find out whose it is.
            for (Measure measure : possible) {
                measured.put(measure, guarded(() -> pass(List.of(measure)).get(measure)));
            }
        }
        return measured;
    }

    private Map<Measure, Measured> pass(List<Measure> measures) {
        Map<Measure, Measured> measured = new LinkedHashMap<>();
        if (measures.isEmpty()) {
            return measured;
        }
        Row row = table.agg(
                        functions.count(ONE),
                        measures.stream()
                                .flatMap(measure -> Stream.of(columns(measure)))
                                .toArray(Column[]::new))
                .head();
        rows = row.getLong(0);
        int next = 1;
        for (Measure measure : measures) {
            if (measure instanceof Measure.Share) {
                measured.put(measure, Measured.share(row.getLong(next), row.getLong(next + 1), row.getList(next + 2)));
                next += 3;
            } else {
                measured.put(measure, number(row, next++));
            }
        }
        return measured;
    }

    private Column[] columns(Measure measure) {
        if (measure instanceof Measure.Aggregate aggregate) {
            String where = aggregate
                    .where()
                    .map(clause -> " FILTER (WHERE " + clause + ")")
                    .orElse("");
            return new Column[] {functions.expr(aggregate.aggregate() + where).cast("double")};
        }
        Measure.Share share = (Measure.Share) measure;
        Column counts = share.where()
                .map(clause -> functions.coalesce(functions.expr(clause), functions.lit(false)))
                .orElse(functions.lit(true));
        Column fails = counts.and(functions.not(functions.expr(share.good())));
        return new Column[] {functions.count_if(fails), functions.count_if(counts), months(fails)};
    }

    private Column months(Column fails) {
        return byMonth
                ? functions.array_sort(functions.collect_set(functions.when(fails, functions.col(EventColumns.MONTH))))
                : functions.array().cast("array<string>");
    }

    private static Measured number(Row row, int at) {
        return row.isNullAt(at)
                ? Measured.impossible("there are no values")
                : Measured.of(((Number) row.get(at)).doubleValue());
    }

    /** What cannot be measured is told, and fails its rule; the other rules go on. */
    static Measured guarded(Callable<Measured> work) {
        try {
            return work.call();
        } catch (Exception e) {
            return Measured.impossible(reason(e));
        }
    }

    /** Spark's own messages quote values where a row is to blame, and then only their kind is told. */
    private static String reason(Exception failure) {
        if (failure instanceof AnalysisException || failure instanceof IllegalStateException) {
            return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof SparkThrowable named && named.getCondition() != null) {
                return "Spark: " + named.getCondition();
            }
        }
        return failure.getClass().getSimpleName();
    }

    @SafeVarargs
    private static List<Measure> only(Collection<Measure> measures, Class<? extends Measure>... kinds) {
        return measures.stream()
                .filter(measure -> Stream.of(kinds).anyMatch(kind -> kind.isInstance(measure)))
                .distinct()
                .toList();
    }
}
