package io.datapunk.lake.postgres;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Verified copies of partitions in PostgreSQL, for reading. A month is copied into a table of its own that nobody sees,
 * read back, and only then attached to the dataset's table, in one transaction with its row in {@code lake.served}.
 *
 * <p>A run that was killed anywhere leaves at most a table that nobody sees; the next run of a higher epoch drops it. A
 * run that has been replaced by one of a higher epoch can change nothing any more.
 */
public final class HotStore {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final PostgresConnection server;
    private final FencedTransactions transactions;
    private final RetiredLeaves retired;
    private final HotLoader loader;

    private HotStore(PostgresConnection server, long epoch, Function<DatasetName, HotLayout> layouts) {
        this.server = server;
        this.transactions = new FencedTransactions(server, epoch);
        this.retired = new RetiredLeaves(transactions);
        this.loader = new HotLoader(transactions, retired, layouts);
    }

    /**
     * Opens the hot store for a run that changes it.
     *
     * @param epoch of the run's lease; runs of a lower one can change nothing from now on
     * @param layouts how each dataset's copies lie there
     * @throws LakeException where a run of a higher epoch was here
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public static HotStore open(PostgresConnection server, long epoch, Function<DatasetName, HotLayout> layouts) {
        PostgresMigrations.migrate(server);
        HotStore store = new HotStore(server, epoch, layouts);
        store.transactions.raiseFence();
        return store;
    }

    /** As {@link #open(PostgresConnection, long, Function)}, each copy as {@link HotLayout#PLAIN}. */
    public static HotStore open(PostgresConnection server, long epoch) {
        return open(server, epoch, dataset -> HotLayout.PLAIN);
    }

    /** Where applications' writes go. */
    public WritablePartitions writable() {
        return new WritablePartitions(transactions);
    }

    /** What applications wrote and Delta does not have yet. */
    public Outbox outbox() {
        return new Outbox(transactions);
    }

    /** What of a person it holds. */
    public PersonTables persons() {
        return new PersonTables(transactions);
    }

    /** What the hot store has of each partition. */
    public Map<PartitionName, Served> served() {
        return ServedPartitions.read(server, READ_TIMEOUT);
    }

    /**
     * Copies a partition's rows into a table that nobody sees yet, by Spark's tasks in parallel.
     *
     * @param source the files that the rows are read from
     * @param rows exactly the rows of those files
     * @throws LakeException where a value cannot be held exactly, where the rows are not those of the files, or where a
     *     newer run has taken over; nothing is left behind then
     */
    public HotLoad load(SparkSession spark, TableDefinition definition, PartitionFiles source, Dataset<Row> rows) {
        return loader.load(spark, definition, source, rows);
    }

    /**
     * Reads the copy back from PostgreSQL. Only a copy that was found equal can be served.
     *
     * @return the checksum of what Spark read and of what PostgreSQL holds
     */
    public Verification verify(HotLoad load) {
        try {
            Verification verification =
                    new Verification(load.expected(), new LeafReader(server, load.leaf(), load.table()).checksum());
            if (verification.matches()) {
                transactions.run("the result of a verification could not be kept", connection -> {
                    transactions.requireCurrent(connection);
                    return Statements.update(
                            connection,
                            "UPDATE lake.served SET verified_at = now() WHERE leaf = ? AND checksum = ?",
                            load.leaf(),
                            load.expected().hex());
                });
            }
            return verification;
        } catch (SQLException e) {
            throw transactions.failure("the copy of " + load.partition() + " could not be read back", e);
        }
    }

    /**
     * Shows a verified copy to readers, in place of an older one where there is one. A reader sees the old month whole or
     * the new one whole. Nothing that reads has to wait, except for the moment in which an older copy is
     * replaced. Does nothing where the copy is served already.
     *
     * @param now when the copy's service begins
     * @throws LakeException where the copy was not verified or a newer run has taken over
     */
    public void serve(HotLoad load, Instant now) {
        HotTable table = new HotTable(load.table());
        retired.detachAll();
        transactions.retryingOnLocks("serving " + load.partition() + " failed", connection -> {
            transactions.requireCurrent(connection);
            if (!isServable(connection, load)) {
                return null;
            }
            for (String older : attachedLeaves(connection, load.partition())) {
                Statements.execute(
                        connection, "ALTER TABLE " + table.parent() + " DETACH PARTITION " + HotTable.leaf(older));
            }
            Statements.update(
                    connection,
                    "UPDATE lake.served SET state = 'RETIRED', retired_at = ? WHERE dataset = ? AND partition = ?"
                            + " AND state = 'SERVING'",
                    at(now),
                    load.partition().dataset().toString(),
                    HotTable.served(load.partition()));
            Optional<WritableDataset> written =
                    WritableDataset.find(connection, load.partition().dataset());
            if (written.isPresent()) {
                WritablePartitions.hand(connection, written.get(), load.table(), load.partition(), load.leaf());
            }
            Statements.execute(connection, table.attach(load.leaf(), load.partition()));
            RefusedPartitions.forget(connection, load.partition());
            return Statements.update(
                    connection,
                    "UPDATE lake.served SET state = 'SERVING', served_at = ? WHERE leaf = ?",
                    at(now),
                    load.leaf());
        });
    }

    /**
     * Takes a partition out of service. Its copy is kept until {@link #reclaim}. Does nothing where it is not served. One
     * that applications write gets an inbox in its place.
     *
     * @param now when the grace period begins
     * @throws LakeException where it is open for writes, or Delta lacks some of them
     */
    public void unserve(PartitionName partition, Instant now) {
        transactions.retryingOnLocks("taking " + partition + " out of service failed", connection -> {
            transactions.requireCurrent(connection);
            Optional<WritableDataset> written = WritableDataset.find(connection, partition.dataset());
            if (written.isPresent()) {
                WritablePartitions.leave(connection, written.get(), partition);
            }
            return Statements.update(
                    connection,
                    "UPDATE lake.served SET state = 'RETIRED', retired_at = ? WHERE dataset = ? AND partition = ?"
                            + " AND state = 'SERVING'",
                    at(now),
                    partition.dataset().toString(),
                    HotTable.served(partition));
        });
        retired.detachAll();
    }

    /** The retired copies that {@link #reclaim} would drop. */
    public List<Served> reclaimable(Instant now, Duration grace) {
        try (Connection connection = server.open("lake status")) {
            return List.copyOf(
                    RetiredLeaves.retiredBefore(connection, now.minus(grace)).values());
        } catch (SQLException e) {
            throw transactions.failure("the retired copies could not be listed", e);
        }
    }

    /**
     * Drops the copies that were retired longer ago than the grace period. Delta has their rows.
     *
     * @return what was dropped
     */
    public List<Served> reclaim(Instant now, Duration grace) {
        retired.detachAll();
        List<Served> dropped = new ArrayList<>();
        Map<String, Served> due = transactions.run(
                "the retired copies could not be listed",
                connection -> RetiredLeaves.retiredBefore(connection, now.minus(grace)));
        due.forEach((leaf, copy) -> {
            retired.drop(leaf);
            dropped.add(copy);
        });
        return dropped;
    }

    /** Whether the copy may be attached now; false where it is attached already. */
    private static boolean isServable(Connection connection, HotLoad load) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT state, verified_at IS NOT NULL FROM lake.served WHERE leaf = ? FOR UPDATE")) {
            statement.setString(1, load.leaf());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || row.getString(1).equals("RETIRED")) {
                    throw LakeException.failed(
                            "the copy of " + load.partition() + " cannot be served",
                            "it does not exist any more",
                            "run the command again");
                }
                if (row.getString(1).equals("SERVING")) {
                    return false;
                }
                if (!row.getBoolean(2)) {
                    throw LakeException.gate(
                            "the copy of " + load.partition() + " cannot be served",
                            "it was not read back and found equal to its source",
                            "run the command again; nothing was changed");
                }
                return true;
            }
        }
    }

    private static List<String> attachedLeaves(Connection connection, PartitionName partition) throws SQLException {
        return Statements.texts(connection, """
                SELECT served.leaf
                  FROM lake.served
                  JOIN pg_class leaf ON leaf.relname = served.leaf AND leaf.relnamespace = 'lake_hot'::regnamespace
                  JOIN pg_inherits link ON link.inhrelid = leaf.oid
                 WHERE served.dataset = ? AND served.partition = ?
                """, partition.dataset().toString(), HotTable.served(partition));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
