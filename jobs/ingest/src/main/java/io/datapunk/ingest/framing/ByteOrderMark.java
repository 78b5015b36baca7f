package io.datapunk.ingest.framing;

import java.io.IOException;

/** UTF-8's byte order mark, which some exporters write. */
final class ByteOrderMark {
    private static final byte[] UTF_8 = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private ByteOrderMark() {}

    static void skip(Window window) throws IOException {
        window.require(UTF_8.length);
        if (Bytes.startsWith(window.buffer, window.position, window.limit, UTF_8)) {
            window.position += UTF_8.length;
        }
    }
}
