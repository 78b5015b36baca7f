package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Matrix;
import io.github.jbellis.jvector.disk.BufferedRandomAccessWriter;
import io.github.jbellis.jvector.disk.ByteBufferReader;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Vectors made short by product quantisation: a byte for each eight dimensions says which of 256 patterns they are most like. On
 * the heap, while the vectors themselves are read only where a hit is compared.
 */
final class Codes {
    static final String FILE = "codes";

    private static final int PATTERNS = 256;

    /** There cannot be more patterns than vectors that they are learnt from. */
    static final int LEAST_ROWS = PATTERNS;

    private static final int DIMENSIONS_OF_A_BYTE = 8;
    private static final float UNWEIGHTED = -1;

    private final PQVectors codes;
    private final VectorSimilarityFunction similarity;
    private final int dimensions;
    private final double scale;

    private Codes(PQVectors codes, ShardHeader header) {
        this.codes = codes;
        this.similarity = header.metric() == VectorMetric.EUCLIDEAN
                ? VectorSimilarityFunction.EUCLIDEAN
                : VectorSimilarityFunction.DOT_PRODUCT;
        this.dimensions = header.dimensions();
        this.scale = scale(header.metric(), header.longest());
    }

    /**
     * JVector's score of a distance is 1 / (1 + distance²), in which small distances drown. So all are made large: vectors end a
     * million from zero at most.
     */
    private static double scale(VectorMetric metric, double longest) {
        return metric == VectorMetric.EUCLIDEAN && longest > 0 ? 1e6 / longest : 1;
    }

    static void write(Matrix vectors, double longest, Path file, BuildThreads threads)
            throws IOException, InterruptedException {
        RandomAccessVectorValues values = new Values(vectors, scale(vectors.metric(), longest));
        int parts = (vectors.dimensions() + DIMENSIONS_OF_A_BYTE - 1) / DIMENSIONS_OF_A_BYTE;
        PQVectors codes = threads.run(() -> {
            ProductQuantization quantization = ProductQuantization.compute(
                    values,
                    parts,
                    PATTERNS,
                    vectors.metric() == VectorMetric.EUCLIDEAN,
                    UNWEIGHTED,
                    threads.pool(),
                    threads.pool());
            return quantization.encodeAll(values, threads.pool());
        });
        try (BufferedRandomAccessWriter writer = new BufferedRandomAccessWriter(file)) {
            codes.write(writer, OnDiskGraphIndex.CURRENT_VERSION);
        }
    }

    static Codes open(Path file, ShardHeader header) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, channel.size());
            PQVectors codes = PQVectors.load(new ByteBufferReader(bytes));
            if (codes.count() != header.rows()) {
                throw new IOException(
                        file + " has codes of " + codes.count() + " vectors for " + header.rows() + " rows");
            }
            return new Codes(codes, header);
        } catch (RuntimeException e) {
            throw new IOException(file + " holds no codes, or was cut off", e);
        }
    }

    /**
     * About how near a query is to each row. None is below 0, as JVector leaves such ones out.
     *
     * @param query for products no longer than 1 / the longest row
     */
    ScoreFunction scores(float[] query) {
        ScoreFunction.ApproximateScoreFunction scores =
                codes.precomputedScoreFunctionFor(scaled(Arrays.copyOf(query, dimensions), scale), similarity);
        ScoreFunction.ApproximateScoreFunction notBelowZero = row -> Math.max(0, scores.similarityTo(row));
        return notBelowZero;
    }

    private static VectorFloat<?> scaled(float[] vector, double scale) {
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (vector[d] * scale);
        }
        return VectorizationProvider.getInstance().getVectorTypeSupport().createFloatVector(vector);
    }

    /** Vectors as JVector reads them. */
    private record Values(Matrix vectors, double scale) implements RandomAccessVectorValues {
        @Override
        public int size() {
            return vectors.size();
        }

        @Override
        public int dimension() {
            return vectors.dimensions();
        }

        @Override
        public VectorFloat<?> getVector(int row) {
            return scaled(vectors.vector(row), scale);
        }

        @Override
        public boolean isValueShared() {
            return false;
        }

        @Override
        public RandomAccessVectorValues copy() {
            return this;
        }
    }
}
