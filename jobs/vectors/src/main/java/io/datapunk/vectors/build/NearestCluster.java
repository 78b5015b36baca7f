package io.datapunk.vectors.build;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.kmeans.Centroids;
import io.datapunk.vectors.shard.VectorRows;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The number of the cluster whose centre a vector is nearest to. */
final class NearestCluster implements UDF1<Seq<Float>, Integer> {
    private static final long serialVersionUID = 1;

    private final VectorMetric metric;
    private final float[][] middles;
    /** Made where it is used: a task's threads share nothing else. */
    private transient volatile Centroids centroids;

    NearestCluster(VectorMetric metric, float[][] middles) {
        this.metric = metric;
        this.middles = middles;
    }

    @Override
    public Integer call(Seq<Float> vector) {
        Centroids made = centroids;
        if (made == null) {
            made = Centroids.of(Matrix.of(Centroids.metric(metric), middles));
            centroids = made;
        }
        return made.nearest(VectorRows.floats(CollectionConverters.asJava(vector)), 1)[0];
    }
}
