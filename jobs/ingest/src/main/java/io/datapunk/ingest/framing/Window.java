package io.datapunk.ingest.framing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A sliding view of a stream. The scanners walk over {@link #buffer} with {@link #position} and call {@link #fill()} when
 * they reach {@link #limit}; indexes move then. The record that is under way stays in the buffer until it passes the
 * limit; from there on only its beginning is kept, and the scan goes on.
 */
final class Window implements Closeable {
    /** So many bytes before {@link #position} stay readable after a fill, if the stream had them. */
    static final int LOOK_BEHIND = 16;

    /** Small, because a million sidecars are read through a window each; a longer stream soon gets {@link #FULL_SIZE}. */
    private static final int LARGEST_FIRST_SIZE = 8 << 10;

    private static final int SMALLEST_FIRST_SIZE = 1 << 10;
    private static final int FULL_SIZE = 256 << 10;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    /** A record is kept a little beyond its limit, because scanners end records a few bytes behind where they stand. */
    private static final int SLACK = 4 << 10;

    private static final int NO_RECORD = -1;

    private final InputStream in;
    private final FramingLimits limits;
    private long base;
    private int recordFrom = NO_RECORD;
    private long recordPosition;
    private byte[] sample;

    byte[] buffer;
    int position;
    int limit;

    Window(InputStream in, long offset, FramingLimits limits) {
        this.in = in;
        this.base = offset;
        this.limits = limits;
        this.buffer = new byte[Math.max(SMALLEST_FIRST_SIZE, Math.min(LARGEST_FIRST_SIZE, limits.recordBytes()))];
    }

    FramingLimits limits() {
        return limits;
    }

    /** Offset in the entry of the byte at an index. */
    long offsetOf(int index) {
        return base + index;
    }

    /** Index of the byte at an offset in the entry; outside the buffer when that byte is. */
    int indexOf(long offset) {
        return Math.toIntExact(offset - base);
    }

    /** Begins a record at an index. */
    void begin(int index) {
        recordFrom = index;
        recordPosition = base + index;
        sample = null;
    }

    /** Index of the first byte of the record under way, or a negative number when it is no longer in the buffer. */
    int recordFrom() {
        return recordFrom;
    }

    /** Offset in the entry of the record under way. */
    long recordPosition() {
        return recordPosition;
    }

    /** How many bytes of the record under way are behind {@link #limit}. */
    long recordRead() {
        return base + limit - recordPosition;
    }

    /** Ends the record under way before the byte at an index. */
    Frame end(int index, String section, FrameState state) {
        long bytes = base + index - recordPosition;
        FrameState ended = state == FrameState.COMPLETE && bytes > limits.recordBytes() ? FrameState.OVERLONG : state;
        Frame frame;
        if (sample != null || bytes > limits.recordBytes()) {
            byte[] kept = sample == null ? sampleAt(recordFrom) : sample;
            frame = new Frame(kept, 0, kept.length, recordPosition, bytes, section, ended);
        } else {
            frame = new Frame(buffer, recordFrom, index, recordPosition, bytes, section, ended);
        }
        recordFrom = NO_RECORD;
        sample = null;
        return frame;
    }

    /**
     * Reads more bytes behind {@link #limit}.
     *
     * @return false at the end of the stream
     */
    boolean fill() throws IOException {
        if (recordFrom >= 0 && position - recordFrom > limits.recordBytes() + SLACK) {
            sample = sampleAt(recordFrom);
            recordFrom = NO_RECORD;
        }
        if (limit == buffer.length) {
            makeRoom();
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        return true;
    }

    /** Tries to have so many bytes readable from {@link #position}. */
    boolean require(int bytes) throws IOException {
        while (limit - position < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    private void makeRoom() {
        int keep = Math.max(0, (recordFrom >= 0 ? Math.min(recordFrom, position) : position) - LOOK_BEHIND);
        int kept = limit - keep;
        byte[] target = buffer;
        if (kept > buffer.length / 2 && buffer.length < LARGEST_ARRAY) {
            target = new byte[(int) Math.min(LARGEST_ARRAY, 2L * buffer.length)];
        } else if (buffer.length < Math.min(FULL_SIZE, limits.recordBytes())) {
            target = new byte[FULL_SIZE];
        }
        System.arraycopy(buffer, keep, target, 0, kept);
        buffer = target;
        base += keep;
        position -= keep;
        limit -= keep;
        if (recordFrom >= 0) {
            recordFrom -= keep;
        }
    }

    private byte[] sampleAt(int index) {
        return Arrays.copyOfRange(buffer, index, Math.min(limit, index + limits.sampleBytes()));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
