package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.FramingKind;
import java.util.List;

/** Formats that many exporters write. */
final class CommonFormats {
    static final RecordFormat MBOX = new GuardedFormat("mail.mbox", 1, FramingKind.MBOX, new MailMessages());
    static final RecordFormat JSON_DOCUMENT = new GuardedFormat(
            "json.document",
            1,
            FramingKind.WHOLE,
            (frame, context) -> RawRecords.ofJson(frame, RawKind.of(context.entryPath(), "")));
    static final RecordFormat JSON_ARRAYS = new GuardedFormat(
            "json.arrays",
            1,
            FramingKind.JSON,
            (frame, context) -> RawRecords.ofJson(frame, RawKind.of(context.entryPath(), frame.section())));
    static final RecordFormat JSON_LINES = new GuardedFormat(
            "json.lines",
            1,
            FramingKind.LINES,
            (frame, context) -> RawRecords.ofJson(frame, RawKind.of(context.entryPath(), "")));
    static final RecordFormat CSV = new GuardedFormat("csv", 1, FramingKind.CSV, new CsvRecords());

    static final List<RecordFormat> ALL = List.of(MBOX, JSON_DOCUMENT, JSON_ARRAYS, JSON_LINES, CSV);

    private CommonFormats() {}
}
