package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rows in a file, mapped into memory: little-endian floats, each row with the zeros behind it that fill a cache line. For any
 * number of threads.
 */
final class MappedVectors implements Rows {
    static final String FILE = "vectors";

    /** A mapping has 2 GB at most. */
    private static final int MAPPED_BYTES = 1 << 30;

    private final VectorMetric metric;
    private final int dimensions;
    private final int size;
    private final int stride;
    private final int mappedRows;
    private final FloatBuffer[] mapped;

    private MappedVectors(VectorMetric metric, int dimensions, int size) {
        this.metric = metric;
        this.dimensions = dimensions;
        this.size = size;
        this.stride = Rows.stride(dimensions);
        this.mappedRows = MAPPED_BYTES / Float.BYTES / stride;
        this.mapped = new FloatBuffer[(size + mappedRows - 1) / mappedRows];
    }

    static void write(Rows rows, Path file) throws IOException {
        int stride = rows.stride();
        float[] row = new float[stride];
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(1, (1 << 18) / stride) * stride * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < rows.size(); i++) {
                rows.read(i, row, 0);
                bytes.asFloatBuffer().put(row);
                bytes.position(bytes.position() + stride * Float.BYTES);
                if (!bytes.hasRemaining() || i == rows.size() - 1) {
                    bytes.flip();
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    bytes.clear();
                }
            }
        }
    }

    static MappedVectors open(Path file, VectorMetric metric, int dimensions, int size) throws IOException {
        MappedVectors vectors = new MappedVectors(metric, dimensions, size);
        try (FileChannel channel = FileChannel.open(file)) {
            long rowBytes = (long) vectors.stride * Float.BYTES;
            if (channel.size() != size * rowBytes) {
                throw new IOException(file + " has " + channel.size() + " bytes, and " + size + " vectors of "
                        + dimensions + " dimensions have " + size * rowBytes);
            }
            for (int i = 0; i < vectors.mapped.length; i++) {
                long from = (long) i * vectors.mappedRows;
                long rows = Math.min(vectors.mappedRows, size - from);
                vectors.mapped[i] = channel.map(MapMode.READ_ONLY, from * rowBytes, rows * rowBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
            }
        }
        return vectors;
    }

    @Override
    public void read(int row, float[] into, int offset) {
        mapped[row / mappedRows].get(row % mappedRows * stride, into, offset, stride);
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
