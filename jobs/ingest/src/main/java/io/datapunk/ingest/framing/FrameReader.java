package io.datapunk.ingest.framing;

import java.io.Closeable;
import java.io.IOException;

/**
 * Walks through the frames of a byte range, in order. Bytes between two frames are separators of the format (white
 * space, commas, the names of arrays) and never content. Not for use by several threads.
 */
public interface FrameReader extends Closeable {
    /**
     * Steps to the next frame.
     *
     * @return false at the end of the range
     * @throws IOException when the stream below fails; no frame is lost before that point
     */
    boolean next() throws IOException;

    /** The frame that {@link #next()} found. */
    Frame frame();

    /** Closes the stream below. */
    @Override
    void close() throws IOException;
}
