package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import java.io.IOException;
import java.util.List;

/** Members of a known document that its format has no table for: they become raw documents, so that nothing is lost. */
record OtherSection(String format) implements FrameParser {
    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        String section = frame.section();
        String member = section.startsWith("#") ? section.substring(1) : section;
        return RawRecords.ofJson(frame, member.isEmpty() ? format : format + "#" + member);
    }
}
