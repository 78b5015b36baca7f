package io.datapunk.lake.model.table;

import io.datapunk.lake.model.DatasetName;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a table has to look like. The partition column is the last of the columns.
 *
 * @param partitionColumn empty for dimension-like tables and journals
 * @param sortedBy the order of rows within a file
 * @param changeDataFeed whether Delta keeps the changes for readers that follow the table
 */
public record TableDefinition(
        DatasetName name,
        PartitionedBy partition,
        List<Column> columns,
        List<String> sortedBy,
        boolean changeDataFeed,
        String comment)
        implements Serializable {
    public TableDefinition {
        columns = List.copyOf(columns);
        sortedBy = List.copyOf(sortedBy);
    }

    /** The partition column, or none. */
    public enum PartitionedBy {
        NOTHING,
        /** {@code month}: UTC {@code yyyy-MM} of {@code event_time}, {@code undated} where there is none. */
        MONTH,
        /** {@code day}: UTC {@code yyyy-MM-dd}. */
        DAY
    }

    public Optional<String> partitionColumn() {
        return switch (partition) {
            case NOTHING -> Optional.empty();
            case MONTH -> Optional.of(EventColumns.MONTH);
            case DAY -> Optional.of(EventColumns.DAY);
        };
    }

    public Column column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no column " + columnName));
    }

    public List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }
}
