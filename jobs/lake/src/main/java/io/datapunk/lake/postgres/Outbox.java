package io.datapunk.lake.postgres;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.TaskCompletionListener;

/**
 * What applications wrote and Delta does not have yet. It is taken in batches: all rows that one snapshot sees get the
 * batch's number, so that a batch is the same however often it is read. Within a batch the last write of a row counts; a
 * row's writes are numbered in the order of their commits, because a writer holds the row until it ends.
 */
public final class Outbox {
    private static final int ROWS_FOR_A_TASK = 50_000;

    private final FencedTransactions transactions;

    Outbox(FencedTransactions transactions) {
        this.transactions = transactions;
    }

    /** How many writes Delta does not have yet, by dataset; empty where the lake never used this database. */
    public static Map<DatasetName, Long> waiting(PostgresConnection server) {
        Map<DatasetName, Long> waiting = new TreeMap<>();
        try (Connection connection = server.open("lake status")) {
            for (WritableDataset dataset : WritableDataset.all(connection)) {
                waiting.put(dataset.name(), Statements.number(connection, "SELECT count(*) FROM " + dataset.outbox()));
            }
            return waiting;
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return Map.of();
            }
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure("what applications wrote could not be counted", e);
        }
    }

    /** Whether Delta has everything that applications wrote in a dataset. */
    public boolean isEmpty(WritableDataset dataset) {
        return transactions.run(
                "what was written in " + dataset.name() + " could not be found",
                connection -> isEmpty(connection, dataset));
    }

    static boolean isEmpty(Connection connection, WritableDataset dataset) throws SQLException {
        return Statements.texts(connection, "SELECT lake_number FROM " + dataset.outbox() + " LIMIT 1")
                .isEmpty();
    }

    /**
     * Rows of the outbox that are brought to Delta together.
     *
     * @param isLeft whether a run that was killed has taken it
     */
    public record Batch(long number, boolean isLeft) {}

    /**
     * The batch to bring to Delta: one that a run has left, or else all that there is now.
     *
     * @param next number for a new batch; higher than that of any which Delta has
     * @return empty where there is nothing
     */
    public Optional<Batch> take(WritableDataset dataset, long next) {
        return transactions.run("what was written in " + dataset.name() + " could not be taken", connection -> {
            transactions.requireCurrent(connection);
            long left = Statements.number(
                    connection,
                    "SELECT coalesce(max(lake_batch), 0) FROM " + dataset.outbox() + " WHERE lake_batch IS NOT NULL");
            if (left > 0) {
                return Optional.of(new Batch(left, true));
            }
            int rows = Statements.update(
                    connection, "UPDATE " + dataset.outbox() + " SET lake_batch = ? WHERE lake_batch IS NULL", next);
            return rows > 0 ? Optional.of(new Batch(next, false)) : Optional.empty();
        });
    }

    /**
     * What a batch changes.
     *
     * @param rows how many rows, each counted once
     * @param values of the partitions that they are in; empty for a dataset without partitions
     */
    public record Extent(long rows, List<String> values) {}

    /** What a batch changes. */
    public Extent extent(WritableDataset dataset, long batch) {
        return transactions.run("a batch of " + dataset.name() + " could not be counted", connection -> {
            String where = " FROM " + dataset.outbox() + " WHERE lake_batch = ?";
            long rows = Statements.number(
                    connection, "SELECT count(DISTINCT (" + dataset.keyColumns() + ", 0))" + where, batch);
            List<String> values = dataset.partitionColumn().isEmpty()
                    ? List.of()
                    : Statements.texts(
                            connection,
                            "SELECT DISTINCT "
                                    + HotTable.quoted(dataset.partitionColumn().get()) + where + " ORDER BY 1",
                            batch);
            return new Extent(rows, values);
        });
    }

    /**
     * The last state of each row of a batch: the table's columns and {@link RowChange#COLUMN}. Read from PostgreSQL by
     * Spark's tasks, each time anew.
     */
    public Dataset<Row> rows(
            SparkSession spark, WritableDataset dataset, TableDefinition definition, long batch, Extent extent) {
        int tasks = (int) Math.min(spark.sparkContext().defaultParallelism(), 1 + extent.rows() / ROWS_FOR_A_TASK);
        String keyText = dataset.key().stream()
                .map(column -> HotTable.quoted(column) + "::text")
                .collect(Collectors.joining(", "));
        String kind = "CASE WHEN lake_operation = 'U' AND lake_inserted THEN 'I' ELSE lake_operation::text END";
        List<String> queries = IntStream.range(0, tasks)
                .mapToObj(task -> "SELECT " + HotTable.names(definition.columns()) + ", " + kind + " FROM ("
                        + last(
                                dataset,
                                "lake_batch = " + batch + " AND (hashtextextended(concat_ws(' ', " + keyText
                                        + "), 0) & 2147483647) % " + tasks + " = " + task)
                        + ") last")
                .toList();
        List<Column> columns = new ArrayList<>(definition.columns());
        columns.add(new Column(RowChange.COLUMN, ColumnType.Primitive.STRING, false, false, false, ""));
        List<ColumnCodec> codecs = ColumnCodec.of(columns);
        PostgresConnection server = transactions.server();
        JavaRDD<InternalRow> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(queries, tasks)
                .flatMap(query -> {
                    Connection connection = server.open("lake sync");
                    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(connection));
                    return new CopiedRows(connection, query, codecs);
                });
        return ((org.apache.spark.sql.classic.SparkSession) spark)
                .internalCreateDataFrame(rows.rdd(), DeltaSchemas.structType(columns), false);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // The rows have been read.
        }
    }

    /** Which rows of the outbox say what became of a row in the end. */
    private static String last(WritableDataset dataset, String where) {
        return "SELECT DISTINCT ON (" + dataset.keyColumns()
                + ") outbox.*, bool_or(lake_operation = 'I') OVER (PARTITION BY "
                + dataset.keyColumns() + ") AS lake_inserted FROM " + dataset.outbox() + " outbox WHERE " + where
                + " ORDER BY " + dataset.keyColumns() + ", lake_number DESC";
    }

    /** Removes a batch that Delta has, from inboxes as well. */
    public void remove(WritableDataset dataset, long batch) {
        transactions.retryingOnLocks("what Delta has of " + dataset.name() + " could not be removed", connection -> {
            transactions.requireCurrent(connection);
            if (dataset.partitionColumn().isPresent()) {
                removeFromInboxes(connection, dataset, batch);
            }
            return Statements.update(connection, "DELETE FROM " + dataset.outbox() + " WHERE lake_batch = ?", batch);
        });
    }

    private static void removeFromInboxes(Connection connection, WritableDataset dataset, long batch)
            throws SQLException {
        String column = HotTable.quoted(dataset.partitionColumn().orElseThrow());
        Statements.execute(connection, "INSERT INTO lake.own_work VALUES (pg_current_xact_id())");
        Statements.update(
                connection,
                "DELETE FROM " + dataset.table() + " kept USING " + dataset.outbox()
                        + " brought WHERE brought.lake_batch = ? AND " + dataset.sameKey("kept", "brought")
                        + " AND kept."
                        + column + " <> ALL (lake.whole_partitions(?))",
                batch,
                dataset.name().toString());
        Statements.execute(connection, "DELETE FROM lake.own_work WHERE transaction = pg_current_xact_id()");
    }

    /** Gives a batch back that Delta could not take, so that the next one holds what has been corrected meanwhile. */
    public void giveBack(WritableDataset dataset, long batch) {
        transactions.run("a batch of " + dataset.name() + " could not be given back", connection -> {
            transactions.requireCurrent(connection);
            return Statements.update(
                    connection, "UPDATE " + dataset.outbox() + " SET lake_batch = NULL WHERE lake_batch = ?", batch);
        });
    }

    /** Brings what was written in a partition since the last sync into a copy of what Delta has, as a sync would. */
    static void replay(
            Connection connection,
            WritableDataset dataset,
            TableDefinition definition,
            PartitionName partition,
            String leaf)
            throws SQLException {
        String last =
                "(" + last(dataset, HotTable.quoted(dataset.partitionColumn().orElseThrow()) + " = ?") + ") last";
        String names = HotTable.names(definition.columns());
        String value = HotTable.value(partition);
        String copied = HotTable.leaf(leaf);
        String assignments = definition.columns().stream()
                .map(column -> HotTable.quoted(column.name()))
                .map(column -> column + " = last." + column)
                .collect(Collectors.joining(", "));
        String sameKey = dataset.sameKey("copied", "last");
        Statements.update(
                connection,
                "DELETE FROM " + copied + " copied USING " + last + " WHERE " + sameKey + " AND lake_operation = 'D'",
                value);
        Statements.update(
                connection,
                "UPDATE " + copied + " copied SET " + assignments + " FROM " + last + " WHERE " + sameKey
                        + " AND lake_operation <> 'D'",
                value);
        Statements.update(
                connection,
                "INSERT INTO " + copied + " (" + names + ") SELECT " + names + " FROM " + last
                        + " WHERE lake_operation <> 'D' AND lake_inserted ON CONFLICT DO NOTHING",
                value);
    }
}
