package io.datapunk.analytics.quality;

import io.datapunk.analytics.quality.rule.Measure;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Counts how often values occur: all that is said of one set of columns is said after one count. */
final class ValueGroups {
    private static final String OCCURRENCES = "occurrences of the value";

    private final Dataset<Row> table;

    ValueGroups(Dataset<Row> table) {
        this.table = table;
    }

    private record Counted(List<String> columns, Optional<String> where) {}

    Map<Measure, Measured> measure(Collection<Measure> measures) {
        Map<Counted, List<Measure.Groups>> asked = measures.stream()
                .filter(Measure.Groups.class::isInstance)
                .map(Measure.Groups.class::cast)
                .distinct()
                .collect(Collectors.groupingBy(groups -> new Counted(groups.columns(), groups.where())));
        Map<Measure, Measured> measured = new HashMap<>();
        asked.forEach((counted, all) -> {
            Row[] counts = new Row[1];
            Measured possible = TableMeasures.guarded(() -> {
                counts[0] = counts(counted);
                return Measured.of(0);
            });
            all.forEach(groups ->
                    measured.put(groups, counts[0] == null ? possible : measured(groups.statistic(), counts[0])));
        });
        return measured;
    }

    private Row counts(Counted counted) {
        Column[] columns = counted.columns().stream().map(table::col).toArray(Column[]::new);
        Column present = counted.columns().stream()
                .map(name -> table.col(name).isNotNull())
                .reduce(Column::or)
                .orElseThrow();
        Column whole = counted.columns().stream()
                .map(name -> table.col(name).isNotNull())
                .reduce(Column::and)
                .orElseThrow();
        Dataset<Row> rows = counted.where().map(table::where).orElse(table);
        Column occurrences = functions.col(OCCURRENCES);
        Column once = occurrences.equalTo(1);
        return rows.groupBy(columns)
                .agg(
                        functions.count(functions.lit(1)).as(OCCURRENCES),
                        functions.first(present).as("present"),
                        functions.first(whole).as("whole"))
                .agg(
                        functions.sum(occurrences),
                        functions.sum(functions
                                .when(functions.col("present"), occurrences)
                                .otherwise(0L)),
                        functions.count_if(once.and(functions.col("present"))),
                        functions.count_if(once.and(functions.col("whole"))),
                        functions.count_if(functions.col("present")),
                        functions.sum(functions.when(
                                functions.col("present"),
                                occurrences.cast("double").multiply(functions.log(occurrences)))))
                .head();
    }

    private static Measured measured(Measure.Statistic statistic, Row counts) {
        long rows = counts.isNullAt(0) ? 0 : counts.getLong(0);
        long present = counts.isNullAt(1) ? 0 : counts.getLong(1);
        long once = counts.getLong(2);
        long different = counts.getLong(4);
        return switch (statistic) {
            case UNIQUENESS -> Measured.share(present - once, present, List.of());
            case KEY -> Measured.share(rows - counts.getLong(3), rows, List.of());
            case UNIQUE_VALUE_RATIO -> Measured.of(different == 0 ? 1 : (double) once / different);
            case DISTINCT -> Measured.of(different);
            case ENTROPY -> Measured.of(present == 0 ? 0 : Math.log(present) - counts.getDouble(5) / present);
        };
    }
}
