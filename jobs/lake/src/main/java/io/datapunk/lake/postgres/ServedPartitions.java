package io.datapunk.lake.postgres;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what the hot store serves, with a connection only: no Spark, no migration, no waiting. */
public final class ServedPartitions {
    // A row that says SERVING is believed only while its leaf is attached: readers see leaves, not rows.
    private static final String QUERY = """
            SELECT served.dataset, served.partition, served.delta_version, served.file_set_hash, served.epoch,
                   CASE WHEN served.state = 'SERVING' AND (link.inhrelid IS NULL OR link.inhdetachpending)
                        THEN 'RETIRED' ELSE served.state END AS state,
                   served.bytes, served.rows,
                   coalesce(served.retired_at, served.served_at, served.started_at) AS since
              FROM lake.served
              LEFT JOIN pg_class leaf
                     ON leaf.relname = served.leaf
                    AND leaf.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'lake_hot')
              LEFT JOIN pg_inherits link ON link.inhrelid = leaf.oid
            """;

    private ServedPartitions() {}

    /**
     * The partitions that the hot store has, each with the state that matters most; empty where the lake never used this
     * database.
     *
     * @param timeout how long the server may take to connect and to answer
     * @throws HotStoreUnavailableException where it does not
     */
    public static Map<PartitionName, Served> read(PostgresConnection server, Duration timeout) {
        try (Connection connection = server.open("lake status", timeout, timeout)) {
            return read(connection);
        } catch (SQLException e) {
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure("the hot store at " + server.url() + " could not be read", e);
        }
    }

    static Map<PartitionName, Served> read(Connection connection) throws SQLException {
        Map<PartitionName, Served> served = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(QUERY);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Served row = row(rows);
                served.merge(row.partition(), row, ServedPartitions::moreImportant);
            }
            return served;
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Served moreImportant(Served one, Served other) {
        return Comparator.comparing(Served::state)
                                .thenComparing(Served::since, Comparator.reverseOrder())
                                .compare(one, other)
                        <= 0
                ? one
                : other;
    }

    private static Served row(ResultSet rows) throws SQLException {
        return new Served(
                partition(rows.getString("dataset"), rows.getString("partition")),
                rows.getLong("delta_version"),
                rows.getString("file_set_hash"),
                rows.getLong("epoch"),
                Served.State.valueOf(rows.getString("state")),
                rows.getLong("bytes"),
                rows.getLong("rows"),
                rows.getObject("since", OffsetDateTime.class).toInstant());
    }

    static PartitionName partition(String dataset, String value) {
        int equals = value.indexOf('=');
        return new PartitionName(
                DatasetName.parse(dataset),
                Optional.of(new PartitionValue(value.substring(0, equals), value.substring(equals + 1))));
    }
}
