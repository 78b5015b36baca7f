package io.datapunk.vectors.distance;

import io.datapunk.lake.config.VectorMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in memory, as many as it has room for: they lie in chunks. Filled by one thread; then any number may read.
 *
 * <p>Takes 4 bytes for each dimension, of which there are made a multiple of 16.
 */
public final class Matrix implements Rows {
    private static final int CHUNK_FLOATS = 1 << 20;

    private final VectorMetric metric;
    private final int dimensions;
    private final int stride;
    private final int chunkRows;
    private final List<float[]> chunks = new ArrayList<>();
    private int size;

    public Matrix(VectorMetric metric, int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("A vector has one dimension at least, not " + dimensions);
        }
        this.metric = metric;
        this.dimensions = dimensions;
        this.stride = Rows.stride(dimensions);
        this.chunkRows = Math.max(1, CHUNK_FLOATS / stride);
    }

    /** Some rows of others, in the order given. */
    public static Matrix of(Rows rows, int... ordinals) {
        Matrix matrix = new Matrix(rows.metric(), rows.dimensions());
        for (int ordinal : ordinals) {
            matrix.add(rows.vector(ordinal));
        }
        return matrix;
    }

    /** These vectors, one at least. */
    public static Matrix of(VectorMetric metric, float[][] vectors) {
        Matrix matrix = new Matrix(metric, vectors[0].length);
        for (float[] vector : vectors) {
            matrix.add(vector);
        }
        return matrix;
    }

    /**
     * Adds a copy of a vector; for cosines it is brought to length 1.
     *
     * @throws IllegalArgumentException if the vector cannot be compared: it has another number of dimensions, has a value that
     *     is infinite or NaN, has no direction although directions are compared, or is longer than 3e18, so that a distance
     *     could be too large for a float
     */
    public void add(float[] vector) {
        int place = size % chunkRows;
        float[] chunk = place == 0 ? firstOfNextChunk() : lastChunkWithRoomFor(place);
        Admission.admit(vector, metric, dimensions, chunk, place * stride);
        size++;
    }

    private float[] firstOfNextChunk() {
        int chunk = size / chunkRows;
        if (chunk == chunks.size()) {
            // Small matrices stay small; the others are allocated chunk by chunk.
            chunks.add(new float[stride * (chunk == 0 ? 1 : chunkRows)]);
        }
        return chunks.get(chunk);
    }

    private float[] lastChunkWithRoomFor(int place) {
        float[] chunk = chunks.get(chunks.size() - 1);
        if ((place + 1) * stride > chunk.length) {
            chunk = Arrays.copyOf(chunk, Math.min(2 * place, chunkRows) * stride);
            chunks.set(chunks.size() - 1, chunk);
        }
        return chunk;
    }

    /** How near two of its rows are, see {@link Kernel#nearness}. */
    public float nearness(Kernel kernel, int row, int other) {
        return kernel.nearness(chunk(row), offset(row), chunk(other), offset(other), stride);
    }

    @Override
    public void read(int row, float[] into, int offset) {
        System.arraycopy(chunk(row), offset(row), into, offset, stride);
    }

    private float[] chunk(int row) {
        return chunks.get(row / chunkRows);
    }

    private int offset(int row) {
        return row % chunkRows * stride;
    }

    @Override
    public VectorMetric metric() {
        return metric;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int size() {
        return size;
    }
}
