package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.spark.LakeSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/** Copies rows into a table by Spark's tasks, in parallel, each row once however often a task runs. */
final class ParallelCopy {
    private final FencedTransactions transactions;
    private final CopyTable table;

    ParallelCopy(FencedTransactions transactions, CopyTable table) {
        this.transactions = transactions;
        this.table = table;
    }

    /**
     * Copies all rows, which have the table's columns in any order.
     *
     * @param refused what to throw where rows cannot be copied, however often it is tried
     * @return the checksum of the rows as the tasks read them
     */
    RowChecksum run(SparkSession spark, Dataset<Row> rows, Function<LoadTask.Refusal, LakeException> refused) {
        List<LoadTask.Refusal> refusals = new ArrayList<>();
        int parts = runTasks(spark, rows, refusals);
        if (!refusals.isEmpty()) {
            throw refused.apply(refusals.get(0));
        }
        return sum(parts);
    }

    private RowChecksum sum(int parts) {
        return transactions.run("the parts of a load could not be counted", connection -> {
            RowChecksum sum = RowChecksum.ZERO;
            int found = 0;
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT rows, checksum_high, checksum_low FROM " + table.parts() + " WHERE leaf = ?")) {
                statement.setString(1, table.leaf());
                try (ResultSet result = statement.executeQuery()) {
                    for (; result.next(); found++) {
                        sum = sum.plus(new RowChecksum(result.getLong(1), result.getLong(2), result.getLong(3)));
                    }
                }
            }
            if (found != parts) {
                throw LakeException.failed(
                        "the load of " + table.leaf() + " is not whole",
                        found + " of " + parts + " parts have arrived",
                        "run the command again");
            }
            return sum;
        });
    }

    /** Returns into how many parts the rows were cut. */
    private int runTasks(SparkSession spark, Dataset<Row> rows, List<LoadTask.Refusal> refusals) {
        LoadTask task = new LoadTask(transactions.server(), table, rows.schema());
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
                    throw transactions.failure("Spark's tasks could not load into PostgreSQL", sql);
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
}
