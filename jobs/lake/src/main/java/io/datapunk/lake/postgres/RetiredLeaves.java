package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Detaches and drops leaves that are not served any more, or never were. */
final class RetiredLeaves {
    // Nobody queues behind a concurrent detach.
    private static final String LOCK_TIMEOUT = "5s";
    private static final int LOCK_ATTEMPTS = 6;

    private final FencedTransactions transactions;

    RetiredLeaves(FencedTransactions transactions) {
        this.transactions = transactions;
    }

    /** Drops what attempts of older runs, and earlier attempts at this partition, have left. */
    void dropLeftovers(PartitionName partition) {
        List<String> leftovers = transactions.run("leftovers of an earlier run could not be listed", connection -> {
            transactions.requireCurrent(connection);
            return Statements.texts(
                    connection,
                    "SELECT leaf FROM lake.served WHERE state = 'LOADING'"
                            + " AND (epoch < ? OR (dataset = ? AND partition = ?))",
                    transactions.epoch(),
                    partition.dataset().toString(),
                    HotTable.served(partition));
        });
        leftovers.forEach(this::drop);
        detachAll();
    }

    /** A retired leaf that is attached still: a run was killed, or is at it now. */
    private record Lingering(String leaf, PartitionName partition, boolean pending) {}

    /** Without letting a reader wait. */
    void detachAll() {
        List<Lingering> lingering =
                transactions.run("the retired copies could not be listed", RetiredLeaves::lingering);
        for (Lingering leaf : lingering) {
            detach(leaf);
        }
    }

    private static List<Lingering> lingering(Connection connection) throws SQLException {
        String query = """
                SELECT served.leaf, served.dataset, served.partition, link.inhdetachpending
                  FROM lake.served
                  JOIN pg_class leaf ON leaf.relname = served.leaf AND leaf.relnamespace = 'lake_hot'::regnamespace
                  JOIN pg_inherits link ON link.inhrelid = leaf.oid
                 WHERE served.state = 'RETIRED'
                """;
        List<Lingering> lingering = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                lingering.add(new Lingering(
                        rows.getString(1),
                        ServedPartitions.partition(rows.getString(2), rows.getString(3)),
                        rows.getBoolean(4)));
            }
        }
        return lingering;
    }

    /** Concurrently, so that no reader waits; an interrupted one has to be finished first. */
    private void detach(Lingering lingering) {
        String statement = "ALTER TABLE " + HotTable.parent(lingering.partition()) + " DETACH PARTITION "
                + HotTable.leaf(lingering.leaf());
        for (int attempt = 1; ; attempt++) {
            Optional<Lingering> now =
                    transactions.run("a retired copy could not be found", RetiredLeaves::lingering).stream()
                            .filter(other -> other.leaf().equals(lingering.leaf()))
                            .findFirst();
            if (now.isEmpty()) {
                return;
            }
            try (Connection connection = transactions.server().open("lake detach")) {
                Statements.execute(connection, "SET lock_timeout = '" + LOCK_TIMEOUT + "'");
                Statements.execute(connection, statement + (now.get().pending() ? " FINALIZE" : " CONCURRENTLY"));
                return;
            } catch (SQLException e) {
                if (SqlState.OBJECT_NOT_READY.is(e) && !now.get().pending()) {
                    detachWithLock(statement);
                    return;
                }
                if (!SqlState.LOCK_NOT_AVAILABLE.is(e) || attempt == LOCK_ATTEMPTS) {
                    throw transactions.failure(
                            "the retired copy of " + lingering.partition() + " could not be detached", e);
                }
            }
        }
    }

    // Somebody has given the table a default partition, and PostgreSQL then detaches with a lock only.
    private void detachWithLock(String statement) {
        transactions.retryingOnLocks("a retired copy could not be detached", connection -> {
            Statements.execute(connection, statement);
            return null;
        });
    }

    /** By leaf. */
    static Map<String, Served> retiredBefore(Connection connection, Instant before) throws SQLException {
        String query = "SELECT leaf, dataset, partition, delta_version, file_set_hash, epoch, bytes, rows, retired_at"
                + " FROM lake.served WHERE state = 'RETIRED' AND retired_at <= ? ORDER BY retired_at, leaf";
        Map<String, Served> retired = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setObject(1, before.atOffset(ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    retired.put(
                            rows.getString("leaf"),
                            new Served(
                                    ServedPartitions.partition(rows.getString("dataset"), rows.getString("partition")),
                                    rows.getLong("delta_version"),
                                    rows.getString("file_set_hash"),
                                    rows.getLong("epoch"),
                                    Served.State.RETIRED,
                                    rows.getLong("bytes"),
                                    rows.getLong("rows"),
                                    rows.getObject("retired_at", OffsetDateTime.class)
                                            .toInstant()));
                }
            }
        }
        return retired;
    }

    /** Drops a leaf that is not attached, and its row; tasks of a dead run that write into it still are ended. */
    void drop(String leaf) {
        transactions.retryingOnLocks("the table " + leaf + " could not be dropped", connection -> {
            transactions.requireCurrent(connection);
            String droppable = "SELECT leaf FROM lake.served WHERE leaf = ? AND state <> 'SERVING' FOR UPDATE";
            if (Statements.texts(connection, droppable, leaf).isEmpty()) {
                return null;
            }
            Statements.texts(
                    connection,
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = ?",
                    LoadTask.purpose(leaf));
            Statements.execute(connection, "DROP TABLE IF EXISTS " + HotTable.leaf(leaf));
            return Statements.update(connection, "DELETE FROM lake.served WHERE leaf = ?", leaf);
        });
    }
}
