package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionValue;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.functions;

/** The rows of one partition. */
public final class PartitionRows {
    private PartitionRows() {}

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
