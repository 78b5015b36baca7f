package io.datapunk.vectors.neighbours;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sqrt;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.lake.model.table.VectorOutliersTable;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.shard.CollectionResults;
import io.datapunk.vectors.shard.CollectionTable;
import io.datapunk.vectors.shard.IndexPlace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Tells how unlike its neighbours each row of a collection is: the local outlier factor (Breunig, Kriegel, Ng and Sander
 * 2000), with the neighbours that the collection's index finds. Of cosines the distance is that of vectors of length 1.
 *
 * <p>Beside a heap of equal rows, which is infinitely dense, everything would stand apart; so no distance counts as less than
 * a tenth of the mean distance of the rows' last neighbours.
 */
public final class OutliersJob {
    private static final double LEAST_SHARE = 0.1;

    /** Where all rows are equal. */
    private static final double SMALLEST = 1e-10;

    private static final String DISTANCE = "distance";
    private static final String LAST = "last_distance";
    private static final String DENSITY = "density";
    private static final String AROUND = "density_around";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public OutliersJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * @param neighbours that each row is compared with
     * @param shown most rows that are reported
     */
    public record Request(CollectionConfig collection, int neighbours, int shown, Instant now) {}

    /** @param factor about 1 within a cluster, larger for what stands apart */
    public record Outlier(String id, double factor, Optional<String> text) {}

    /**
     * What was found.
     *
     * @param rows that have neighbours, and with them a factor
     * @param most the rows of the largest factors, the largest first
     */
    public record Report(String collection, long indexVersion, long rows, List<Outlier> most) {}

    /** @throws LakeException (usage) where the index is not that of the table's newest version, or has no distances */
    public Report run(Request request, Progress progress) {
        String collection = request.collection().name();
        if (request.collection().index().metric() == VectorMetric.DOT) {
            throw LakeException.usage(
                    "collection " + collection + " has no outliers",
                    "its metric is dot: products are no distances",
                    "let lake.vectors.collections." + collection
                            + ".metric be cosine or euclidean, and build it again");
        }
        CollectionTable table = CollectionTable.newest(home, stores, collection);
        IndexManifest index = IndexStore.of(home, stores, collection).require();
        if (index.deltaVersion() != table.version()) {
            throw LakeException.usage(
                    "the index of collection " + collection + " is behind its table",
                    "it has version " + index.deltaVersion() + ", and the table " + table.version(),
                    "run `lake vectors build " + collection + "` first");
        }
        try (JobLease lease = new Leases(home).acquire("vectors-outliers")) {
            return LakeSession.internal(spark, () -> run(request, table, index, progress));
        }
    }

    private Report run(Request request, CollectionTable table, IndexManifest index, Progress progress) {
        String collection = table.collection();
        IndexPlace place = IndexPlace.of(spark, home, stores, collection);
        Dataset<Row> near = NearestRows.joinItself(
                        table.rows(spark)
                                .select(VectorsTable.ID, VectorsTable.USER_ID, VectorsTable.VECTOR)
                                .repartition(spark.sparkContext().defaultParallelism()),
                        VectorsTable.ID,
                        VectorsTable.VECTOR,
                        place,
                        request.collection().index(),
                        request.neighbours())
                .select(
                        col(VectorNeighboursTable.ID),
                        col(VectorNeighboursTable.USER_ID),
                        col(VectorNeighboursTable.NEIGHBOUR_ID),
                        distance(request.collection().index().metric()).as(DISTANCE))
                .persist(StorageLevel.DISK_ONLY());
        try (Progress.Stage stage = progress.begin("looking for outliers of " + collection, index.rows(), "rows")) {
            results(collection)
                    .replace(
                            factors(near)
                                    .withColumn(VectorOutliersTable.NEIGHBOURS, lit(request.neighbours()))
                                    .withColumn(VectorOutliersTable.INDEX_VERSION, lit(index.version())),
                            request.now());
            stage.advance(index.rows());
        } finally {
            near.unpersist();
        }
        return report(request, table, index);
    }

    private CollectionResults results(String collection) {
        return new CollectionResults(spark, home, VectorOutliersTable.DEFINITION, collection);
    }

    private static Column distance(VectorMetric metric) {
        Column score = col(VectorNeighboursTable.SCORE).cast("double");
        return metric == VectorMetric.EUCLIDEAN
                ? score.multiply(-1)
                : sqrt(greatest(lit(0.0), lit(2.0).minus(score.multiply(2))));
    }

    /** @param near every row with each of its neighbours, and the distance between them */
    private static Dataset<Row> factors(Dataset<Row> near) {
        Dataset<Row> last = near.groupBy(VectorNeighboursTable.ID)
                .agg(
                        first(VectorNeighboursTable.USER_ID).as(VectorNeighboursTable.USER_ID),
                        max(DISTANCE).as(LAST));
        Row mean = last.agg(avg(LAST)).first();
        double least = mean.isNullAt(0) ? SMALLEST : Math.max(SMALLEST, LEAST_SHARE * mean.getDouble(0));
        Dataset<Row> density = ofNeighbours(near, last)
                .groupBy(VectorNeighboursTable.ID)
                .agg(lit(1.0).divide(avg(greatest(col(DISTANCE), col(LAST), lit(least))))
                        .as(DENSITY));
        Dataset<Row> around = ofNeighbours(near, density)
                .groupBy(VectorNeighboursTable.ID)
                .agg(avg(DENSITY).as(AROUND));
        return density.join(around, VectorNeighboursTable.ID)
                .join(last, VectorNeighboursTable.ID)
                .select(
                        col(VectorNeighboursTable.ID).as(VectorOutliersTable.ID),
                        col(VectorNeighboursTable.USER_ID).as(VectorOutliersTable.USER_ID),
                        col(AROUND).divide(col(DENSITY)).as(VectorOutliersTable.FACTOR));
    }

    /** What is known of each row's neighbours. */
    private static Dataset<Row> ofNeighbours(Dataset<Row> near, Dataset<Row> known) {
        return near.select(VectorNeighboursTable.ID, VectorNeighboursTable.NEIGHBOUR_ID, DISTANCE)
                .join(
                        known.drop(VectorNeighboursTable.USER_ID)
                                .withColumnRenamed(VectorNeighboursTable.ID, VectorNeighboursTable.NEIGHBOUR_ID),
                        VectorNeighboursTable.NEIGHBOUR_ID);
    }

    private Report report(Request request, CollectionTable table, IndexManifest index) {
        Dataset<Row> written = results(table.collection()).rows();
        List<Outlier> most = written
                .orderBy(col(VectorOutliersTable.FACTOR).desc(), col(VectorOutliersTable.ID))
                .limit(request.shown())
                .join(table.rows(spark).select(VectorsTable.ID, VectorsTable.TEXT), VectorOutliersTable.ID)
                .select(VectorOutliersTable.ID, VectorOutliersTable.FACTOR, VectorsTable.TEXT)
                .orderBy(col(VectorOutliersTable.FACTOR).desc(), col(VectorOutliersTable.ID))
                .collectAsList()
                .stream()
                .map(row -> new Outlier(row.getString(0), row.getDouble(1), Optional.ofNullable(row.getString(2))))
                .toList();
        return new Report(table.collection(), index.version(), written.count(), most);
    }
}
