package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A framing that finds a record's border from the bytes around it, without reading from the beginning. */
interface LocalFraming extends Framing {
    /** There is no border before the end. */
    long NO_BORDER = -1;

    /**
     * Finds where a record begins.
     *
     * @param in the bytes from {@code offset} on
     * @param offset where in the entry {@code in} begins; more than 0
     * @return offset in the entry of the first border that is certain, or {@link #NO_BORDER}
     */
    long nextBorder(InputStream in, long offset) throws IOException;

    @Override
    default Optional<String> sectionAfter(Frame frame) {
        return Optional.of(NO_SECTION);
    }
}
