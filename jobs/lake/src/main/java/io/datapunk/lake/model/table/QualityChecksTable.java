package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import java.util.List;

/** What was measured by rules of quality, run by run. */
public final class QualityChecksTable {
    public static final String DATASET = "dataset";
    public static final String RULE = "rule";
    public static final String CHECK_TYPE = "check_type";
    public static final String PASSED = "passed";
    public static final String SCORE = "score";
    public static final String VALUE = "value";
    public static final String ROWS = "rows";
    public static final String FAILING = "failing";
    public static final String MONTHS = "months";
    public static final String DETAIL = "detail";

    public static final TableDefinition DEFINITION = PublishedColumns.whole(
            new DatasetName(PublishedColumns.ANALYTICS, "quality_checks"),
            "What was measured by rules of quality.",
            List.of(DATASET, RULE),
            Column.required(DATASET, STRING, "Dataset"),
            Column.required(RULE, STRING, "The rule, as it was written"),
            Column.required(
                    CHECK_TYPE,
                    STRING,
                    "completeness, uniqueness, range, pattern, referential, freshness, volume, drift, schema or custom"),
            Column.required(PASSED, BOOLEAN, "Whether it holds"),
            Column.required(SCORE, DOUBLE, "Share of good rows; of rules that are not about rows 1 or 0"),
            Column.optional(VALUE, DOUBLE, "What was measured; null where nothing could be"),
            Column.required(ROWS, LONG, "Rows of the dataset"),
            Column.optional(FAILING, LONG, "Rows that are not good; null of rules that are not about rows"),
            Column.required(MONTHS, new ArrayOf(STRING), "Months of rows that are not good"),
            Column.optional(DETAIL, STRING, "What to know besides"));

    private QualityChecksTable() {}
}
