package io.datapunk.vectors.shard;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Matrix;
import java.util.Iterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Some vectors of many, to train with. */
public final class VectorSample {
    private static final long SEED = 1;

    /** Rows are taken at random: few more are asked for, so that seldom some are missing. */
    private static final double MORE = 1.1;

    private VectorSample() {}

    /**
     * About as many as wanted, or all if there are fewer; they are in this JVM's memory.
     *
     * @param rows as {@link VectorRows#select} has them
     * @param count of these rows
     */
    public static Matrix of(Dataset<Row> rows, long count, int wanted, VectorMetric metric, int dimensions) {
        Matrix sample = new Matrix(metric, dimensions);
        Iterator<Row> sampled = rows.sample(Math.min(1, MORE * wanted / count), SEED)
                .limit(wanted)
                .toLocalIterator();
        while (sampled.hasNext()) {
            sample.add(VectorRows.vector(sampled.next()));
        }
        return sample;
    }
}
