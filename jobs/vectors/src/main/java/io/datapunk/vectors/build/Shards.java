package io.datapunk.vectors.build;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.vectors.distance.Rows;
import io.datapunk.vectors.kmeans.KMeans;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.VectorRows;
import io.datapunk.vectors.shard.VectorSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Builds rows into shards, each in a task. Many rows are partitioned by what they are near to, so that a search looks into few
 * shards.
 */
final class Shards {
    private static final long SEED = 1;

    /** Clusters are of unequal sizes; those that become too large are divided. */
    private static final double FILLING = 0.7;

    private static final String CLUSTER = "vectors__cluster";

    private final SparkSession spark;
    private final IndexPlace place;
    private final CollectionConfig collection;
    private final int dimensions;

    Shards(SparkSession spark, IndexPlace place, CollectionConfig collection, int dimensions) {
        this.spark = spark;
        this.place = place;
        this.collection = collection;
        this.dimensions = dimensions;
    }

    /**
     * @param rows as {@link VectorRows#select} has them
     * @param count of these rows
     * @param partitioned whether they may be partitioned by what they are near to
     */
    List<IndexShard> build(Dataset<Row> rows, long count, boolean partitioned) throws IOException {
        int parts = Math.toIntExact((count + collection.shardRows() - 1) / collection.shardRows());
        if (count == 0) {
            return List.of();
        }
        return partitioned && parts > 1
                ? buildNear(rows, count)
                : build(rows.repartition(parts), parts, new float[0][]);
    }

    private List<IndexShard> build(Dataset<Row> parts, int count, float[][] centroids) throws IOException {
        List<byte[]> built = parts.mapPartitions(
                        new ShardTask(place, collection.index(), dimensions, centroids, threads(count)),
                        Encoders.BINARY())
                .collectAsList();
        List<IndexShard> shards = new ArrayList<>();
        for (byte[] shard : built) {
            shards.add(IndexShard.parse(shard));
        }
        return shards;
    }

    private List<IndexShard> buildNear(Dataset<Row> rows, long count) throws IOException {
        int wanted = (int) Math.ceil(count / (FILLING * collection.shardRows()));
        Rows centroids = KMeans.train(
                        VectorSample.of(
                                rows,
                                count,
                                KMeans.SAMPLE * wanted,
                                collection.index().metric(),
                                dimensions),
                        wanted,
                        SEED)
                .rows();
        int clusters = centroids.size();
        float[][] middles = centroids.vectors();
        UserDefinedFunction nearest =
                functions.udf(new NearestCluster(collection.index().metric(), middles), DataTypes.IntegerType);
        Dataset<Row> assigned = rows.withColumn(CLUSTER, nearest.apply(col(VectorsTable.VECTOR)));
        int[] first = new int[clusters];
        int[] parts = new int[clusters];
        long[] sizes = new long[clusters];
        assigned.groupBy(CLUSTER).count().collectAsList().forEach(row -> sizes[row.getInt(0)] = row.getLong(1));
        List<float[]> centroidOfPart = new ArrayList<>();
        for (int cluster = 0; cluster < clusters; cluster++) {
            first[cluster] = centroidOfPart.size();
            parts[cluster] = (int) Math.max(1, (sizes[cluster] + collection.shardRows() - 1) / collection.shardRows());
            for (int part = 0; part < parts[cluster]; part++) {
                centroidOfPart.add(middles[cluster]);
            }
        }
        int total = centroidOfPart.size();
        UserDefinedFunction part = functions.udf(
                (UDF2<Integer, Integer, Integer>)
                        (cluster, hash) -> first[cluster] + Math.floorMod(hash, parts[cluster]),
                DataTypes.IntegerType);
        Dataset<Row> placed = assigned.repartitionById(total, part.apply(col(CLUSTER), hash(col(VectorsTable.ID))))
                .drop(CLUSTER);
        return build(placed, total, centroidOfPart.toArray(float[][]::new));
    }

    /** All cores together, as far as the tasks leave some free. */
    private int threads(int tasks) {
        int cores = spark.sparkContext().defaultParallelism();
        int executor = spark.sparkContext().getConf().getInt("spark.executor.cores", cores);
        return Math.max(1, Math.min(executor, cores / tasks));
    }
}
