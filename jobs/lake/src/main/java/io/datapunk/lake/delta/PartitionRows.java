package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionValue;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.functions;
import scala.Option;

/** The rows of some partitions of a table. */
public final class PartitionRows {
    private PartitionRows() {}

    /**
     * At a version, without a job of Spark's to find their files.
     *
     * @param partitions by what their rows have in the partition column; a table without one has a partition of empty text
     */
    public static Dataset<Row> of(SparkSession spark, LakeHome home, TableVersion table, Predicate<String> partitions) {
        DeltaLog log = DeltaLog.forTable(spark, home.tablePath(table.dataset()));
        return RowRewriter.read(
                log,
                log.getSnapshotAt(table.version(), Option.empty(), Option.empty(), false),
                new LoggedActions(new TableLog(home, spark.sparkContext().hadoopConfiguration()))
                        .of(table, partitions));
    }

    /** At the version that the files belong to, whatever was committed since; empty where there are no files. */
    public static Dataset<Row> of(SparkSession spark, LakeHome home, PartitionFiles files) {
        PartitionValue value = files.partition().value().orElseThrow();
        return spark.read()
                .format("delta")
                .option("versionAsOf", files.deltaVersion())
                .load(home.tablePath(files.partition().dataset()))
                .where(functions
                        .col(QuotingUtils.quoteIdentifier(value.column()))
                        .equalTo(value.value()));
    }
}
