package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where applications' writes go: each month of a dataset that they write has one leaf, which serves it or, where the month
 * is not hot, is its inbox.
 */
public final class WritablePartitions {
    private final FencedTransactions transactions;

    WritablePartitions(FencedTransactions transactions) {
        this.transactions = transactions;
    }

    public List<WritableDataset> datasets() {
        return transactions.run("the datasets that applications write could not be listed", WritableDataset::all);
    }

    /**
     * Lets applications write a dataset. Does nothing where they may already.
     *
     * @throws LakeException (usage) where the table has no key by which a row would be known again
     */
    public void allow(TableDefinition definition) {
        if (definition.key().isEmpty()) {
            throw LakeException.usage(
                    definition.name() + " cannot be written by applications",
                    "it has no key, so that nobody could tell which row a write means",
                    "take out lake.datasets.\"" + definition.name() + "\".tiering.hot.writes");
        }
        HotTable table = new HotTable(definition);
        HotParents parents = new HotParents(transactions);
        parents.ensure(table);
        parents.ensureKey(table);
        transactions.retryingOnLocks("applications could not be allowed to write " + definition.name(), connection -> {
            transactions.requireCurrent(connection);
            if (WritableDataset.find(connection, definition.name()).isEmpty()) {
                Statements.texts(
                        connection,
                        "SELECT lake.make_writable(?::regclass, string_to_array(?, ','), ?, false)::text",
                        table.parent(),
                        String.join(",", definition.key()),
                        table.partitionColumn());
            }
            return null;
        });
    }

    /**
     * Lets applications write a dataset no more. What PostgreSQL serves of it stays, for reading; its inboxes go.
     *
     * @return false where somebody has written what Delta does not have yet; nothing is changed then
     */
    public boolean forbid(WritableDataset dataset) {
        return transactions.retryingOnLocks(
                "writes in " + dataset.name() + " could not be switched off", connection -> {
                    transactions.requireCurrent(connection);
                    awaitWriters(connection, dataset);
                    if (!Outbox.isEmpty(connection, dataset)) {
                        return false;
                    }
                    Statements.texts(connection, "SELECT lake.make_read_only(?::regclass)::text", dataset.table());
                    return true;
                });
    }

    /**
     * Gives each partition a leaf that has none.
     *
     * @param inDelta values that Delta has rows of; where they are not served they get an inbox
     * @param ahead values of which rows are to come
     */
    public void openLeaves(WritableDataset dataset, Collection<String> inDelta, Collection<String> ahead) {
        Set<String> missing = new HashSet<>(inDelta);
        missing.addAll(ahead);
        transactions
                .run(
                        "the leaves of " + dataset.name() + " could not be listed",
                        connection ->
                                Statements.texts(connection, """
                SELECT substr(gate.partition, strpos(gate.partition, '=') + 1)
                  FROM lake.writable_partitions gate
                  JOIN pg_class leaf ON leaf.relname = gate.leaf AND leaf.relnamespace = 'lake_hot'::regnamespace
                 WHERE gate.dataset = ? AND leaf.relispartition
                """, dataset.name().toString()))
                .forEach(missing::remove);
        for (String value : missing.stream().sorted().toList()) {
            boolean isInbox = !dataset.born() || inDelta.contains(value);
            transactions.retryingOnLocks("a leaf of " + dataset.partition(value) + " could not be made", connection -> {
                transactions.requireCurrent(connection);
                openLeaf(connection, dataset, value, isInbox);
                return null;
            });
        }
    }

    static void openLeaf(Connection connection, WritableDataset dataset, String value, boolean isInbox)
            throws SQLException {
        Statements.texts(
                connection, "SELECT lake.open_leaf(?::regclass, ?, " + isInbox + ")::text", dataset.table(), value);
    }

    /**
     * Lets no more writes into a served partition, once those that are under way have ended. It stays closed until it has
     * left, or {@link #reopen}.
     *
     * @throws LakeException where a transaction writes in it for too long
     */
    public void close(PartitionName partition) {
        setClosed(partition, true);
    }

    /** Lets writes in again, because the partition stays after all. */
    public void reopen(PartitionName partition) {
        setClosed(partition, false);
    }

    /** The partitions that a killed run has closed, and did not come to take out. */
    public List<PartitionName> closed() {
        return transactions
                .run(
                        "the closed partitions could not be listed",
                        connection -> Statements.texts(
                                connection,
                                "SELECT dataset || '/' || partition FROM lake.writable_partitions WHERE closed ORDER BY 1"))
                .stream()
                .map(PartitionName::parse)
                .toList();
    }

    private void setClosed(PartitionName partition, boolean closed) {
        transactions.retryingOnLocks(
                partition + " could not be " + (closed ? "closed: somebody writes in it" : "opened again"),
                connection -> {
                    transactions.requireCurrent(connection);
                    return Statements.update(
                            connection,
                            "UPDATE lake.writable_partitions SET closed = ? WHERE dataset = ? AND partition = ?",
                            closed,
                            partition.dataset().toString(),
                            HotTable.served(partition));
                });
    }

    /** The checksum of what PostgreSQL holds of a partition. */
    public RowChecksum checksum(PartitionName partition, TableDefinition definition) {
        List<String> leaf = transactions.run(
                "the leaf of " + partition + " could not be found",
                connection -> Statements.texts(
                        connection,
                        "SELECT leaf FROM lake.writable_partitions WHERE dataset = ? AND partition = ?",
                        partition.dataset().toString(),
                        HotTable.served(partition)));
        try {
            return new LeafReader(transactions.server(), leaf.get(0), definition).checksum();
        } catch (SQLException e) {
            throw transactions.failure(partition + " could not be read from PostgreSQL", e);
        }
    }

    /** Notes that Delta's files have changed by what PostgreSQL has already; does nothing for a copy that was stale. */
    public void follow(String fileSetHashBefore, PartitionFiles after) {
        if (after.partition().value().isEmpty()) {
            // A table without partitions is never served.
            return;
        }
        transactions.run("the version of " + after.partition() + " could not be noted", connection -> {
            transactions.requireCurrent(connection);
            return Statements.update(
                    connection,
                    "UPDATE lake.served SET delta_version = ?, file_set_hash = ?,"
                            + " bytes = lake.bytes_of(format('lake_hot.%I', leaf)::regclass)"
                            + " WHERE dataset = ? AND partition = ? AND file_set_hash = ? AND state = 'SERVING'",
                    after.deltaVersion(),
                    after.fileSetHash(),
                    after.partition().dataset().toString(),
                    HotTable.served(after.partition()),
                    fileSetHashBefore);
        });
    }

    /**
     * Before a copy takes the place of a partition's leaf: waits for the writers, brings what they wrote into the copy, and
     * removes the inbox where there was one. The table is locked as for a detach: whoever wrote has ended then.
     */
    static void hand(
            Connection connection,
            WritableDataset dataset,
            TableDefinition definition,
            PartitionName partition,
            String leaf)
            throws SQLException {
        String served = HotTable.served(partition);
        awaitWriters(connection, dataset);
        List<String> inbox = Statements.texts(
                connection,
                "SELECT leaf FROM lake.writable_partitions WHERE dataset = ? AND partition = ? AND inbox",
                dataset.name().toString(),
                served);
        // Attached, it takes writes; TRUNCATE alone would go past the outbox.
        String copied = HotTable.leaf(leaf);
        Statements.execute(connection, "DROP TRIGGER IF EXISTS lake_read_only ON " + copied);
        Statements.execute(
                connection,
                "CREATE TRIGGER lake_no_truncate BEFORE TRUNCATE ON " + copied
                        + " FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_truncate()");
        Outbox.replay(connection, dataset, definition, partition, leaf);
        for (String empty : inbox) {
            Statements.execute(connection, "DROP TABLE IF EXISTS " + HotTable.leaf(empty));
        }
        Statements.update(
                connection,
                "INSERT INTO lake.writable_partitions (dataset, partition, leaf, inbox) VALUES (?, ?, ?, false)"
                        + " ON CONFLICT (dataset, partition) DO UPDATE"
                        + " SET leaf = excluded.leaf, inbox = false, closed = false",
                dataset.name().toString(),
                served,
                leaf);
    }

    /**
     * Puts an inbox in the place of a served partition's leaf: nobody who writes finds none. Does nothing where it has one.
     *
     * @throws LakeException where it is open for writes, or Delta lacks some of them
     */
    static void leave(Connection connection, WritableDataset dataset, PartitionName partition) throws SQLException {
        awaitWriters(connection, dataset);
        List<String> serving = Statements.texts(
                connection,
                "SELECT leaf FROM lake.writable_partitions WHERE dataset = ? AND partition = ? AND NOT inbox",
                dataset.name().toString(),
                HotTable.served(partition));
        if (serving.isEmpty()) {
            return;
        }
        requireDrained(connection, dataset, partition);
        Statements.execute(
                connection, "ALTER TABLE " + dataset.table() + " DETACH PARTITION " + HotTable.leaf(serving.get(0)));
        openLeaf(connection, dataset, HotTable.value(partition), true);
    }

    /** Whoever has written holds a lock on the table until it ends. */
    private static void awaitWriters(Connection connection, WritableDataset dataset) throws SQLException {
        Statements.execute(connection, "LOCK TABLE " + dataset.table() + " IN ACCESS EXCLUSIVE MODE");
    }

    private static void requireDrained(Connection connection, WritableDataset dataset, PartitionName partition)
            throws SQLException {
        PartitionValue value = partition.value().orElseThrow();
        long waiting = Statements.number(
                connection,
                "SELECT count(*) FROM " + dataset.outbox() + " WHERE " + HotTable.quoted(value.column()) + " = ?",
                value.value());
        long open = Statements.number(
                connection,
                "SELECT count(*) FROM lake.writable_partitions WHERE dataset = ? AND partition = ? AND NOT closed",
                dataset.name().toString(),
                HotTable.served(partition));
        if (waiting + open > 0) {
            throw LakeException.failed(
                    partition + " cannot leave PostgreSQL",
                    open > 0 ? "applications may still write in it" : waiting + " writes are not in Delta yet",
                    "run `lake tier sync`, then the command again");
        }
    }
}
