package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** What an auditor asks for, report by report. */
public final class ComplianceTable {
    public static final String SINCE = "since";
    public static final String SECTION = "section";
    public static final String SUBJECT = "subject";
    public static final String MEASURE = "measure";
    public static final String VALUE = "value";
    public static final String DETAIL = "detail";
    public static final String IS_FINDING = "is_finding";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "compliance"),
            "What an auditor asks for.",
            List.of(SECTION, SUBJECT, MEASURE),
            Column.required(SINCE, TIMESTAMP, "Begin of the time that is reported; its end is computed_at"),
            Column.required(
                    SECTION,
                    STRING,
                    "access, violations, performance, resources, retention, holds, erasures, keys or backups"),
            Column.required(SUBJECT, STRING, "Dataset, kind of event, tier, outcome, hold, key or location"),
            Column.required(MEASURE, STRING, "What was measured, with its unit where it has one"),
            Column.optional(VALUE, DOUBLE, "In that unit; null where it is not a number"),
            Column.required(DETAIL, STRING, "What to know besides; empty where nothing"),
            Column.required(IS_FINDING, BOOLEAN, "Whether somebody has to do something about it"));

    private ComplianceTable() {}
}
