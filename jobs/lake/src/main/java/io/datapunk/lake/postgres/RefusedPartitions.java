package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Partitions that a load found to hold what PostgreSQL cannot hold exactly. */
public final class RefusedPartitions {
    private RefusedPartitions() {}

    /**
     * A refusal.
     *
     * @param fileSetHash of the files that were tried: it says nothing of others
     * @param reason without any part of a value
     */
    public record Refusal(String fileSetHash, String reason) {}

    /**
     * All that are known; empty where the lake never used this database.
     *
     * @param timeout how long the server may take to connect and to answer
     * @throws HotStoreUnavailableException where it does not
     */
    public static Map<PartitionName, Refusal> read(PostgresConnection server, Duration timeout) {
        Map<PartitionName, Refusal> refused = new TreeMap<>();
        try (Connection connection = server.open("lake status", timeout, timeout);
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT dataset, partition, file_set_hash, reason FROM lake.refused");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                refused.put(
                        ServedPartitions.partition(rows.getString(1), rows.getString(2)),
                        new Refusal(rows.getString(3), rows.getString(4)));
            }
            return refused;
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return Map.of();
            }
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure("the hot store at " + server.url() + " could not be read", e);
        }
    }

    static void remember(FencedTransactions transactions, PartitionFiles source, String reason) {
        transactions.run("the refusal of " + source.partition() + " could not be kept", connection -> {
            transactions.requireCurrent(connection);
            return Statements.update(
                    connection,
                    "INSERT INTO lake.refused (dataset, partition, file_set_hash, reason) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (dataset, partition) DO UPDATE SET file_set_hash = excluded.file_set_hash,"
                            + " reason = excluded.reason, refused_at = now()",
                    source.partition().dataset().toString(),
                    HotTable.served(source.partition()),
                    source.fileSetHash(),
                    reason);
        });
    }

    static void forget(Connection connection, PartitionName partition) throws SQLException {
        Statements.update(
                connection,
                "DELETE FROM lake.refused WHERE dataset = ? AND partition = ?",
                partition.dataset().toString(),
                HotTable.served(partition));
    }
}
