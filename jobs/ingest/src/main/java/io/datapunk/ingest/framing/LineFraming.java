package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;

/** Lines; blank ones and a byte order mark are separators. */
record LineFraming(FramingLimits limits) implements LocalFraming {
    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new Reader(new Window(in, offset, limits));
    }

    @Override
    public long nextBorder(InputStream in, long offset) throws IOException {
        Window window = new Window(in, offset, limits);
        while (true) {
            int end = Bytes.indexOf(window.buffer, window.position, window.limit, (byte) '\n');
            if (end < window.limit) {
                return window.offsetOf(end + 1);
            }
            window.position = end;
            if (!window.fill()) {
                return NO_BORDER;
            }
        }
    }

    private static final class Reader extends WindowReader {
        Reader(Window window) {
            super(window);
        }

        @Override
        Frame step() throws IOException {
            if (window.offsetOf(window.position) == 0) {
                ByteOrderMark.skip(window);
            }
            if (!skipWhiteSpace()) {
                return null;
            }
            window.begin(window.position);
            while (true) {
                int end = Bytes.indexOf(window.buffer, window.position, window.limit, (byte) '\n');
                boolean found = end < window.limit;
                window.position = end;
                if (found || !window.fill()) {
                    int last = window.position;
                    if (found) {
                        window.position++;
                    }
                    return window.end(withoutReturn(last), NO_SECTION, FrameState.COMPLETE);
                }
            }
        }

        private boolean skipWhiteSpace() throws IOException {
            while (true) {
                while (window.position < window.limit) {
                    if (!Bytes.isWhiteSpace(window.buffer[window.position])) {
                        return true;
                    }
                    window.position++;
                }
                if (!window.fill()) {
                    return false;
                }
            }
        }

        private int withoutReturn(int end) {
            return window.buffer[end - 1] == '\r' ? end - 1 : end;
        }
    }
}
