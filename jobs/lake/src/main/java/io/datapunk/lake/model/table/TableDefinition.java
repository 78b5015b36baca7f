package io.datapunk.lake.model.table;

import io.datapunk.lake.model.DatasetName;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a table has to look like. The partition column is the last of the columns.
 *
 * @param sortedBy the order of rows within a file
 * @param changeDataFeed whether Delta keeps the changes for readers that follow the table
 * @param key columns that name a row, the partition column among them; empty where nothing is known of a key
 */
public record TableDefinition(
        DatasetName name,
        PartitionedBy partition,
        List<Column> columns,
        List<String> sortedBy,
        boolean changeDataFeed,
        List<String> key,
        String comment)
        implements Serializable {
    public TableDefinition {
        columns = List.copyOf(columns);
        sortedBy = List.copyOf(sortedBy);
        key = List.copyOf(key);
    }

    /** One of the lake's own tables; {@code id} is the key of those by month. */
    public TableDefinition(
            DatasetName name,
            PartitionedBy partition,
            List<Column> columns,
            List<String> sortedBy,
            boolean changeDataFeed,
            String comment) {
        this(name, partition, columns, sortedBy, changeDataFeed, keyByMonth(partition, columns), comment);
    }

    /** A table that somebody else made: nothing is known of its keys and its order. */
    public static TableDefinition foreign(DatasetName name, String partitionColumn, List<Column> columns) {
        return new TableDefinition(name, new PartitionedBy(partitionColumn), columns, List.of(), false, List.of(), "");
    }

    // Quarantined rows have no key of their own; the tables by month are the ones whose rows have.
    private static List<String> keyByMonth(PartitionedBy partition, List<Column> columns) {
        boolean identified = columns.stream().anyMatch(column -> column.name().equals(ProvenanceColumns.ID));
        return identified && partition.equals(PartitionedBy.MONTH)
                ? List.of(ProvenanceColumns.ID, EventColumns.MONTH)
                : List.of();
    }

    /** The partition column; an empty name stands for none. */
    public record PartitionedBy(String column) implements Serializable {
        /** Dimension-like tables and journals. */
        public static final PartitionedBy NOTHING = new PartitionedBy("");

        /** UTC {@code yyyy-MM} of {@code event_time}, {@code undated} where there is none. */
        public static final PartitionedBy MONTH = new PartitionedBy(EventColumns.MONTH);

        /** UTC {@code yyyy-MM-dd}. */
        public static final PartitionedBy DAY = new PartitionedBy(EventColumns.DAY);
    }

    public Optional<String> partitionColumn() {
        return Optional.of(partition.column()).filter(column -> !column.isEmpty());
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
