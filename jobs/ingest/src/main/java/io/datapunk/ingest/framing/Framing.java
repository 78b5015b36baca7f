package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A way to cut a byte stream into records. Stateless: one instance serves all threads. */
public interface Framing {
    /** The section of a range that begins where the entry begins. */
    String NO_SECTION = "";

    /**
     * Begins to read frames.
     *
     * @param in the bytes of the range, to its end; buffered by the reader
     * @param offset where in the entry {@code in} begins: 0, or the start of a {@link ByteRange} of {@link Splits}
     * @param section the section of that range, {@link #NO_SECTION} at 0
     */
    FrameReader open(InputStream in, long offset, String section);

    /**
     * Whether a range can begin where a frame ends, or for a {@link LocalFraming} where a frame begins.
     *
     * @return the section of that range, or empty where the framing could not go on from there alone
     */
    Optional<String> sectionAfter(Frame frame);

    /** Hands every frame of the stream to the sink and closes the stream. */
    default void frames(InputStream in, long offset, String section, FrameSink sink) throws IOException {
        try (FrameReader reader = open(in, offset, section)) {
            while (reader.next()) {
                sink.accept(reader.frame());
            }
        }
    }
}
