package io.datapunk.lake.container;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be opened at any offset. */
public interface ByteSource {
    long bytes();

    /** Opens the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    InputStream open(long from, long to) throws IOException;
}
