package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What each partition holds. */
public final class PartitionStatsTable {
    public static final String PARTITION = "partition";
    public static final String TIER = "tier";
    public static final String ROWS = "rows";
    public static final String BYTES = "bytes";
    public static final String FILES = "files";
    public static final String USERS = "users";
    public static final String MIN_EVENT_TIME = "min_event_time";
    public static final String MAX_EVENT_TIME = "max_event_time";
    public static final String NULL_SHARE = "null_share";
    public static final String DELTA_VERSION = "delta_version";
    public static final String FILE_SET_HASH = "file_set_hash";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "partition_stats"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(PARTITION, STRING, "Partition's name"),
                    Column.required(TIER, STRING, "Tier by its files"),
                    Column.required(ROWS, LONG, "Rows"),
                    Column.required(BYTES, LONG, "Bytes"),
                    Column.required(FILES, LONG, "Files"),
                    Column.optional(USERS, LONG, "Different persons"),
                    Column.optional(MIN_EVENT_TIME, TIMESTAMP, "Earliest event"),
                    Column.optional(MAX_EVENT_TIME, TIMESTAMP, "Latest event"),
                    Column.optional(NULL_SHARE, DOUBLE, "Share of nulls over all nullable cells"),
                    Column.required(DELTA_VERSION, LONG, "Version of the table that was measured"),
                    Column.required(
                            FILE_SET_HASH, STRING, "Names the set of files that was measured: equal, nothing to do")),
            List.of(),
            false,
            "What each partition holds.");

    private PartitionStatsTable() {}
}
