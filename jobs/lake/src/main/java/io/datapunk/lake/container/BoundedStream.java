package io.datapunk.lake.container;

import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, and no more; closes it. */
public final class BoundedStream extends InputStream {
    private final InputStream in;
    private long left;

    /** @param bytes how many there are at most; fewer where the stream ends before */
    public BoundedStream(InputStream in, long bytes) {
        this.in = in;
        this.left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = in.read(target, from, (int) Math.min(length, left));
        left -= Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
