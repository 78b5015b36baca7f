package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The cells of a My Activity page; a cell reaches to the next one, the last to the end of the document. */
record HtmlCellFraming(FramingLimits limits) implements LocalFraming {
    private static final String HEAD = "#head";
    private static final Needle CELL = new Needle("<div class=\"outer-cell".getBytes(StandardCharsets.US_ASCII));

    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new Reader(new Window(in, offset, limits));
    }

    @Override
    public long nextBorder(InputStream in, long offset) throws IOException {
        Window window = new Window(in, offset, limits);
        return findCell(window) ? window.offsetOf(window.position) : NO_BORDER;
    }

    /** Moves to the next cell; false, and to the end, when there is none. */
    private static boolean findCell(Window window) throws IOException {
        while (true) {
            int found = CELL.find(window.buffer, window.position, window.limit);
            if (found >= 0) {
                window.position = found;
                return true;
            }
            window.position = Math.max(window.position, window.limit - CELL.length() + 1);
            if (!window.fill()) {
                window.position = window.limit;
                return false;
            }
        }
    }

    private static final class Reader extends WindowReader {
        Reader(Window window) {
            super(window);
        }

        @Override
        Frame step() throws IOException {
            if (!window.require(1)) {
                return null;
            }
            window.require(CELL.length());
            int from = window.position;
            boolean cell = CELL.find(window.buffer, from, Math.min(window.limit, from + CELL.length())) == from;
            window.begin(from);
            window.position += cell ? CELL.length() : 0;
            findCell(window);
            return window.end(window.position, cell ? NO_SECTION : HEAD, FrameState.COMPLETE);
        }
    }
}
