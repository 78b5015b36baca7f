package io.datapunk.lake.container;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Where the frames of a staged file lie, as zstd's seekable format writes it at the file's end: a skippable frame with
 * both sizes of each frame. Any zstd program can unpack such a file.
 */
final class SeekTable {
    static final int SKIPPABLE_FRAME = 0x184D2A5E;
    static final int MAGIC = 0x8F92EAB1;
    static final int HEADER_BYTES = 8;
    static final int ROW_BYTES = 8;
    static final int FOOTER_BYTES = 9;

    /** Offsets with one more element than there are frames. */
    private final long[] compressed;

    private final long[] decompressed;

    private SeekTable(long[] compressed, long[] decompressed) {
        this.compressed = compressed;
        this.decompressed = decompressed;
    }

    static SeekTable read(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer footer = read(channel, Math.max(0, size - FOOTER_BYTES), FOOTER_BYTES);
        int frames = footer.getInt(0);
        long tableBytes = (long) frames * ROW_BYTES;
        if (footer.getInt(FOOTER_BYTES - Integer.BYTES) != MAGIC || frames < 0 || tableBytes > size) {
            throw new IOException("the staged file has no seek table at its end");
        }
        ByteBuffer rows = read(channel, size - FOOTER_BYTES - tableBytes, (int) tableBytes);
        long[] compressed = new long[frames + 1];
        long[] decompressed = new long[frames + 1];
        for (int i = 0; i < frames; i++) {
            compressed[i + 1] = compressed[i] + Integer.toUnsignedLong(rows.getInt());
            decompressed[i + 1] = decompressed[i] + Integer.toUnsignedLong(rows.getInt());
        }
        if (compressed[frames] + HEADER_BYTES + tableBytes + FOOTER_BYTES != size) {
            throw new IOException("the staged file's seek table does not agree with its size");
        }
        return new SeekTable(compressed, decompressed);
    }

    /** Decompressed size of all frames. */
    long bytes() {
        return decompressed[decompressed.length - 1];
    }

    /** Offset of a frame's first byte, decompressed. */
    long from(int frame) {
        return decompressed[frame];
    }

    int frameAt(long position) {
        int found = Arrays.binarySearch(decompressed, position);
        return found >= 0 ? found : -found - 2;
    }

    byte[] decompress(FileChannel channel, int frame) throws IOException {
        int length = (int) (compressed[frame + 1] - compressed[frame]);
        int bytes = (int) (decompressed[frame + 1] - decompressed[frame]);
        ByteBuffer source = read(channel, compressed[frame], length);
        byte[] target = new byte[bytes];
        try {
            long written = Zstd.decompressByteArray(target, 0, bytes, source.array(), 0, length);
            if (written != bytes) {
                throw new IOException("staged frame %d gave %d bytes instead of %d".formatted(frame, written, bytes));
            }
        } catch (ZstdException e) {
            throw new IOException("staged frame %d is damaged: %s".formatted(frame, e.getMessage()), e);
        }
        return target;
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the staged file ends at byte " + channel.size());
            }
        }
        return buffer.flip();
    }
}
