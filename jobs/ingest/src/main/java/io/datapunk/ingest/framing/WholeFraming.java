package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The whole entry is one record. */
record WholeFraming(FramingLimits limits) implements Framing {
    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new Reader(new Window(in, offset, limits));
    }

    @Override
    public Optional<String> sectionAfter(Frame frame) {
        return Optional.empty();
    }

    private static final class Reader extends WindowReader {
        Reader(Window window) {
            super(window);
            window.begin(0);
        }

        @Override
        Frame step() throws IOException {
            boolean any = window.limit > 0 || window.recordRead() > 0;
            if (any) {
                return null;
            }
            while (window.fill()) {
                window.position = window.limit;
            }
            return window.recordRead() == 0 ? null : window.end(window.limit, NO_SECTION, FrameState.COMPLETE);
        }
    }
}
