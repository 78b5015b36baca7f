package io.datapunk.lake.postgres;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Copies partitions into tables that nobody sees yet. */
final class HotLoader {
    private final FencedTransactions transactions;
    private final HotParents parents;
    private final RetiredLeaves retired;
    private final Function<DatasetName, HotLayout> layouts;

    HotLoader(FencedTransactions transactions, RetiredLeaves retired, Function<DatasetName, HotLayout> layouts) {
        this.layouts = layouts;
        this.transactions = transactions;
        this.parents = new HotParents(transactions);
        this.retired = retired;
    }

    HotLoad load(SparkSession spark, TableDefinition definition, PartitionFiles source, Dataset<Row> rows) {
        HotTable table = new HotTable(definition, layouts.apply(definition.name()));
        int tables = table.layout().tables(definition, source.bytes());
        PartitionName partition = source.partition();
        Dataset<Row> complete = withPartitionColumn(table, partition, rows);
        HotParents.requireColumns(table, complete.schema());
        table.own().require();
        String trigrams = trigrams(table);
        parents.ensure(table);
        if (tables > 1) {
            parents.ensureKey(table);
        }
        retired.dropLeftovers(partition);
        String leaf = HotTable.newLeaf(partition, transactions.epoch());
        begin(table, source, leaf, tables);
        try {
            RowChecksum loaded = new ParallelCopy(transactions, table.copyTable(leaf))
                    .run(spark, complete, refusal -> refused(source, refusal));
            requireRows(source, loaded);
            long bytes = finish(table, leaf, tables, loaded, source, trigrams);
            return new HotLoad(partition, definition, leaf, source.deltaVersion(), source.fileSetHash(), loaded, bytes);
        } catch (RuntimeException e) {
            discard(leaf, e);
            throw e;
        }
    }

    /** The schema of pg_trgm, empty where no index needs it. */
    private String trigrams(HotTable table) {
        if (!table.own().needTrigrams()) {
            return "";
        }
        return transactions
                .run(
                        "the server's extensions could not be listed",
                        connection -> Statements.texts(
                                connection,
                                "SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
                                        + " WHERE extname = 'pg_trgm'"))
                .stream()
                .findFirst()
                .orElseThrow(() -> LakeException.failed(
                        table.definition().name() + " cannot have the trigram index that its configuration asks for",
                        "PostgreSQL's extension pg_trgm is not installed in this database",
                        "have a superuser run CREATE EXTENSION pg_trgm, or take the index out"));
    }

    private static Dataset<Row> withPartitionColumn(HotTable table, PartitionName partition, Dataset<Row> rows) {
        boolean present = List.of(rows.columns()).contains(table.partitionColumn());
        return present ? rows : rows.withColumn(table.partitionColumn(), functions.lit(HotTable.value(partition)));
    }

    private void begin(HotTable table, PartitionFiles source, String leaf, int tables) {
        transactions.run("loading " + source.partition() + " could not begin", connection -> {
            transactions.requireCurrent(connection);
            Statements.update(
                    connection,
                    "INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 'LOADING')",
                    leaf,
                    source.partition().dataset().toString(),
                    HotTable.served(source.partition()),
                    source.deltaVersion(),
                    source.fileSetHash(),
                    transactions.epoch());
            for (String statement : table.createLeaf(leaf, source.partition(), tables)) {
                Statements.execute(connection, statement);
            }
            return null;
        });
    }

    private LakeException refused(PartitionFiles source, LoadTask.Refusal refusal) {
        if (refusal.lasts()) {
            RefusedPartitions.remember(transactions, source, refusal.reason());
        }
        return LakeException.failed(
                source.partition() + " cannot be served hot",
                refusal.reason(),
                refusal.sqlState().equals(SqlState.DISK_FULL.code())
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

    private long finish(
            HotTable table, String leaf, int tables, RowChecksum loaded, PartitionFiles source, String trigrams) {
        try (Connection connection = transactions.server().open("lake index " + leaf)) {
            Statements.execute(connection, "SET maintenance_work_mem = '256MB'");
            for (String index : Statements.texts(connection, table.parentIndexes(leaf))) {
                Statements.execute(connection, index);
            }
            for (String statement : table.finishLeaf(leaf, tables, trigrams)) {
                Statements.execute(connection, statement);
            }
            if (Statements.number(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_prewarm'") > 0) {
                Statements.number(
                        connection,
                        "SELECT sum(pg_prewarm(part)) FROM lake.tables_of(?::regclass) AS part",
                        HotTable.leaf(leaf));
            }
            long bytes = Statements.number(connection, "SELECT lake.bytes_of(?::regclass)", HotTable.leaf(leaf));
            Statements.update(
                    connection,
                    "UPDATE lake.served SET bytes = ?, rows = ?, checksum = ? WHERE leaf = ?",
                    bytes,
                    loaded.rows(),
                    loaded.hex(),
                    leaf);
            return bytes;
        } catch (SQLException e) {
            if (SqlState.UNIQUE_VIOLATION.is(e)) {
                RefusedPartitions.remember(transactions, source, "two of its rows have the same id");
                throw LakeException.failed(
                        source.partition() + " cannot be served hot",
                        "two of its rows have the same id",
                        "run `lake doctor`; the same export may have been written twice by other means",
                        e);
            }
            throw transactions.failure("the indexes of " + leaf + " could not be built", e);
        }
    }

    private void discard(String leaf, RuntimeException reason) {
        try {
            retired.drop(leaf);
        } catch (RuntimeException e) {
            // The next run drops it; the first error is the one to tell.
            reason.addSuppressed(e);
        }
    }
}
