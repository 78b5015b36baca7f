package io.datapunk.lake.container;

import java.io.IOException;
import java.io.InputStream;

/** A stream that knows where it is and skips without reading. */
abstract class SeekableStream extends InputStream {
    private final long end;
    private long position;

    /**
     * A stream over a part of something.
     *
     * @param from where it begins
     * @param end where it ends
     */
    SeekableStream(long from, long end) {
        this.position = from;
        this.end = end;
    }

    /** Reads at least one byte at a position; a negative number means that the source is shorter than it should be. */
    abstract int readAt(long at, byte[] target, int from, int length) throws IOException;

    final long position() {
        return position;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        int read = readAt(position, target, from, (int) Math.min(length, end - position));
        if (read > 0) {
            position += read;
        }
        return read;
    }

    @Override
    public final long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public final int available() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, end - position));
    }
}
