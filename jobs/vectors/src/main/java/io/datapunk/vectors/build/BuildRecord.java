package io.datapunk.vectors.build;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.model.table.VectorBuildsTable;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * A build, for {@code vectors.builds}.
 *
 * @param index as it was measured
 * @param target the share that searches had to find
 */
record BuildRecord(IndexManifest index, long builtRows, double target, double seconds, Instant now) {
    boolean published() {
        return index.recall() >= target;
    }

    void write(SparkSession spark, LakeHome home) {
        DeltaTables.ensure(spark, home, VectorBuildsTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        VectorBuildsTable.DEFINITION,
                        spark.createDataFrame(
                                List.of(RowFactory.create(
                                        index.collection(),
                                        index.version(),
                                        index.deltaVersion(),
                                        index.rows(),
                                        builtRows,
                                        index.shards().size(),
                                        index.bytes(),
                                        index.probes(),
                                        index.recall(),
                                        target,
                                        published(),
                                        seconds,
                                        now)),
                                DeltaSchemas.structType(VectorBuildsTable.DEFINITION)));
    }
}
