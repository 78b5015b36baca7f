package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.VectorsTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * Collections of vectors in PostgreSQL, searched by pgvector. One is copied into a table that nobody sees, read back, given
 * its index, measured, and only then put in the older one's place, in one transaction.
 *
 * <p>The order of use: {@link #load}, {@link #verify}, {@link #build}, {@link #recall}, {@link #keep}, {@link #serve}. A run
 * that was killed anywhere leaves at most a table that nobody sees: one that was kept is served by the next run, any other is
 * dropped by it.
 */
public final class VectorStore {
    // A transaction whose snapshot is older than the rows would find the new table, and find it empty.
    private static final String OLDER_SNAPSHOTS = """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type IN ('client backend', 'parallel worker')
               AND age(backend_xmin) >= (SELECT age(ready_xid::xid) FROM lake.published WHERE leaf = ?)
            """;

    private final PostgresConnection server;
    private final FencedTransactions transactions;
    private final VectorExtension extension;

    private VectorStore(PostgresConnection server, VectorExtension extension) {
        this.server = server;
        this.transactions = new FencedTransactions(server, 0);
        this.extension = extension;
    }

    /**
     * Brings the database's schema up to date, and creates pgvector in it unless it is there.
     *
     * @throws LakeException where the server does not have pgvector, or too old a one, or the user may not create it
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public static VectorStore open(PostgresConnection server) {
        VectorExtension extension = VectorExtension.require(server);
        PostgresMigrations.migrate(server);
        return new VectorStore(server, extension);
    }

    /** What is served of a collection; empty where nothing is. */
    public static Optional<PublishedVectors> served(PostgresConnection server, String collection) {
        return new FencedTransactions(server, 0)
                .run("what is published of " + collection + " could not be read", connection -> {
                    // The table may have been dropped by hand.
                    boolean exists = Statements.number(
                                    connection,
                                    "SELECT count(to_regclass(?)) * count(to_regclass('lake.published'))",
                                    VectorTable.published(collection))
                            > 0;
                    return exists
                            ? find(connection, collection, "SERVING").stream().findFirst()
                            : Optional.empty();
                });
    }

    /** One that an earlier run has made just so and could not serve. */
    public Optional<VectorLoad> kept(String collection, long deltaVersion, VectorLayout layout) {
        return transactions
                .run(
                        "what was loaded of " + collection + " could not be read",
                        connection -> find(connection, collection, "READY"))
                .stream()
                .filter(ready -> ready.is(deltaVersion, layout))
                .findFirst()
                .map(ready -> new VectorLoad(
                        collection, ready.leaf(), deltaVersion, layout, checksum(ready.rows(), ready.checksum())));
    }

    private static RowChecksum checksum(long rows, String hex) {
        return new RowChecksum(
                rows, Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16));
    }

    private static List<PublishedVectors> find(Connection connection, String collection, String state)
            throws SQLException {
        List<PublishedVectors> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT leaf, delta_version, layout, dimensions, rows, checksum, recall FROM lake.published"
                        + " WHERE collection = ? AND state = ? ORDER BY started_at DESC")) {
            statement.setString(1, collection);
            statement.setString(2, state);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new PublishedVectors(
                            collection,
                            row.getString(1),
                            row.getLong(2),
                            row.getString(3),
                            row.getInt(4),
                            row.getLong(5),
                            row.getString(6),
                            row.getDouble(7)));
                }
            }
        }
        return found;
    }

    /**
     * Copies a collection's rows into a table that nobody sees, by Spark's tasks in parallel. What earlier runs have left of
     * it is dropped.
     *
     * @param rows with the columns of {@link VectorsTable}
     * @throws LakeException where a value cannot be held exactly; nothing is left behind then. Half precision is an
     *     exception: it rounds
     */
    public VectorLoad load(
            SparkSession spark, String collection, long deltaVersion, VectorLayout layout, Dataset<Row> rows) {
        dropLeftovers(collection);
        VectorTable table = table(collection, VectorTable.newLeaf(collection), layout);
        begin(table, deltaVersion);
        try {
            RowChecksum loaded = new ParallelCopy(transactions, table.copyTable())
                    .run(spark, shaped(rows, layout), refusal -> refused(collection, refusal));
            return new VectorLoad(collection, table.leaf(), deltaVersion, layout, loaded);
        } catch (RuntimeException e) {
            discard(table.leaf(), e);
            throw e;
        }
    }

    private VectorTable table(String collection, String leaf, VectorLayout layout) {
        return new VectorTable(collection, leaf, layout, extension);
    }

    private VectorTable table(VectorLoad load) {
        return table(load.collection(), load.leaf(), load.layout());
    }

    private static Dataset<Row> shaped(Dataset<Row> rows, VectorLayout layout) {
        Column vector = functions.col(VectorsTable.VECTOR);
        UserDefinedFunction rounded = functions.udf(
                (UDF1<Seq<Float>, float[]>) VectorStore::rounded, DataTypes.createArrayType(DataTypes.FloatType));
        return rows.select(
                functions.col(VectorsTable.ID),
                functions.col(VectorsTable.USER_ID),
                functions.col(VectorsTable.EVENT_TIME),
                functions.col(VectorsTable.TEXT),
                functions.col(VectorsTable.ATTRIBUTES),
                (layout.half() ? rounded.apply(vector) : vector).as(VectorTable.EMBEDDING));
    }

    private static float[] rounded(Seq<Float> vector) {
        float[] numbers = new float[vector.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = vector.apply(i);
        }
        return VectorCodec.rounded(numbers);
    }

    private static LakeException refused(String collection, LoadTask.Refusal refusal) {
        return LakeException.failed(
                "collection " + collection + " cannot be published to PostgreSQL",
                refusal.reason(),
                refusal.sqlState().equals(SqlState.DISK_FULL.code())
                        ? "free space on PostgreSQL's disk, then run the command again"
                        : "correct the rows in its source; the lake's own index serves, and what is published stays as it is");
    }

    private void begin(VectorTable table, long deltaVersion) {
        transactions.run("loading " + table.collection() + " could not begin", connection -> {
            requireOwn(connection, table.collection());
            Statements.update(
                    connection,
                    "INSERT INTO lake.published (leaf, collection, delta_version, layout, dimensions)"
                            + " VALUES (?, ?, ?, ?, ?)",
                    table.leaf(),
                    table.collection(),
                    deltaVersion,
                    table.layout().toString(),
                    table.layout().dimensions());
            for (String statement : table.create()) {
                Statements.execute(connection, statement);
            }
            return null;
        });
    }

    /** Nobody else's table is replaced. */
    private static void requireOwn(Connection connection, String collection) throws SQLException {
        boolean foreign = Statements.number(
                        connection,
                        "SELECT count(to_regclass(?)) FROM (VALUES (1)) AS one"
                                + " WHERE NOT EXISTS (SELECT FROM lake.published WHERE collection = ? AND state = 'SERVING')",
                        VectorTable.published(collection),
                        collection)
                > 0;
        if (foreign) {
            throw LakeException.failed(
                    "collection " + collection + " cannot be published",
                    "PostgreSQL has a table " + VectorTable.published(collection) + " that the lake did not make",
                    "rename or drop that table, then run the command again");
        }
    }

    private void dropLeftovers(String collection) {
        transactions
                .run(
                        "leftovers of an earlier run could not be listed",
                        connection -> Statements.texts(
                                connection,
                                "SELECT leaf FROM lake.published WHERE collection = ? AND state <> 'SERVING'",
                                collection))
                .forEach(this::drop);
    }

    /**
     * Drops a table that is not served, and its row. What a dead run has left at work with it is ended: the server would go
     * on building an index that nobody waits for.
     */
    private void drop(String leaf) {
        transactions.retryingOnLocks("the table " + leaf + " could not be dropped", connection -> {
            Statements.texts(
                    connection,
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
                            + " WHERE application_name LIKE 'lake %' AND split_part(application_name, ' ', 3) = ?",
                    leaf);
            Statements.execute(connection, VectorTable.drop(leaf));
            return Statements.update(
                    connection, "DELETE FROM lake.published WHERE leaf = ? AND state <> 'SERVING'", leaf);
        });
    }

    /** Drops what was loaded and shall not be served. */
    public void discard(VectorLoad load) {
        drop(load.leaf());
    }

    private void discard(String leaf, RuntimeException reason) {
        try {
            drop(leaf);
        } catch (RuntimeException e) {
            // The next run drops it; the first error is the one to tell.
            reason.addSuppressed(e);
        }
    }

    /** Reads the rows back from PostgreSQL. */
    public Verification verify(VectorLoad load) {
        try {
            return new Verification(
                    load.expected(), new LeafReader(server, table(load).copyTable()).checksum());
        } catch (SQLException e) {
            throw transactions.failure("what was loaded of " + load.collection() + " could not be read back", e);
        }
    }

    /**
     * Builds the indexes.
     *
     * @return what the server said about it that its operator should know
     * @throws LakeException where it cannot be built
     */
    public List<String> build(VectorLoad load) {
        return new VectorIndexBuild(server, table(load), load.expected().rows()).run();
    }

    /**
     * Looks up neighbours through the index and by comparing everything.
     *
     * @param sample how many rows' neighbours
     * @param neighbours of each
     */
    public MeasuredRecall recall(VectorLoad load, int sample, int neighbours) {
        return new RecallMeasurement(server, table(load)).run(sample, neighbours);
    }

    /** Gives the table everything else that applications need, and keeps it until it can be served. */
    public void keep(VectorLoad load, double recall, String comment) {
        transactions.run(load.collection() + " could not be finished", connection -> {
            for (String statement : table(load).finish(comment)) {
                Statements.execute(connection, statement);
            }
            int known = Statements.update(
                    connection,
                    "UPDATE lake.published SET state = 'READY', rows = ?, checksum = ?, recall = ?,"
                            + " ready_xid = pg_current_xact_id() WHERE leaf = ?",
                    load.expected().rows(),
                    load.expected().hex(),
                    recall,
                    load.leaf());
            requireKnown(load, known > 0);
            return null;
        });
    }

    private static void requireKnown(VectorLoad load, boolean known) {
        if (!known) {
            throw LakeException.failed(
                    "what was loaded of " + load.collection() + " cannot be served",
                    "another run has begun since, and has dropped it",
                    "let that run finish");
        }
    }

    /**
     * Shows a kept table to readers, in place of an older one. A reader sees the old table whole or the new one whole: it is
     * waited for those who use the old one, and for transactions that began before the new one was loaded, a minute at most.
     *
     * @throws LakeException where they do not end; the next run needs only to serve
     */
    public void serve(VectorLoad load, Instant now) {
        transactions.retryingOnLocks(load.collection() + " could not be put in the older one's place", connection -> {
            requireKnown(
                    load,
                    Statements.number(
                                    connection,
                                    "SELECT count(*) FROM (SELECT FROM lake.published WHERE leaf = ? AND state = 'READY'"
                                            + " FOR UPDATE) AS ready",
                                    load.leaf())
                            > 0);
            if (Statements.number(connection, OLDER_SNAPSHOTS, load.leaf()) > 0) {
                throw new SQLException(
                        "a transaction that began before the rows were loaded is open still",
                        SqlState.LOCK_NOT_AVAILABLE.code());
            }
            requireOwn(connection, load.collection());
            for (String statement : table(load).swap()) {
                Statements.execute(connection, statement);
            }
            Statements.update(
                    connection,
                    "DELETE FROM lake.published WHERE collection = ? AND state = 'SERVING'",
                    load.collection());
            return Statements.update(
                    connection,
                    "UPDATE lake.published SET state = 'SERVING', served_at = ? WHERE leaf = ?",
                    now.atOffset(ZoneOffset.UTC),
                    load.leaf());
        });
    }
}
