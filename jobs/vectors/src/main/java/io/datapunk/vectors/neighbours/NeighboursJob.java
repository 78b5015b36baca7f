package io.datapunk.vectors.neighbours;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.shard.CollectionResults;
import io.datapunk.vectors.shard.CollectionTable;
import io.datapunk.vectors.shard.CollectionTable.Model;
import io.datapunk.vectors.shard.IndexPlace;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
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
        CollectionTable table = CollectionTable.newest(home, stores, collection);
        IndexManifest index = IndexStore.of(home, stores, searched).require();
        try (JobLease lease = new Leases(home).acquire("vectors-neighbours")) {
            return LakeSession.internal(spark, () -> run(request, progress, table, index));
        }
    }

    private Report run(Request request, Progress progress, CollectionTable table, IndexManifest index) {
        String collection = request.of().name();
        String searched = request.in().name();
        table.model(spark).ifPresent(model -> requireComparable(model, index));
        IndexPlace place = IndexPlace.of(spark, home, stores, searched);
        Dataset<Row> rows = table.rows(spark)
                .select(VectorsTable.ID, VectorsTable.USER_ID, VectorsTable.VECTOR)
                .repartition(spark.sparkContext().defaultParallelism());
        IndexSettings settings = request.in().index();
        Dataset<Row> found = (searched.equals(collection)
                        ? NearestRows.joinItself(
                                rows, VectorsTable.ID, VectorsTable.VECTOR, place, settings, request.most())
                        : NearestRows.join(rows, VectorsTable.VECTOR, place, settings, request.most()))
                .withColumn(VectorNeighboursTable.NEIGHBOUR_COLLECTION, functions.lit(searched));
        CollectionResults results = new CollectionResults(spark, home, VectorNeighboursTable.DEFINITION, collection);
        try (Progress.Stage stage =
                progress.begin("looking up neighbours of " + collection, Progress.UNKNOWN_TOTAL, "rows")) {
            results.replace(found, request.now());
            long written = TableLog.of(config, home)
                    .snapshot(VectorNeighboursTable.DEFINITION.name())
                    .orElseThrow()
                    .filesOf(results.partition())
                    .rows();
            stage.advance(written);
            return new Report(collection, searched, index.version(), table.version(), written);
        }
    }

    private static void requireComparable(Model model, IndexManifest index) {
        if (index.rows() > 0
                && (model.dimensions() != index.dimensions() || !model.version().equals(index.modelVersion()))) {
            throw LakeException.usage(
                    "vectors cannot be compared with those of collection " + index.collection(),
                    "they have " + model.dimensions() + " dimensions of model '" + model.version() + "' and not "
                            + index.dimensions() + " of '" + index.modelVersion() + "'",
                    "choose collections of one model, or run `lake vectors embed` and `lake vectors build` again");
        }
    }
}
