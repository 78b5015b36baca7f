package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import java.io.IOException;
import java.util.List;

/** The part of a format that knows the source: all records of one frame, or none. */
@FunctionalInterface
interface FrameParser {
    /**
     * Parses a complete frame.
     *
     * @return no record only where the frame holds structure and no content
     * @throws Unusable where the frame cannot become rows
     * @throws IOException where the bytes are not what the framing promises, as broken JSON
     */
    List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException;
}
