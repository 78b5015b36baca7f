package io.datapunk.vectors.cluster;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorClustersTable;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.kmeans.Centroids;
import io.datapunk.vectors.kmeans.KMeans;
import io.datapunk.vectors.shard.CollectionResults;
import io.datapunk.vectors.shard.CollectionTable;
import io.datapunk.vectors.shard.CollectionTable.Model;
import io.datapunk.vectors.shard.VectorRows;
import io.datapunk.vectors.shard.VectorSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.storage.StorageLevel;

/** Finds the clusters of a collection's vectors, and what each is about. */
public final class ClusterJob {
    private static final long SEED = 1;

    /** Rows of each cluster that are reported. */
    private static final int REPRESENTATIVES = 3;

    private static final int MOST_BY_DEFAULT = 1000;
    private static final String FOUND = "found";
    private static final String ROWS = "rows";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public ClusterJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /** @param clusters how many to look for; empty: the root of half the rows, {@value #MOST_BY_DEFAULT} at most */
    public record Request(CollectionConfig collection, OptionalInt clusters, Instant now) {}

    /** A row that stands for its cluster. */
    public record Representative(String id, Optional<String> text) {}

    /**
     * A cluster.
     *
     * @param label words that set it apart; empty where none do
     * @param representatives the rows that are nearest to its middle, the nearest first
     */
    public record Cluster(int cluster, Optional<String> label, long rows, List<Representative> representatives) {}

    /**
     * What was found.
     *
     * @param vectorsVersion Delta version of the collection's table
     * @param clusters the largest first; fewer than asked for where fewer rows differ
     */
    public record Report(String collection, long vectorsVersion, long rows, List<Cluster> clusters) {}

    /** @throws LakeException where the collection has no vectors, or some that cannot be compared */
    public Report run(Request request, Progress progress) {
        CollectionTable table = CollectionTable.newest(
                home, Stores.configuration(config), request.collection().name());
        try (JobLease lease = new Leases(home).acquire("vectors-cluster")) {
            return LakeSession.internal(spark, () -> run(request, table, progress));
        }
    }

    private Report run(Request request, CollectionTable table, Progress progress) {
        Dataset<Row> rows = VectorRows.select(table.rows(spark));
        long count = rows.count();
        if (count == 0) {
            throw LakeException.usage(
                    "collection " + table.collection() + " has no clusters",
                    "its table has no rows",
                    "bring rows into its source, and run `lake vectors embed " + table.collection() + "`");
        }
        Centroids middles = train(request, table.model(spark).orElseThrow(), rows, count);
        try (Progress.Stage stage = progress.begin("clustering " + table.collection(), count, "rows")) {
            Dataset<Row> assigned = rows.mapPartitions(
                            new AssignedRows(
                                    middles.rows().metric(), middles.rows().vectors()),
                            Encoders.row(AssignedRows.SCHEMA))
                    .withColumnRenamed(VectorClustersTable.CLUSTER, FOUND)
                    .persist(StorageLevel.DISK_ONLY());
            try {
                write(request, table, numbered(assigned));
            } finally {
                assigned.unpersist();
            }
            stage.advance(count);
        }
        return report(table, count);
    }

    private Centroids train(Request request, Model model, Dataset<Row> rows, long count) {
        int wanted = request.clusters()
                .orElse((int) Math.max(1, Math.min(MOST_BY_DEFAULT, Math.round(Math.sqrt(count / 2.0)))));
        VectorMetric metric = Centroids.metric(request.collection().index().metric());
        Centroids middles = KMeans.train(
                VectorSample.of(rows, count, KMeans.SAMPLE * wanted, metric, model.dimensions()), wanted, SEED);
        if (middles.size() == 0) {
            throw LakeException.usage(
                    "collection " + request.collection().name() + " has no clusters",
                    "none of its vectors has a direction",
                    "look at the column that they come from");
        }
        return middles;
    }

    /** The largest cluster is 0: the order in which they were found says nothing. */
    private static Dataset<Row> numbered(Dataset<Row> assigned) {
        Dataset<Row> numbers = assigned.groupBy(FOUND)
                .agg(count(lit(1)).as(ROWS))
                .select(
                        col(FOUND),
                        row_number()
                                .over(Window.orderBy(col(ROWS).desc(), col(FOUND)))
                                .minus(1)
                                .as(VectorClustersTable.CLUSTER));
        return assigned.join(broadcast(numbers), FOUND);
    }

    private void write(Request request, CollectionTable table, Dataset<Row> assigned) {
        Dataset<Row> found = assigned.join(
                        broadcast(ClusterLabels.of(assigned)), new String[] {VectorClustersTable.CLUSTER}, "left_outer")
                .withColumn(
                        VectorClustersTable.RANK,
                        row_number()
                                .over(Window.partitionBy(VectorClustersTable.CLUSTER)
                                        .orderBy(col(VectorClustersTable.SCORE).desc(), col(VectorClustersTable.ID))))
                .withColumn(VectorClustersTable.VECTORS_VERSION, lit(table.version()));
        results(table).replace(found, request.now());
    }

    private CollectionResults results(CollectionTable table) {
        return new CollectionResults(spark, home, VectorClustersTable.DEFINITION, table.collection());
    }

    private Report report(CollectionTable table, long count) {
        Dataset<Row> found = results(table).rows();
        Map<Integer, Long> rows = new TreeMap<>();
        found.groupBy(VectorClustersTable.CLUSTER)
                .count()
                .collectAsList()
                .forEach(row -> rows.put(row.getInt(0), row.getLong(1)));
        Map<Integer, String> labels = new TreeMap<>();
        Map<Integer, List<Representative>> representatives = new TreeMap<>();
        found.where(col(VectorClustersTable.RANK).leq(REPRESENTATIVES))
                .join(table.rows(spark).select(VectorsTable.ID, VectorsTable.TEXT), VectorClustersTable.ID)
                .select(
                        VectorClustersTable.CLUSTER,
                        VectorClustersTable.LABEL,
                        VectorClustersTable.ID,
                        VectorsTable.TEXT,
                        VectorClustersTable.RANK)
                .orderBy(VectorClustersTable.RANK)
                .collectAsList()
                .forEach(row -> {
                    labels.put(row.getInt(0), row.getString(1));
                    representatives
                            .computeIfAbsent(row.getInt(0), any -> new ArrayList<>())
                            .add(new Representative(row.getString(2), Optional.ofNullable(row.getString(3))));
                });
        return new Report(
                table.collection(),
                table.version(),
                count,
                rows.entrySet().stream()
                        .map(cluster -> new Cluster(
                                cluster.getKey(),
                                Optional.ofNullable(labels.get(cluster.getKey())),
                                cluster.getValue(),
                                representatives.get(cluster.getKey())))
                        .toList());
    }
}
