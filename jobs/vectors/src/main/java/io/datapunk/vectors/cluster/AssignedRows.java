package io.datapunk.vectors.cluster;

import com.google.common.collect.Iterators;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.model.table.VectorClustersTable;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.kmeans.Centroids;
import io.datapunk.vectors.shard.IndexedRow;
import io.datapunk.vectors.shard.VectorRows;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Gives each row the cluster that it is nearest to.
 *
 * @param metric of clusters
 * @param middles of the clusters
 */
record AssignedRows(VectorMetric metric, float[][] middles) implements MapPartitionsFunction<Row, Row> {
    static final String WORDS = "words";

    static final StructType SCHEMA = new StructType()
            .add(VectorClustersTable.ID, DataTypes.StringType, false)
            .add(VectorClustersTable.USER_ID, DataTypes.StringType, true)
            .add(VectorClustersTable.CLUSTER, DataTypes.IntegerType, false)
            .add(VectorClustersTable.SCORE, DataTypes.FloatType, false)
            .add(WORDS, DataTypes.createArrayType(DataTypes.StringType, false), false);

    /** So many are compared at once: the distances of one alone take far longer. */
    private static final int BLOCK = 1024;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Centroids centroids = Centroids.of(Matrix.of(metric, middles));
        TextWords words = new TextWords();
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> words.close());
        return Iterators.concat(
                Iterators.transform(Iterators.partition(rows, BLOCK), block -> assign(centroids, words, block)
                        .iterator()));
    }

    private List<Row> assign(Centroids centroids, TextWords words, List<Row> block) {
        Matrix vectors = new Matrix(metric, middles[0].length);
        block.forEach(row -> vectors.add(VectorRows.vector(row)));
        int[] clusters = new int[block.size()];
        float[] scores = new float[block.size()];
        centroids.assign(vectors, 0, block.size(), clusters, scores);
        List<Row> assigned = new ArrayList<>();
        for (int i = 0; i < clusters.length; i++) {
            IndexedRow row = VectorRows.row(block.get(i));
            assigned.add(RowFactory.create(
                    row.id(),
                    row.userId().orElse(null),
                    clusters[i],
                    scores[i],
                    row.text().map(words::of).orElse(Set.of()).toArray()));
        }
        return assigned;
    }
}
