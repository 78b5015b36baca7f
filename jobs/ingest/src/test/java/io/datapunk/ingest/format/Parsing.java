package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes an entry the way that ingest does: recognise, cut, parse. */
final class Parsing {
    private Parsing() {}

    static Recognition recognise(String path, String content) {
        return recognise(path, content.getBytes(StandardCharsets.UTF_8));
    }

    static Recognition recognise(String path, byte[] content) {
        byte[] first = content.length > EntryHead.LIMIT ? java.util.Arrays.copyOf(content, EntryHead.LIMIT) : content;
        return new FormatRegistry().recognise(new EntryHead(path, first, content.length));
    }

    static List<ParsedRecord> parse(String container, String path, byte[] content) {
        Recognition recognition = recognise(path, content);
        RecordFormat format = recognition.format().orElseThrow();
        ParseContext context = ParseContext.of(container, path, recognition);
        List<ParsedRecord> records = new ArrayList<>();
        try {
            format.framing()
                    .framing()
                    .frames(
                            new ByteArrayInputStream(content),
                            0,
                            "",
                            frame -> format.parse(frame, context, records::add));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    static List<ParsedRecord> parse(String path, String content) {
        return parse("takeout-20240301T000000Z-001.zip", path, content.getBytes(StandardCharsets.UTF_8));
    }

    static List<AcceptedRecord> rows(String path, String content) {
        return accepted(parse(path, content));
    }

    static List<AcceptedRecord> accepted(List<ParsedRecord> records) {
        assertThat(records).allSatisfy(record -> assertThat(record).isInstanceOf(AcceptedRecord.class));
        return records.stream().map(AcceptedRecord.class::cast).toList();
    }

    static AcceptedRecord row(String path, String content) {
        List<AcceptedRecord> rows = rows(path, content);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    static RejectedRecord reject(String path, String content) {
        List<ParsedRecord> records = parse(path, content);
        assertThat(records).hasSize(1);
        assertThat(records.get(0)).isInstanceOf(RejectedRecord.class);
        return (RejectedRecord) records.get(0);
    }

    static List<ParsedRecord> parseFrame(RecordFormat format, byte[] bytes, String section) {
        List<ParsedRecord> records = new ArrayList<>();
        format.parse(
                new Frame(bytes, 0, bytes.length, 0, section),
                new ParseContext("x", java.util.Optional.empty(), StandardCharsets.UTF_8),
                records::add);
        return records;
    }
}
