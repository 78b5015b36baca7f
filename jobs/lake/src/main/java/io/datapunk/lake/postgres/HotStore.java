package io.datapunk.lake.postgres;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Verified copies of partitions in PostgreSQL, for reading. A month is copied into a table of its own that nobody sees,
 * read back, and only then attached to the dataset's table, in one transaction with its row in {@code lake.served}.
 *
 * <p>A run that was killed anywhere leaves at most a table that nobody sees; the next run of a higher epoch drops it. A
 * run that has been replaced by one of a higher epoch can change nothing any more.
 */
public final class HotStore {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final String LOCK_TIMEOUT = "5s";
    private static final int LOCK_ATTEMPTS = 6;

    private final PostgresConnection server;
    private final long epoch;

    private HotStore(PostgresConnection server, long epoch) {
        this.server = server;
        this.epoch = epoch;
    }

    /**
     * Opens the hot store for a run that changes it.
     *
     * @param epoch of the run's lease; runs of a lower one can change nothing from now on
     * @throws LakeException where a run of a higher epoch was here
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public static HotStore open(PostgresConnection server, long epoch) {
        PostgresMigrations.migrate(server);
        HotStore store = new HotStore(server, epoch);
        store.transaction("the hot store could not be opened", connection -> {
            long current =
                    number(connection, "UPDATE lake.fence SET epoch = greatest(epoch, ?) RETURNING epoch", epoch);
            store.requireCurrent(current);
            return null;
        });
        return store;
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
        HotTable table = new HotTable(definition);
        PartitionName partition = source.partition();
        Dataset<Row> complete = withPartitionColumn(table, partition, rows);
        requireColumns(table, complete.schema());
        ensureParent(table);
        dropLeftovers(partition);
        String leaf = HotTable.newLeaf(partition, epoch);
        begin(table, source, leaf);
        try {
            RowChecksum loaded = copy(spark, table, leaf, complete);
            requireRows(source, loaded);
            long bytes = finish(table, leaf, loaded);
            return new HotLoad(partition, definition, leaf, source.deltaVersion(), source.fileSetHash(), loaded, bytes);
        } catch (RuntimeException e) {
            discard(leaf, e);
            throw e;
        }
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
                transaction("the result of a verification could not be kept", connection -> {
                    requireCurrent(connection);
                    return update(
                            connection,
                            "UPDATE lake.served SET verified_at = now() WHERE leaf = ? AND checksum = ?",
                            load.leaf(),
                            load.expected().hex());
                });
            }
            return verification;
        } catch (SQLException e) {
            throw failure("the copy of " + load.partition() + " could not be read back", e);
        }
    }

    /**
     * Shows a verified copy to readers, in place of an older one where there is one. A reader sees the old month whole or
     * the new one whole. Does nothing where the copy is served already.
     *
     * @param now when the copy's service begins
     * @throws LakeException where the copy was not verified or a newer run has taken over
     */
    public void serve(HotLoad load, Instant now) {
        HotTable table = new HotTable(load.table());
        detachRetired();
        retryingOnLocks("serving " + load.partition() + " failed", connection -> {
            requireCurrent(connection);
            if (!isServable(connection, load)) {
                return null;
            }
            for (String older : attachedLeaves(connection, load.partition())) {
                execute(connection, "ALTER TABLE " + table.parent() + " DETACH PARTITION " + HotTable.leaf(older));
            }
            update(
                    connection,
                    "UPDATE lake.served SET state = 'RETIRED', retired_at = ? WHERE dataset = ? AND partition = ?"
                            + " AND state = 'SERVING'",
                    at(now),
                    load.partition().dataset().toString(),
                    value(load.partition()));
            execute(connection, table.attach(load.leaf(), load.partition()));
            return update(
                    connection,
                    "UPDATE lake.served SET state = 'SERVING', served_at = ? WHERE leaf = ?",
                    at(now),
                    load.leaf());
        });
    }

    /**
     * Takes a partition out of service. Its copy is kept until {@link #reclaim}. Does nothing where it is not served.
     *
     * @param now when the grace period begins
     */
    public void unserve(PartitionName partition, Instant now) {
        retryingOnLocks("taking " + partition + " out of service failed", connection -> {
            requireCurrent(connection);
            return update(
                    connection,
                    "UPDATE lake.served SET state = 'RETIRED', retired_at = ? WHERE dataset = ? AND partition = ?"
                            + " AND state = 'SERVING'",
                    at(now),
                    partition.dataset().toString(),
                    value(partition));
        });
        detachRetired();
    }

    /** The retired copies that {@link #reclaim} would drop. */
    public List<Served> reclaimable(Instant now, Duration grace) {
        try (Connection connection = server.open("lake status")) {
            return List.copyOf(retired(connection, now.minus(grace)).values());
        } catch (SQLException e) {
            throw failure("the retired copies could not be listed", e);
        }
    }

    /**
     * Drops the copies that were retired longer ago than the grace period. Delta has their rows.
     *
     * @return what was dropped
     */
    public List<Served> reclaim(Instant now, Duration grace) {
        detachRetired();
        List<Served> dropped = new ArrayList<>();
        Map<String, Served> retired = transaction(
                "the retired copies could not be listed", connection -> retired(connection, now.minus(grace)));
        retired.forEach((leaf, copy) -> {
            drop(leaf);
            dropped.add(copy);
        });
        return dropped;
    }

    private static Dataset<Row> withPartitionColumn(HotTable table, PartitionName partition, Dataset<Row> rows) {
        boolean present = List.of(rows.columns()).contains(table.partitionColumn());
        return present ? rows : rows.withColumn(table.partitionColumn(), functions.lit(HotTable.value(partition)));
    }

    private static void requireColumns(HotTable table, StructType schema) {
        List<String> differences = new ArrayList<>();
        List<String> names = List.of(schema.fieldNames());
        for (Column column : table.definition().columns()) {
            if (!names.contains(column.name())) {
                differences.add("column " + column.name() + " is missing");
                continue;
            }
            StructField field = schema.apply(column.name());
            String found = field.dataType().catalogString();
            if (!found.equals(column.type().toString())) {
                differences.add("column " + column.name() + " is " + found + ", not " + column.type());
            }
        }
        for (String name : names) {
            if (!table.definition().columnNames().contains(name)) {
                differences.add("column " + name + " is not the lake's");
            }
        }
        if (!differences.isEmpty()) {
            throw LakeException.failed(
                    table.definition().name() + " cannot be served hot",
                    String.join(", ", differences),
                    "serve it from Delta, or undo the change of its columns");
        }
    }

    private void ensureParent(HotTable table) {
        transaction("the hot table of " + table.definition().name() + " could not be made", connection -> {
            execute(connection, "SELECT pg_advisory_xact_lock(hashtext('lake.parents'))");
            Map<String, String> found = columns(connection, table);
            if (found.isEmpty()) {
                for (String statement : table.createParent()) {
                    execute(connection, statement);
                }
                return null;
            }
            for (Column column : table.definition().columns()) {
                String type = found.remove(column.name());
                String wanted = sqlName(column);
                if (type == null && column.nullable()) {
                    execute(connection, table.addColumn(column));
                } else if (!wanted.equals(type)) {
                    throw foreign(
                            table,
                            "its column " + column.name() + " is " + (type == null ? "missing" : type) + ", not "
                                    + wanted);
                }
            }
            if (!found.isEmpty()) {
                throw foreign(
                        table,
                        "it has further columns, as "
                                + found.keySet().iterator().next());
            }
            return null;
        });
    }

    // As format_type() prints it.
    private static String sqlName(Column column) {
        return ColumnCodec.of(column.type()).sqlType().replace("timestamptz", "timestamp with time zone");
    }

    private static LakeException foreign(HotTable table, String difference) {
        return LakeException.failed(
                "the hot table " + table.definition().name() + " cannot be used",
                "it is not the table that this release makes: " + difference,
                "rename that table, or give the lake a database of its own in lake.postgres.url");
    }

    private static Map<String, String> columns(Connection connection, HotTable table) throws SQLException {
        String query = """
                SELECT attribute.attname, format_type(attribute.atttypid, attribute.atttypmod), relation.relkind
                  FROM pg_class relation
                  JOIN pg_namespace schema ON schema.oid = relation.relnamespace
                  JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
                 WHERE schema.nspname = ? AND relation.relname = ? AND attribute.attnum > 0 AND NOT attribute.attisdropped
                 ORDER BY attribute.attnum
                """;
        Map<String, String> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, table.definition().name().schema());
            statement.setString(2, table.definition().name().name());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (!rows.getString(3).equals("p")) {
                        throw foreign(table, "it is not partitioned");
                    }
                    columns.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return columns;
    }

    /** Drops what attempts of older runs, and earlier attempts at this partition, have left. */
    private void dropLeftovers(PartitionName partition) {
        List<String> leftovers = transaction("leftovers of an earlier run could not be listed", connection -> {
            requireCurrent(connection);
            return texts(
                    connection,
                    "SELECT leaf FROM lake.served WHERE state = 'LOADING'"
                            + " AND (epoch < ? OR (dataset = ? AND partition = ?))",
                    epoch,
                    partition.dataset().toString(),
                    value(partition));
        });
        leftovers.forEach(this::drop);
        detachRetired();
    }

    private void begin(HotTable table, PartitionFiles source, String leaf) {
        transaction("loading " + source.partition() + " could not begin", connection -> {
            requireCurrent(connection);
            update(
                    connection,
                    "INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 'LOADING')",
                    leaf,
                    source.partition().dataset().toString(),
                    value(source.partition()),
                    source.deltaVersion(),
                    source.fileSetHash(),
                    epoch);
            execute(connection, table.createLeaf(leaf, source.partition()));
            return null;
        });
    }

    private RowChecksum copy(SparkSession spark, HotTable table, String leaf, Dataset<Row> rows) {
        List<LoadTask.Refusal> refusals = new ArrayList<>();
        int parts = runTasks(spark, new LoadTask(server, table, leaf, rows.schema()), rows, refusals);
        if (!refusals.isEmpty()) {
            throw refused(table, refusals.get(0));
        }
        return transaction("the parts of a load could not be counted", connection -> {
            RowChecksum sum = RowChecksum.ZERO;
            int found = 0;
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT rows, checksum_high, checksum_low FROM lake.load_parts WHERE leaf = ?")) {
                statement.setString(1, leaf);
                try (ResultSet result = statement.executeQuery()) {
                    for (; result.next(); found++) {
                        sum = sum.plus(new RowChecksum(result.getLong(1), result.getLong(2), result.getLong(3)));
                    }
                }
            }
            if (found != parts) {
                throw LakeException.failed(
                        "a load of " + table.definition().name() + " is not whole",
                        found + " of " + parts + " parts have arrived",
                        "run the command again");
            }
            return sum;
        });
    }

    /** Returns into how many parts the rows were cut. */
    private int runTasks(SparkSession spark, LoadTask task, Dataset<Row> rows, List<LoadTask.Refusal> refusals) {
        try {
            return LakeSession.internal(spark, () -> {
                JavaRDD<InternalRow> parts = rows.queryExecution().toRdd().toJavaRDD();
                refusals.addAll(parts.mapPartitionsWithIndex(task, true).collect());
                return parts.getNumPartitions();
            });
        } catch (Exception e) {
            // Also checked ones, which Spark throws without declaring them.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof HotStoreUnavailableException unavailable) {
                    throw unavailable;
                }
                if (cause instanceof SQLException sql) {
                    throw failure("Spark's tasks could not load into PostgreSQL", sql);
                }
                if (cause instanceof LakeException lake) {
                    throw lake;
                }
            }
            throw LakeException.failed(
                    "Spark's tasks could not read the rows to load",
                    SqlState.message(e),
                    "run the command again; `lake doctor` tells whether a data file is damaged",
                    e);
        }
    }

    private static LakeException refused(HotTable table, LoadTask.Refusal refusal) {
        boolean full = refusal.sqlState().equals(SqlState.DISK_FULL.code());
        return LakeException.failed(
                "a partition of " + table.definition().name() + " cannot be served hot",
                refusal.reason(),
                full
                        ? "free space on PostgreSQL's disk, then run the command again"
                        : "it stays where it is, and Delta has every row; nothing was changed");
    }

    private static void requireRows(PartitionFiles source, RowChecksum loaded) {
        if (source.rows() != DataFile.ROWS_UNKNOWN && source.rows() != loaded.rows()) {
            throw LakeException.failed(
                    "the rows of " + source.partition() + " are not those of its files",
                    loaded.rows() + " rows were read, and the Delta log counts " + source.rows(),
                    "run `lake doctor`; a data file may be damaged");
        }
    }

    private long finish(HotTable table, String leaf, RowChecksum loaded) {
        try (Connection connection = server.open("lake index " + leaf)) {
            execute(connection, "SET maintenance_work_mem = '256MB'");
            for (String statement : table.finishLeaf(leaf)) {
                execute(connection, statement);
            }
            if (number(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_prewarm'") > 0) {
                execute(connection, "SELECT pg_prewarm(" + HotTable.literal(HotTable.leaf(leaf)) + "::regclass)");
            }
            long bytes = number(connection, "SELECT pg_total_relation_size(?::regclass)", HotTable.leaf(leaf));
            update(
                    connection,
                    "UPDATE lake.served SET bytes = ?, rows = ?, checksum = ? WHERE leaf = ?",
                    bytes,
                    loaded.rows(),
                    loaded.hex(),
                    leaf);
            return bytes;
        } catch (SQLException e) {
            if (SqlState.UNIQUE_VIOLATION.is(e)) {
                throw LakeException.failed(
                        "a partition of " + table.definition().name() + " cannot be served hot",
                        "two of its rows have the same id",
                        "run `lake doctor`; the same export may have been written twice by other means",
                        e);
            }
            throw failure("the indexes of " + leaf + " could not be built", e);
        }
    }

    private void discard(String leaf, RuntimeException reason) {
        try {
            drop(leaf);
        } catch (RuntimeException e) {
            // The next run drops it; the first error is the one to tell.
            reason.addSuppressed(e);
        }
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
        return texts(connection, """
                SELECT served.leaf
                  FROM lake.served
                  JOIN pg_class leaf ON leaf.relname = served.leaf AND leaf.relnamespace = 'lake_hot'::regnamespace
                  JOIN pg_inherits link ON link.inhrelid = leaf.oid
                 WHERE served.dataset = ? AND served.partition = ?
                """, partition.dataset().toString(), value(partition));
    }

    /** A retired leaf that is attached still: a run was killed, or is at it now. */
    private record Lingering(String leaf, PartitionName partition, boolean pending) {}

    private void detachRetired() {
        List<Lingering> lingering = transaction("the retired copies could not be listed", HotStore::lingering);
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
            Optional<Lingering> now = transaction("a retired copy could not be found", HotStore::lingering).stream()
                    .filter(other -> other.leaf().equals(lingering.leaf()))
                    .findFirst();
            if (now.isEmpty()) {
                return;
            }
            try (Connection connection = server.open("lake detach")) {
                execute(connection, "SET lock_timeout = '" + LOCK_TIMEOUT + "'");
                execute(connection, statement + (now.get().pending() ? " FINALIZE" : " CONCURRENTLY"));
                return;
            } catch (SQLException e) {
                if (SqlState.OBJECT_NOT_READY.is(e) && !now.get().pending()) {
                    detachWithLock(statement);
                    return;
                }
                if (!SqlState.LOCK_NOT_AVAILABLE.is(e) || attempt == LOCK_ATTEMPTS) {
                    throw failure("the retired copy of " + lingering.partition() + " could not be detached", e);
                }
            }
        }
    }

    // Somebody has given the table a default partition, and PostgreSQL then detaches with a lock only.
    private void detachWithLock(String statement) {
        retryingOnLocks("a retired copy could not be detached", connection -> {
            execute(connection, statement);
            return null;
        });
    }

    private static Map<String, Served> retired(Connection connection, Instant before) throws SQLException {
        String query = "SELECT leaf, dataset, partition, delta_version, file_set_hash, epoch, bytes, rows, retired_at"
                + " FROM lake.served WHERE state = 'RETIRED' AND retired_at <= ? ORDER BY retired_at, leaf";
        Map<String, Served> retired = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setObject(1, at(before));
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
    private void drop(String leaf) {
        retryingOnLocks("the table " + leaf + " could not be dropped", connection -> {
            requireCurrent(connection);
            String droppable = "SELECT leaf FROM lake.served WHERE leaf = ? AND state <> 'SERVING' FOR UPDATE";
            if (texts(connection, droppable, leaf).isEmpty()) {
                return null;
            }
            texts(
                    connection,
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = ?",
                    LoadTask.purpose(leaf));
            execute(connection, "DROP TABLE IF EXISTS " + HotTable.leaf(leaf));
            return update(connection, "DELETE FROM lake.served WHERE leaf = ?", leaf);
        });
    }

    private void requireCurrent(Connection connection) throws SQLException {
        requireCurrent(number(connection, "SELECT epoch FROM lake.fence FOR SHARE"));
    }

    private void requireCurrent(long current) {
        if (current > epoch) {
            throw LakeException.failed(
                    "this run may not change the hot store any more",
                    "run " + current + " has begun since, and this is run " + epoch,
                    "let that run finish; if the lake's home was made anew, give it a new database");
        }
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T transaction(String problem, Work<T> work) {
        try {
            return attempt(work);
        } catch (SQLException e) {
            throw failure(problem, e);
        }
    }

    private void retryingOnLocks(String problem, Work<?> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                attempt(connection -> {
                    execute(connection, "SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
                    return work.run(connection);
                });
                return;
            } catch (SQLException e) {
                // Between two attempts, readers that queued behind this one get through.
                if (!SqlState.LOCK_NOT_AVAILABLE.is(e) || attempt == LOCK_ATTEMPTS) {
                    throw failure(problem, e);
                }
            }
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        try (Connection connection = server.open("lake tiering")) {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.commit();
            return result;
        }
    }

    private RuntimeException failure(String problem, SQLException e) {
        return SqlState.isUnreachable(e)
                ? new HotStoreUnavailableException(server.url(), e)
                : SqlState.failure(problem, e);
    }

    private static String value(PartitionName partition) {
        return partition.value().orElseThrow().toString();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private static long number(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<String> texts(Connection connection, String sql, Object... parameters) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
