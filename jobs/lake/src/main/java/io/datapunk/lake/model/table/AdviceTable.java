package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What would make the lake faster or smaller, each time that it was asked. */
public final class AdviceTable {
    public static final String ADVISED_AT = "advised_at";
    public static final String KIND = "kind";
    /** The kind of the one row of a run that found nothing. */
    public static final String NOTHING = "nothing";

    public static final String SUBJECT = "subject";
    public static final String EVIDENCE = "evidence";
    public static final String MEASURE = "measure";
    public static final String BEFORE = "before";
    public static final String AFTER = "after";
    public static final String MEASURED_ON = "measured_on";
    public static final String STATEMENT = "statement";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "advice"),
            PartitionedBy.MONTH,
            List.of(
                    Column.required(
                                    ADVISED_AT,
                                    TIMESTAMP,
                                    "When it was asked; the newest of a month is the newest advice")
                            .withStatistics(),
                    Column.required(
                            KIND,
                            STRING,
                            "missing_index, unused_index, duplicate_index, unpruned_partitions, clustering, memory, or"
                                    + " nothing where nothing was found"),
                    Column.required(SUBJECT, STRING, "Table, index or role"),
                    Column.required(EVIDENCE, STRING, "What was observed"),
                    Column.required(MEASURE, STRING, "What a trial counted, as pages, bytes or rows_read"),
                    Column.required(BEFORE, DOUBLE, "As it is"),
                    Column.required(AFTER, DOUBLE, "With the change"),
                    Column.required(MEASURED_ON, STRING, "Of what"),
                    Column.required(STATEMENT, STRING, "SQL or a line of the configuration that makes the change"),
                    Column.required(EventColumns.MONTH, STRING, "UTC yyyy-MM")),
            List.of(ADVISED_AT),
            false,
            "What would make the lake faster or smaller.");

    private AdviceTable() {}
}
