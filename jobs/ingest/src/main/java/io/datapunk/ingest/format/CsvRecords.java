package io.datapunk.ingest.format;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CSV records of any source, each as a JSON object of texts by the header's names. */
final class CsvRecords implements FrameParser {
    private static final String HEADER = "#header";
    private static final String PREAMBLE = "#preamble";

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        String text = Charsets.decode(
                frame.buffer(), frame.from(), frame.length(), context.charset().name());
        switch (frame.section()) {
            case HEADER -> {
                return List.of();
            }
            case PREAMBLE -> {
                Detail line = new Detail();
                line.text("text", Text.storable(text).strip());
                return List.of(RawRecords.record(
                        frame.position(), RawKind.of(context.entryPath(), "preamble"), line.toJson(), null));
            }
            default -> {
                return List.of(record(frame, text, context));
            }
        }
    }

    private static AcceptedRecord record(Frame frame, String text, ParseContext context) throws Unusable {
        char separator = separator(frame.section());
        List<String> names = fields(frame.section(), separator);
        List<String> values = fields(text, separator);
        if (values.size() > names.size()
                && !values.subList(names.size(), values.size()).stream().allMatch(String::isEmpty)) {
            throw new Unusable(
                    "csv-width", "the record has %d fields, the header %d".formatted(values.size(), names.size()));
        }
        Detail document = new Detail();
        WellKnownTimes times = new WellKnownTimes();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
            String name = names.get(i).strip();
            int earlier = seen.merge(name, 1, Integer::sum) - 1;
            String value = Text.storable(values.get(i));
            document.text(earlier == 0 ? name : name + '(' + earlier + ')', value);
            times.offer(name, value);
        }
        if (document.isEmpty()) {
            throw new Unusable("csv-width", "the record has no field");
        }
        return RawRecords.record(
                frame.position(), RawKind.of(context.entryPath(), ""), document.toJson(), times.best());
    }

    /** The separator that divides the header into most fields, as the framing has it. */
    private static char separator(String header) {
        char best = ',';
        int most = 0;
        for (char candidate : new char[] {',', ';', '\t'}) {
            int count = fields(header, candidate).size();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    private static List<String> fields(String record, char separator) {
        String plain = record.startsWith("\ufeff") ? record.substring(1) : record;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .maxBufferSize(Integer.MAX_VALUE)
                .ofCsvRecord(plain)) {
            var records = reader.iterator();
            return records.hasNext() ? records.next().getFields() : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
