package io.datapunk.lake.container;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a staged file: independent zstd frames of equal size, so that reading from anywhere costs at most one frame, and
 * the seek table behind them. A file without its table was not finished.
 */
final class FrameFile extends OutputStream {
    static final int FRAME_BYTES = 1 << 20;

    private static final int FASTEST_LEVEL = 1;

    private final FileChannel channel;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final byte[] frame = new byte[FRAME_BYTES];
    private final byte[] compressed = new byte[(int) Zstd.compressBound(FRAME_BYTES)];
    private ByteBuffer rows = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int filled;
    private boolean closed;

    private FrameFile(FileChannel channel) {
        this.channel = channel;
        zstd.setLevel(FASTEST_LEVEL);
        zstd.setChecksum(true);
    }

    static FrameFile create(Path file) throws IOException {
        return new FrameFile(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        int index = from;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, FRAME_BYTES - filled);
            System.arraycopy(source, index, frame, filled, count);
            filled += count;
            index += count;
            left -= count;
            if (filled == FRAME_BYTES) {
                endFrame();
            }
        }
    }

    /** Writes the seek table and brings everything to the disk. */
    void finish() throws IOException {
        if (filled > 0) {
            endFrame();
        }
        int tableBytes = rows.position();
        ByteBuffer table = ByteBuffer.allocate(SeekTable.HEADER_BYTES + tableBytes + SeekTable.FOOTER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(SeekTable.SKIPPABLE_FRAME).putInt(tableBytes + SeekTable.FOOTER_BYTES);
        table.put(rows.array(), 0, tableBytes);
        table.putInt(tableBytes / SeekTable.ROW_BYTES).put((byte) 0).putInt(SeekTable.MAGIC);
        writeAll(table.flip());
        channel.force(true);
    }

    private void endFrame() throws IOException {
        int length = zstd.compressByteArray(compressed, 0, compressed.length, frame, 0, filled);
        writeAll(ByteBuffer.wrap(compressed, 0, length));
        if (rows.remaining() < SeekTable.ROW_BYTES) {
            rows = ByteBuffer.allocate(rows.capacity() * 2)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(rows.flip());
        }
        rows.putInt(length).putInt(filled);
        filled = 0;
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            zstd.close();
            channel.close();
        }
    }
}
