package io.datapunk.lake.model.table;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/**
 * How a table is made in Delta, whoever made it.
 *
 * @param columns in their order, partition columns among them
 * @param partitionColumns empty where it has none
 */
public record TableShape(DatasetName name, List<Column> columns, List<String> partitionColumns) {
    public TableShape {
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
    }
}
