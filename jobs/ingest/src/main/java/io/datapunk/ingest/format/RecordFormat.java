package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.framing.FramingKind;
import io.datapunk.ingest.record.ParsedRecord;
import java.util.function.Consumer;

/** Turns the frames of an entry into records. Stateless: one instance serves all threads. */
public interface RecordFormat {
    /** As the column {@code source} holds it, as {@code google.activity.json}. */
    String name();

    /** Grows when the same bytes give other rows than before. */
    int version();

    /** How the entry is cut. */
    FramingKind framing();

    /**
     * Parses one frame. Whatever the bytes are, it does not throw: what cannot become rows becomes a rejected record. A
     * frame that holds structure only (a page's head, a table's header) gives no record. What the sink throws comes
     * through.
     */
    void parse(Frame frame, ParseContext context, Consumer<ParsedRecord> sink);
}
