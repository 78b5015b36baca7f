package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.framing.FramingKind;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.RejectedRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A format that answers every frame: with its parser's records, or with a reject that says why there are none. */
record GuardedFormat(String name, int version, FramingKind framing, FrameParser parser) implements RecordFormat {

    @Override
    public void parse(Frame frame, ParseContext context, Consumer<ParsedRecord> sink) {
        switch (frame.state()) {
            case COMPLETE -> parseComplete(frame, context, sink);
            case BROKEN -> sink.accept(reject(frame, "framing", "the bytes between two records are not a record"));
            case OVERLONG ->
                sink.accept(reject(
                        frame, "record-size", "the record has %d bytes, more than are read".formatted(frame.bytes())));
        }
    }

    private void parseComplete(Frame frame, ParseContext context, Consumer<ParsedRecord> sink) {
        List<AcceptedRecord> records;
        try {
            records = parser.parse(frame, context);
        } catch (Unusable e) {
            sink.accept(reject(frame, e.check(), e.getMessage()));
            return;
        } catch (JsonProcessingException e) {
            // The exception's own message repeats content.
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            sink.accept(reject(frame, "json", "not valid JSON at byte %d of the record".formatted(at)));
            return;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            sink.accept(reject(
                    frame,
                    "parser",
                    "parser %s failed: %s".formatted(name, e.getClass().getSimpleName())));
            return;
        }
        records.forEach(sink);
    }

    private static RejectedRecord reject(Frame frame, String check, String reason) {
        int to = Math.min(frame.to(), frame.from() + RejectedRecord.SAMPLE_LIMIT);
        return new RejectedRecord(
                frame.position(),
                frame.position(),
                frame.end(),
                check,
                reason,
                Arrays.copyOfRange(frame.buffer(), frame.from(), to));
    }
}
