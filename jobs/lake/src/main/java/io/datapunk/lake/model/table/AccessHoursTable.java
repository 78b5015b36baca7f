package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Accesses by partition and hour: what heat is computed from. */
public final class AccessHoursTable {
    public static final String HOUR = "hour";
    public static final String PARTITION = "partition";
    public static final String ACCESSES = "accesses";
    public static final String DAY = "day";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "access_hours"),
            PartitionedBy.DAY,
            List.of(
                    Column.required(HOUR, TIMESTAMP, "Begin of the hour").withStatistics(),
                    Column.required(PARTITION, STRING, "Partition's name"),
                    Column.required(ACCESSES, LONG, "How many in this hour"),
                    Column.required(DAY, STRING, "UTC yyyy-MM-dd of hour")),
            List.of(HOUR, PARTITION),
            false,
            "Accesses by partition and hour: what heat is computed from.");

    private AccessHoursTable() {}
}
