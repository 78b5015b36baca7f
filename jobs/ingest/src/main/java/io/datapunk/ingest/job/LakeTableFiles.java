package io.datapunk.ingest.job;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The lake's tables as an import reads them. */
final class LakeTableFiles {
    private final SparkSession spark;
    private final LakeHome home;
    private final TableLog log;

    LakeTableFiles(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
        this.log = new TableLog(home, spark.sparkContext().hadoopConfiguration());
    }

    void ensure(TableDefinition definition) {
        DeltaTables.ensure(spark, home, definition);
    }

    Dataset<Row> read(DatasetName dataset) {
        return spark.read().format("delta").load(home.tablePath(dataset));
    }

    /** The partitions that have files; none where the table is empty or absent. */
    List<PartitionFiles> partitions(DatasetName dataset) {
        return log.snapshot(dataset).map(TableSnapshot::partitions).orElse(List.of());
    }

    boolean isEmpty(DatasetName dataset) {
        return partitions(dataset).isEmpty();
    }
}
