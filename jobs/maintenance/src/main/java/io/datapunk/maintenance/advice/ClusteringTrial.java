package io.datapunk.maintenance.advice;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Searches a partition for values that are in it, as its files are and as they would be, sorted by the column. The copy has
 * hashes of the column's values and nothing else, for it lies outside of the table for a while.
 */
final class ClusteringTrial {
    private static final int SEARCHES = 3;
    private static final String KEY = "key";

    private final SparkSession spark;
    private final LakeHome home;

    ClusteringTrial(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /** Rows that a search has to read: the middle one of several. */
    record Result(long rows, long readBefore, long readAfter) {}

    /** @return empty where no row has a value there */
    Optional<Result> run(PartitionFiles partition, String column) {
        Dataset<Row> rows = PartitionRows.of(spark, home, partition);
        Dataset<Row> known = rows.select(col(column), xxhash64(col(column)).as(KEY))
                .where(col(column).isNotNull());
        // Some of all rows, the same ones another time.
        List<Row> samples = known.sample(Math.min(1, 100.0 / partition.rows()), 1)
                .limit(SEARCHES)
                .collectAsList();
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        Path copy = new Path(home.root(), "staging/advice-" + UUID.randomUUID());
        try {
            known.select(KEY)
                    .repartitionByRange(partition.files().size(), col(KEY))
                    .sortWithinPartitions(KEY)
                    .write()
                    .parquet(copy.toString());
            Dataset<Row> sorted = spark.read().parquet(copy.toString());
            List<Long> before = new ArrayList<>();
            List<Long> after = new ArrayList<>();
            for (Row sample : samples) {
                before.add(read(rows.select(column), col(column).equalTo(lit(sample.get(0)))));
                after.add(read(sorted, col(KEY).equalTo(lit(sample.get(1)))));
            }
            return Optional.of(new Result(partition.rows(), middle(before), middle(after)));
        } finally {
            remove(copy);
        }
    }

    private static long middle(List<Long> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }

    /** What a scan has let through of files, groups of rows and pages. */
    private static long read(Dataset<Row> rows, Column condition) {
        QueryExecution execution = ((org.apache.spark.sql.classic.Dataset<Row>) rows.where(condition)).queryExecution();
        execution.toRdd().count();
        return read(execution.executedPlan());
    }

    private static long read(SparkPlan plan) {
        long own = plan instanceof FileSourceScanExec scan
                ? scan.metrics().apply("numOutputRows").value()
                : 0;
        return own
                + CollectionConverters.asJava(plan.children()).stream()
                        .mapToLong(ClusteringTrial::read)
                        .sum();
    }

    private void remove(Path copy) {
        try {
            copy.getFileSystem(spark.sparkContext().hadoopConfiguration()).delete(copy, true);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the copy that was tried could not be removed from " + copy,
                    String.valueOf(e.getMessage()),
                    "remove it",
                    e);
        }
    }
}
