package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The cells of a My Activity page; a cell reaches to the next one, the last to the end of the document. A page that has
 * lost its outer cells is cut at the content cells that begin a record.
 */
record HtmlCellFraming(FramingLimits limits) implements LocalFraming {
    private static final String HEAD = "#head";

    /** Styles stand before the first cell; in the pages that are known they take about 140 kB. */
    private static final int HEAD_BYTES = 1 << 20;

    private static final Needle CELL = new Needle("<div class=\"outer-cell".getBytes(StandardCharsets.US_ASCII));
    private static final Needle BARE_CELL =
            new Needle("<div class=\"content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1\">"
                    .getBytes(StandardCharsets.US_ASCII));

    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new Reader(new Window(in, offset, limits));
    }

    @Override
    public long nextBorder(InputStream in, long offset) throws IOException {
        Window window = new Window(in, offset, limits);
        return find(window, CELL) ? window.offsetOf(window.position) : NO_BORDER;
    }

    /** Moves to the next cell; false, and to the end, when there is none. */
    private static boolean find(Window window, Needle cell) throws IOException {
        while (true) {
            int found = cell.find(window.buffer, window.position, window.limit);
            if (found >= 0) {
                window.position = found;
                return true;
            }
            window.position = Math.max(window.position, window.limit - cell.length() + 1);
            if (!window.fill()) {
                window.position = window.limit;
                return false;
            }
        }
    }

    private static final class Reader extends WindowReader {
        private Needle cell = CELL;

        Reader(Window window) {
            super(window);
        }

        @Override
        Frame step() throws IOException {
            if (!window.require(1)) {
                return null;
            }
            boolean inCell = isAt(cell);
            window.begin(window.position);
            window.position += inCell ? cell.length() : 0;
            if (!inCell) {
                cell = kindOfCells();
            }
            find(window, cell);
            return window.end(window.position, inCell ? NO_SECTION : HEAD, FrameState.COMPLETE);
        }

        private boolean isAt(Needle needle) throws IOException {
            window.require(needle.length());
            int from = window.position;
            return needle.find(window.buffer, from, Math.min(window.limit, from + needle.length())) == from;
        }

        /** By what the first stretch of the page shows: an outer cell comes before the content that it holds. */
        private Needle kindOfCells() throws IOException {
            window.require(HEAD_BYTES);
            int bare = BARE_CELL.find(window.buffer, window.position, window.limit);
            int outer = CELL.find(window.buffer, window.position, window.limit);
            return bare >= 0 && (outer < 0 || bare < outer) ? BARE_CELL : CELL;
        }
    }
}
