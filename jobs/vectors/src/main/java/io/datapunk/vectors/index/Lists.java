package io.datapunk.vectors.index;

import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Rows;
import io.datapunk.vectors.kmeans.Centroids;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** The rows of each centroid. */
final class Lists implements Structure {
    static final String FILE = "lists";

    private final Centroids centroids;

    /** Where each list begins in the rows, and behind the last one their end. */
    private final int[] starts;

    private final int[] rows;

    private Lists(Centroids centroids, int[] starts, int[] rows) {
        this.centroids = centroids;
        this.starts = starts;
        this.rows = rows;
    }

    /** @param assigned the centroid of each row */
    static Lists of(Centroids centroids, int[] assigned) {
        int[] starts = new int[centroids.size() + 1];
        for (int list : assigned) {
            starts[list + 1]++;
        }
        for (int list = 0; list < centroids.size(); list++) {
            starts[list + 1] += starts[list];
        }
        int[] next = starts.clone();
        int[] rows = new int[assigned.length];
        for (int row = 0; row < assigned.length; row++) {
            rows[next[assigned[row]]++] = row;
        }
        return new Lists(centroids, starts, rows);
    }

    /** Comparing the query with the centroids costs as much. */
    @Override
    public int comparedAtOnce(int k, int effort) {
        return centroids.size();
    }

    @Override
    public CandidateSearch candidates() {
        return this::find;
    }

    private void find(float[] query, int k, int effort, BitSet accepted, IntConsumer found) {
        for (int list : centroids.nearest(query, effort)) {
            for (int i = starts[list]; i < starts[list + 1]; i++) {
                if (accepted == null || accepted.get(rows[i])) {
                    found.accept(rows[i]);
                }
            }
        }
    }

    /** The number of lists, the end of each, the rows, and the centroids, all of them big-endian. */
    void write(Path file) throws IOException {
        Rows middles = centroids.rows();
        int dimensions = middles.dimensions();
        ByteBuffer bytes = ByteBuffer.allocate(
                Integer.BYTES * (1 + starts.length + rows.length) + Float.BYTES * middles.size() * dimensions);
        bytes.putInt(centroids.size());
        putAll(bytes, starts);
        putAll(bytes, rows);
        for (int list = 0; list < middles.size(); list++) {
            bytes.asFloatBuffer().put(middles.vector(list));
            bytes.position(bytes.position() + Float.BYTES * dimensions);
        }
        Files.write(file, bytes.array(), StandardOpenOption.CREATE_NEW);
    }

    private static void putAll(ByteBuffer bytes, int[] values) {
        bytes.asIntBuffer().put(values);
        bytes.position(bytes.position() + Integer.BYTES * values.length);
    }

    static Lists read(Path file, ShardHeader header) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            int[] starts = take(bytes, bytes.getInt() + 1);
            int[] rows = take(bytes, header.rows());
            Matrix middles = new Matrix(Centroids.metric(header.metric()), header.dimensions());
            float[] middle = new float[header.dimensions()];
            for (int list = 1; list < starts.length; list++) {
                bytes.asFloatBuffer().get(middle);
                bytes.position(bytes.position() + Float.BYTES * middle.length);
                middles.add(middle);
            }
            if (middles.size() == 0 || starts[middles.size()] != rows.length) {
                throw new IllegalArgumentException("The lists do not end with the rows");
            }
            return new Lists(Centroids.of(middles), starts, rows);
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            throw new IOException(file + " holds no lists of " + header.rows() + " rows", e);
        }
    }

    private static int[] take(ByteBuffer bytes, int count) {
        if (count > bytes.remaining() / Integer.BYTES) {
            throw new BufferUnderflowException();
        }
        int[] values = new int[count];
        bytes.asIntBuffer().get(values);
        bytes.position(bytes.position() + Integer.BYTES * count);
        return values;
    }
}
