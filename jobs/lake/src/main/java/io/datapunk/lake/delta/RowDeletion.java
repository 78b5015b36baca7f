package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.delta.DeltaAppend.Once;
import io.delta.tables.DeltaTable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** Deletes rows by a mark, under which the commits are found again that it took. */
final class RowDeletion {
    private static final String BY_VECTORS = "spark.databricks.delta.delete.deletionVectors.persistent";
    private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

    private RowDeletion() {}

    /**
     * Deletes rows; their files are written anew, for what a vector hides would lie in them still. All that follows in the
     * session has the mark.
     *
     * @param own a session that nobody else has: how a DELETE is made is a setting
     */
    static void run(SparkSession own, DeltaTable table, Column rows, String mark) {
        own.conf().set(BY_VECTORS, "false");
        own.conf().set(USER_METADATA, mark);
        table.delete(rows);
    }

    /** As {@link #run}, at most once for an application: the table remembers it. */
    static void runOnce(SparkSession own, DeltaTable table, Column rows, Once once) {
        InternalJobs.once(own, once, () -> {
            run(own, table, rows, once.application());
            return null;
        });
    }

    /** The versions that have the mark. */
    static List<Long> versions(DeltaTable table, String mark) {
        return table.history()
                .where(col("userMetadata").equalTo(mark))
                .select("version")
                .as(Encoders.LONG())
                .collectAsList();
    }
}
