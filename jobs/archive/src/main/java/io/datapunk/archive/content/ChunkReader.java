package io.datapunk.archive.content;

import io.datapunk.lake.model.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Cuts a stream into chunks where its content says so: an insertion moves the cuts near it, and all other chunks stay what
 * they were.
 *
 * <p>The cut is FastCDC's (Xia et al., USENIX ATC 2016) with normalised chunking of level 2. A hash rolls over the bytes:
 * {@code hash = 2·hash + gear[byte]}, modulo 2^64; {@code gear[b]} is the first eight bytes, big endian, of the SHA-256 of
 * the ASCII text {@code datapunk-lake gear <b>}. It starts at 0 behind the chunk's first {@link #SMALLEST} bytes, and the
 * chunk ends after the first byte with which the hash's highest 22 bits are zero, from {@link #AVERAGE} bytes on the highest
 * 18; at the latest after {@link #LARGEST} bytes. Packages of one person share chunks only as long as none of this changes.
 */
public final class ChunkReader implements Closeable {
    public static final int SMALLEST = 256 << 10;
    public static final int AVERAGE = 1 << 20;
    public static final int LARGEST = 4 << 20;

    private static final long[] GEAR = gear();
    private static final long SELDOM = -1L << (64 - 22);
    private static final long OFTEN = -1L << (64 - 18);

    private final InputStream in;
    private final MessageDigest digest = Sha256.digest();
    /** Small for the many small entries; grows to hold a largest chunk. */
    private byte[] buffer = new byte[16 << 10];

    private int from;
    private int limit;
    private int length;
    private boolean ended;

    public ChunkReader(InputStream in) {
        this.in = in;
    }

    /** Moves to the next chunk; false at the stream's end. */
    public boolean next() throws IOException {
        from += length;
        length = 0;
        fill();
        if (from == limit) {
            return false;
        }
        length = cut() - from;
        return true;
    }

    /** The current chunk's name; reads its bytes once more, so ask once. */
    public Chunk chunk() {
        digest.update(buffer, from, length);
        return new Chunk(HexFormat.of().formatHex(digest.digest()), length);
    }

    /** Valid until the next call of {@link #next}. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where in the buffer the chunk begins. */
    public int from() {
        return from;
    }

    public int length() {
        return length;
    }

    private int cut() {
        int end = Math.min(limit, from + LARGEST);
        int normal = Math.min(end, from + AVERAGE);
        int at = from + SMALLEST;
        long hash = 0;
        while (at < normal) {
            hash = (hash << 1) + GEAR[buffer[at++] & 0xff];
            if ((hash & SELDOM) == 0) {
                return at;
            }
        }
        while (at < end) {
            hash = (hash << 1) + GEAR[buffer[at++] & 0xff];
            if ((hash & OFTEN) == 0) {
                return at;
            }
        }
        return end;
    }

    /** Until a largest chunk is in the buffer, or the stream has ended. */
    private void fill() throws IOException {
        while (!ended && limit - from < LARGEST) {
            if (limit == buffer.length) {
                makeRoom();
            }
            int read = in.read(buffer, limit, buffer.length - limit);
            ended = read < 0;
            limit += Math.max(0, read);
        }
    }

    private void makeRoom() {
        int kept = limit - from;
        byte[] target = kept > buffer.length / 2 ? new byte[Math.min(4 * LARGEST, 4 * buffer.length)] : buffer;
        System.arraycopy(buffer, from, target, 0, kept);
        buffer = target;
        from = 0;
        limit = kept;
    }

    private static long[] gear() {
        long[] gear = new long[256];
        for (int value = 0; value < gear.length; value++) {
            byte[] hash = Sha256.digest().digest(("datapunk-lake gear " + value).getBytes(StandardCharsets.US_ASCII));
            gear[value] = ByteBuffer.wrap(hash).getLong();
        }
        return gear;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
