package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Journal of moves, for people; never read back as truth. */
public final class MovesTable {
    public static final String MOVE_ID = "move_id";
    public static final String PLANNED_AT = "planned_at";
    public static final String PARTITION = "partition";
    public static final String FROM_TIER = "from_tier";
    public static final String TO_TIER = "to_tier";
    public static final String REASON = "reason";
    public static final String POLICY = "policy";
    public static final String BYTES = "bytes";
    public static final String ROWS = "rows";
    public static final String CHECKSUM = "checksum";
    public static final String STATE = "state";
    public static final String ENDED_AT = "ended_at";
    public static final String ERROR = "error";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "moves"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(MOVE_ID, STRING, "The move"),
                    Column.required(PLANNED_AT, TIMESTAMP, "When it was planned"),
                    Column.required(PARTITION, STRING, "Partition's name"),
                    Column.required(FROM_TIER, STRING, "Tier before"),
                    Column.required(TO_TIER, STRING, "Tier after"),
                    Column.required(REASON, STRING, "Why, with the numbers"),
                    Column.required(POLICY, STRING, "Policy that decided"),
                    Column.required(BYTES, LONG, "Bytes before the move"),
                    Column.required(ROWS, LONG, "Rows moved"),
                    Column.optional(CHECKSUM, STRING, "Order-independent checksum of the rows"),
                    Column.required(STATE, STRING, "done, failed or deferred"),
                    Column.optional(ENDED_AT, TIMESTAMP, "When it ended"),
                    Column.optional(ERROR, STRING, "Problem, cause and remedy")),
            List.of(),
            false,
            "Journal of moves, for people; never read back as truth.");

    private MovesTable() {}
}
