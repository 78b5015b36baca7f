package io.datapunk.vectors.distance;

import io.datapunk.lake.config.VectorMetric;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Vectors of one length, numbered from 0. All of them can be compared: they were looked at when they came, see {@link
 * Matrix#add}.
 */
public interface Rows {
    VectorMetric metric();

    int dimensions();

    int size();

    /** Copies a vector, and zeros behind it up to {@link #stride()}. */
    void read(int row, float[] into, int offset);

    /** Floats from one row to the next. */
    default int stride() {
        return stride(dimensions());
    }

    /** Whole cache lines: no row is cut by one, and no kernel has to deal with what is left over of a register. */
    static int stride(int dimensions) {
        return (dimensions + 15) / 16 * 16;
    }

    /** A copy. */
    default float[] vector(int row) {
        float[] copy = new float[stride()];
        read(row, copy, 0);
        return Arrays.copyOf(copy, dimensions());
    }

    /** Copies of all of them. */
    default float[][] vectors() {
        return IntStream.range(0, size()).mapToObj(this::vector).toArray(float[][]::new);
    }

    /**
     * A vector that these are to be compared with, made as they are: of length 1 for cosines, with zeros up to the stride.
     *
     * @throws IllegalArgumentException if it cannot be compared, see {@link Matrix#add}
     */
    default float[] query(float[] vector) {
        float[] query = new float[stride()];
        Admission.admit(vector, metric(), dimensions(), query, 0);
        return query;
    }
}
