package io.datapunk.ingest.framing;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * CSV records. A quote opens only at the beginning of a field, as RFC 4180 has it; a quote that never closes costs its
 * own line, not the rest of the file.
 */
record CsvFraming(FramingLimits limits) implements Framing {
    static final String HEADER = "#header";
    static final String PREAMBLE = "#preamble";

    private static final int LONGEST_HEAD = 64 << 10;

    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new CsvReader(new Window(in, offset, limits), section, headBytes());
    }

    /** Nothing within the head: the first range has to show the same header as the whole document does. */
    @Override
    public Optional<String> sectionAfter(Frame frame) {
        String section = frame.section();
        return frame.end() < headBytes() || section.equals(HEADER) || section.equals(PREAMBLE)
                ? Optional.empty()
                : Optional.of(section);
    }

    /** The header is recognised from so many bytes at the beginning of a document. */
    private int headBytes() {
        return Math.min(LONGEST_HEAD, limits.recordBytes());
    }

    /** The header as text, which every record carries as its section. */
    static String text(byte[] buffer, int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
