package io.datapunk.vectors.shard;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableOverwrite;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.VectorsTable;
import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** What was computed of the rows of a collection: its partition of a table that is partitioned by collection. */
public record CollectionResults(SparkSession spark, LakeHome home, TableDefinition definition, String collection) {
    /** @param rows with the table's columns but the collection and {@code computed_at}, instead of those that are there */
    public void replace(Dataset<Row> rows, Instant now) {
        new TableOverwrite(spark, home)
                .replace(
                        definition,
                        partition(),
                        rows.withColumn(VectorsTable.COMPUTED_AT, functions.lit(now))
                                .withColumn(column(), functions.lit(collection)));
    }

    public Dataset<Row> rows() {
        return spark.read()
                .format("delta")
                .load(home.tablePath(definition.name()))
                .where(functions.col(column()).equalTo(collection));
    }

    public PartitionName partition() {
        return PartitionName.of(definition.name(), column(), collection);
    }

    private String column() {
        return definition.partition().column();
    }
}
