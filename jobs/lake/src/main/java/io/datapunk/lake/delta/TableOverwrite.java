package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.functions;
import scala.Option;

/** Gives a table, or one partition of it, the rows of another table, as a new version. */
public final class TableOverwrite {
    private final SparkSession spark;
    private final LakeHome home;

    public TableOverwrite(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * Overwrites, and compares what is there then.
     *
     * @param source the other table's root
     * @param partition the only one that changes; its value is what the source has
     * @param expected of the source's rows
     * @return the version that has them
     * @throws LakeException (gate) where the table has other rows afterwards
     */
    public long overwrite(DatasetName dataset, String source, Optional<PartitionName> partition, RowChecksum expected) {
        return InternalJobs.call(spark, () -> {
            String path = home.tablePath(dataset);
            Optional<String> condition = partition.flatMap(PartitionName::value).map(TableOverwrite::condition);
            DataFrameWriter<Row> writer = spark.read()
                    .format("delta")
                    .load(source)
                    .write()
                    .format("delta")
                    .mode("overwrite")
                    .option("compression", DeltaAppend.WARM_CODEC)
                    .partitionBy(partitionColumns(source));
            condition.ifPresentOrElse(
                    where -> writer.option("replaceWhere", where), () -> writer.option("overwriteSchema", "true"));
            writer.save(path);
            Dataset<Row> rows = spark.read().format("delta").load(path);
            RowChecksum found = DeltaChecksum.of(
                    condition.map(where -> rows.where(functions.expr(where))).orElse(rows));
            if (!found.equals(expected)) {
                throw LakeException.gate(
                        "the table " + dataset + " does not have the rows that it was given",
                        "it has " + found + " instead of " + expected,
                        "look for another writer, and run the command again");
            }
            return log(path).version();
        });
    }

    /**
     * Gives a partition of one of the lake's tables, which is made where it is not there, these rows instead of its own.
     *
     * @param rows with the definition's columns
     */
    public void replace(TableDefinition definition, PartitionName partition, Dataset<Row> rows) {
        DeltaTables.ensure(spark, home, definition);
        InternalJobs.call(spark, () -> {
            rows.select(definition.columnNames().stream().map(functions::col).toArray(Column[]::new))
                    .write()
                    .format("delta")
                    .mode("overwrite")
                    .option("compression", DeltaAppend.WARM_CODEC)
                    .option("replaceWhere", condition(partition.value().orElseThrow()))
                    .save(home.tablePath(definition.name()));
            return null;
        });
    }

    private String[] partitionColumns(String source) {
        return log(source).metadata().partitionColumns().mkString("\n").isEmpty()
                ? new String[0]
                : log(source).metadata().partitionColumns().mkString("\n").split("\n");
    }

    private org.apache.spark.sql.delta.Snapshot log(String path) {
        return DeltaLog.forTable(spark, path).update(false, Option.empty(), Option.empty());
    }

    private static String condition(PartitionValue value) {
        String column = QuotingUtils.quoteIdentifier(value.column());
        return value.value().equals(PartitionValue.NO_VALUE)
                ? column + " IS NULL"
                : column + " = '" + value.value().replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
