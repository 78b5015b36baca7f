package io.datapunk.maintenance.advice;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.util.Optional;

/** What the lake knows of tables that it serves in PostgreSQL. */
final class PartitionColumns {
    /** Empty for a table that is not the lake's. */
    Optional<TableDefinition> definition(TableName table) {
        return DatasetName.isIdentifier(table.schema()) && DatasetName.isIdentifier(table.name())
                ? LakeTables.find(new DatasetName(table.schema(), table.name()))
                : Optional.empty();
    }

    Optional<String> of(TableName table) {
        return definition(table).flatMap(TableDefinition::partitionColumn);
    }

    /** The column of times that the partition column is made of. */
    Optional<String> timeOf(TableName table) {
        return definition(table).flatMap(this::timeOf);
    }

    Optional<String> timeOf(TableDefinition table) {
        return table.sortedBy().stream()
                .filter(column -> table.column(column).type() == Primitive.TIMESTAMP)
                .findFirst();
    }
}
