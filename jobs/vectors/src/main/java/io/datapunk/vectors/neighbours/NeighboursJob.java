package io.datapunk.vectors.neighbours;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableOverwrite;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.VectorRows;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Looks up the nearest rows of every row of a collection, in its own index or another one's. */
public final class NeighboursJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public NeighboursJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * @param of whose rows
     * @param in where their neighbours are looked for
     * @param most neighbours of each
     */
    public record Request(CollectionConfig of, CollectionConfig in, int most, Instant now) {}

    /** @param rows of the table that belong to the collection now */
    public record Report(String collection, String searched, long indexVersion, long deltaVersion, long rows) {}

    /** @throws LakeException where there are no vectors or no index, or vectors that cannot be compared */
    public Report run(Request request, Progress progress) {
        String collection = request.of().name();
        String searched = request.in().name();
        long version = TableLog.of(config, home)
                .snapshot(VectorsTable.name(collection))
                .orElseThrow(() -> LakeException.usage(
                        "collection " + collection + " has no vectors",
                        "there is no table " + VectorsTable.name(collection),
                        "make them with `lake vectors embed " + collection + "`"))
                .version();
        IndexManifest index = IndexStore.of(home, stores, searched)
                .current()
                .orElseThrow(() -> LakeException.usage(
                        "collection " + searched + " has no index",
                        "none was published",
                        "make one with `lake vectors build " + searched + "`"));
        try (JobLease lease = new Leases(home).acquire("vectors-neighbours")) {
            return LakeSession.internal(spark, () -> run(request, progress, version, index));
        }
    }

    private Report run(Request request, Progress progress, long version, IndexManifest index) {
        String collection = request.of().name();
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", version)
                .load(home.tablePath(VectorsTable.name(collection)));
        requireComparable(rows, index);
        IndexPlace place = IndexPlace.of(spark, home, stores, request.in().name());
        Dataset<Row> found = VectorRows.select(rows)
                .repartition(spark.sparkContext().defaultParallelism())
                .mapPartitions(
                        new NearestRows(
                                place,
                                request.in().indexSettings(),
                                request.most(),
                                request.in().name().equals(collection)),
                        Encoders.row(NearestRows.SCHEMA))
                .withColumn(VectorNeighboursTable.COMPUTED_AT, functions.lit(request.now()))
                .withColumn(VectorNeighboursTable.COLLECTION, functions.lit(collection));
        PartitionName partition =
                PartitionName.of(VectorNeighboursTable.DEFINITION.name(), VectorNeighboursTable.COLLECTION, collection);
        try (Progress.Stage stage =
                progress.begin("looking up neighbours of " + collection, Progress.UNKNOWN_TOTAL, "rows")) {
            new TableOverwrite(spark, home).replace(VectorNeighboursTable.DEFINITION, partition, found);
            long written = TableLog.of(config, home)
                    .snapshot(VectorNeighboursTable.DEFINITION.name())
                    .orElseThrow()
                    .filesOf(partition)
                    .rows();
            stage.advance(written);
            return new Report(collection, request.in().name(), index.version(), version, written);
        }
    }

    private static void requireComparable(Dataset<Row> rows, IndexManifest index) {
        for (Row model : rows.select(VectorsTable.MODEL_VERSION, VectorsTable.DIMENSIONS)
                .distinct()
                .limit(2)
                .collectAsList()) {
            if (index.rows() > 0
                    && (model.getInt(1) != index.dimensions()
                            || !model.getString(0).equals(index.modelVersion()))) {
                throw LakeException.usage(
                        "vectors cannot be compared with those of collection " + index.collection(),
                        "they have " + model.getInt(1) + " dimensions of model '" + model.getString(0) + "' and not "
                                + index.dimensions() + " of '" + index.modelVersion() + "'",
                        "choose collections of one model, or run `lake vectors embed` and `lake vectors build` again");
            }
        }
    }
}
