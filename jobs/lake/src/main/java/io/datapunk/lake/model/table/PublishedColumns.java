package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.ArrayList;
import java.util.List;

/** The columns that every published table ends with. */
public final class PublishedColumns {
    public static final String COMPUTED_AT = "computed_at";
    public static final String SOURCE_VERSIONS = "source_versions";

    static final String ANALYTICS = "analytics";
    static final String TIME_SERIES = "timeseries";

    private PublishedColumns() {}

    /** A table that is computed month by month, of the rows of its sources in that month alone. */
    static TableDefinition byMonth(DatasetName name, String comment, List<String> sortedBy, Column... own) {
        List<Column> columns = columns(own);
        columns.add(Column.required(EventColumns.MONTH, STRING, "UTC yyyy-MM"));
        return new TableDefinition(name, PartitionedBy.MONTH, columns, sortedBy, false, comment);
    }

    /** A table whose rows depend on all rows of its sources. */
    static TableDefinition whole(DatasetName name, String comment, List<String> sortedBy, Column... own) {
        return new TableDefinition(name, PartitionedBy.NOTHING, columns(own), sortedBy, false, comment);
    }

    private static List<Column> columns(Column... own) {
        List<Column> columns = new ArrayList<>(List.of(own));
        columns.add(Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written"));
        columns.add(Column.required(
                SOURCE_VERSIONS, new MapOf(STRING, LONG), "Delta version of each table that it was computed of"));
        return columns;
    }
}
