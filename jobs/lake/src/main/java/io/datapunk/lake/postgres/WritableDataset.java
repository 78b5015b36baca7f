package io.datapunk.lake.postgres;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A dataset that applications write in PostgreSQL.
 *
 * @param key columns that name a row
 * @param partitionColumn empty for one that never leaves PostgreSQL
 * @param born whether rows come from PostgreSQL alone, so that a month which Delta does not have is whole there
 */
public record WritableDataset(DatasetName name, List<String> key, Optional<String> partitionColumn, boolean born) {
    static List<WritableDataset> all(Connection connection) throws SQLException {
        List<WritableDataset> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT dataset, key_columns, partition_column, born FROM lake.writable ORDER BY dataset");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new WritableDataset(
                        DatasetName.parse(rows.getString(1)),
                        List.of((String[]) rows.getArray(2).getArray()),
                        Optional.ofNullable(rows.getString(3)),
                        rows.getBoolean(4)));
            }
        }
        return found;
    }

    static Optional<WritableDataset> find(Connection connection, DatasetName name) throws SQLException {
        return all(connection).stream()
                .filter(dataset -> dataset.name().equals(name))
                .findFirst();
    }

    /** Name of the partition with this value. */
    public PartitionName partition(String value) {
        return PartitionName.of(name, partitionColumn.orElseThrow(), value);
    }

    String table() {
        return HotTable.quoted(name.schema()) + "." + HotTable.quoted(name.name());
    }

    String outbox() {
        return "lake_outbox." + HotTable.quoted(name.toString());
    }

    String keyColumns() {
        return HotTable.quotedNames(key);
    }

    /** As {@code one."id" = other."id" AND …}. */
    String sameKey(String one, String other) {
        return key.stream()
                .map(HotTable::quoted)
                .map(column -> one + "." + column + " = " + other + "." + column)
                .collect(Collectors.joining(" AND "));
    }
}
