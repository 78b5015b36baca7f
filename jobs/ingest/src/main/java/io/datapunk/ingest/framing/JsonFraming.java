package io.datapunk.ingest.framing;

import java.io.InputStream;
import java.util.Optional;

/** The elements of a JSON document's arrays, found by a scan of strings and brackets; values are not looked at. */
record JsonFraming(FramingLimits limits) implements Framing {
    /** Stands before the name of a member that is no array, and alone for a document that is neither array nor object. */
    static final String MEMBER = "#";

    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new JsonReader(new Window(in, offset, limits), section);
    }

    /** After an element; its array's name tells where. A member with a name that could be mistaken is not divided. */
    @Override
    public Optional<String> sectionAfter(Frame frame) {
        return frame.section().startsWith(MEMBER) ? Optional.empty() : Optional.of(frame.section());
    }
}
