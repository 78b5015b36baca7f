package io.datapunk.analytics.quality;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.QualityChecksTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** What was measured, run by run: {@code analytics.quality_checks}. */
final class QualityHistory {
    private static final int MOST_RUNS = 100;

    private final SparkSession spark;
    private final LakeHome home;
    private final TableChanges changes;

    QualityHistory(SparkSession spark, LakeHome home, TableChanges changes) {
        this.spark = spark;
        this.home = home;
        this.changes = changes;
    }

    /** By dataset and rule what was measured, the newest first, of the last hundred runs. */
    Map<DatasetName, Map<String, List<Double>>> values() {
        Map<DatasetName, Map<String, List<Double>>> values = new HashMap<>();
        DatasetName table = QualityChecksTable.DEFINITION.name();
        if (changes.newest(table).isPresent()) {
            Column runs =
                    functions.collect_list(functions.struct(PublishedColumns.COMPUTED_AT, QualityChecksTable.VALUE));
            spark.read()
                    .format("delta")
                    .load(home.tablePath(table))
                    .where(functions.col(QualityChecksTable.VALUE).isNotNull())
                    .groupBy(QualityChecksTable.DATASET, QualityChecksTable.RULE)
                    .agg(functions.slice(functions.sort_array(runs, false), 1, MOST_RUNS))
                    .collectAsList()
                    .forEach(row -> values.computeIfAbsent(DatasetName.parse(row.getString(0)), any -> new HashMap<>())
                            .put(
                                    row.getString(1),
                                    row.<Row>getList(2).stream()
                                            .map(run -> run.getDouble(1))
                                            .toList()));
        }
        return values;
    }

    void append(List<TableQuality> tables, Instant now) {
        List<Row> rows = tables.stream()
                .flatMap(table -> table.checks().stream().map(check -> row(table, check, now)))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        DeltaTables.ensure(spark, home, QualityChecksTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        QualityChecksTable.DEFINITION,
                        spark.createDataFrame(rows, DeltaSchemas.structType(QualityChecksTable.DEFINITION)));
    }

    private static Row row(TableQuality table, TableQuality.Check check, Instant now) {
        return RowFactory.create(
                table.table(),
                check.rule(),
                check.checkType(),
                check.passed(),
                check.score(),
                check.value().isPresent() ? check.value().getAsDouble() : null,
                table.rows(),
                check.failing().isPresent() ? check.failing().getAsLong() : null,
                check.months(),
                check.detail().orElse(null),
                now,
                Map.of(table.table(), table.version()));
    }
}
