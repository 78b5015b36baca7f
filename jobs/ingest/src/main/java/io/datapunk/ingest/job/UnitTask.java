package io.datapunk.ingest.job;

import io.datapunk.ingest.format.EntryHead;
import io.datapunk.ingest.format.FormatRegistry;
import io.datapunk.ingest.format.MediaFile;
import io.datapunk.ingest.format.ParseContext;
import io.datapunk.ingest.format.Recognition;
import io.datapunk.ingest.format.RecordFormat;
import io.datapunk.ingest.framing.FrameReader;
import io.datapunk.ingest.framing.Framing;
import io.datapunk.ingest.job.WorkItem.Sidecar;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.Payload.Media;
import io.datapunk.ingest.record.RecordKeys;
import io.datapunk.ingest.record.RejectedRecord;
import io.datapunk.lake.container.EntryException;
import io.datapunk.lake.container.EntryReader;
import io.datapunk.lake.container.EntryRef;
import io.datapunk.lake.container.EntryStatus;
import io.datapunk.lake.container.EntryStream;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.QuarantineTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads the entries of one unit and stages their rows. One for each attempt at a unit. */
final class UnitTask {
    private static final String QUARANTINE_FAMILY = "quarantine";
    private static final String OPEN = "open";
    private static final String MEDIA_PARSER = "media-file";
    private static final int MEDIA_PARSER_VERSION = 1;

    private final ImportContext context;
    private final LongConsumer progress;
    private final StagedTables tables = new StagedTables();
    private final FormatRegistry formats = new FormatRegistry();
    private final RecordKeys keys = new RecordKeys();
    private final EntryReader reader;
    private final UnitResult result = new UnitResult();
    private StagedFiles files;

    /** @param progress is told the bytes of each item that is done */
    UnitTask(ImportContext context, LongConsumer progress) {
        this.context = context;
        this.progress = progress;
        this.reader = new EntryReader(SafetyLimits.of(context.limits()));
    }

    /**
     * Does the whole unit.
     *
     * @param attempt differs between two attempts at one unit
     * @throws IOException where staging cannot be written; what is wrong with an entry is staged as a reject
     */
    UnitResult run(WorkUnit unit, long attempt) throws IOException {
        try (StagedFiles staged = new StagedFiles(context.staging(), unit.number(), attempt, tables)) {
            files = staged;
            for (WorkItem item : unit.items()) {
                new Item(item).run();
                progress.accept(item.bytes());
            }
            staged.commit(result);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return result;
    }

    /** One entry, or one range of it. */
    private class Item {
        private final WorkItem item;
        private final EntryRef entry;
        final FileFacts facts = new FileFacts();
        private final Map<String, Long> occurrences = new HashMap<>();

        Item(WorkItem item) {
            this.item = item;
            this.entry = item.entry();
            facts.container = entry.part().name();
            facts.entry = entry.path();
            facts.bytes = Math.max(0, entry.bytes());
            facts.sha256 = item.sha256();
        }

        void run() {
            switch (item.kind()) {
                case ACCOUNT -> account();
                case HASH -> attempt(this::hash);
                case PARSE -> attempt(item.range() == null ? this::parseEntry : this::parseRange);
            }
            settle();
        }

        /** Writes down what was found. */
        void settle() {
            boolean isFirst = item.range() == null
                    ? item.kind() != WorkItem.Kind.HASH
                    : item.range().from() == 0;
            result.addParsed(
                    facts.parser == null ? ImportOutcome.NO_PARSER : facts.parser,
                    new UnitResult.Parsed(
                            facts.parserVersion == null ? 0 : facts.parserVersion,
                            isFirst ? 1 : 0,
                            isFirst ? facts.bytes : 0,
                            facts.read,
                            facts.quarantined));
            try {
                files.facts(item.file(), facts);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void account() {
            if (entry.status() == EntryStatus.SKIPPED) {
                facts.status = FileFacts.SKIPPED;
            } else {
                facts.status = FileFacts.REJECTED;
                reject("entry-refused", entry.reason(), 0);
            }
        }

        /** What is wrong with an entry ends that entry, never the import. */
        private void attempt(Reading reading) {
            try {
                reading.run();
            } catch (EntryException e) {
                damaged("entry-" + e.kind().name().toLowerCase(Locale.ROOT), e.getMessage(), e.position());
            } catch (IOException e) {
                damaged("entry-unreadable", e.getClass().getSimpleName() + " while it was read", 0);
            }
        }

        private void damaged(String check, String reason, long position) {
            if (facts.read == 0) {
                facts.status = FileFacts.REJECTED;
            }
            reject(check, reason, position);
        }

        private void hash() throws IOException {
            try (EntryStream in = reader.open(entry)) {
                in.transferTo(OutputStream.nullOutputStream());
                facts.sha256 = in.sha256();
            }
        }

        private void parseEntry() throws IOException {
            boolean joined = false;
            try (EntryStream in = reader.open(entry)) {
                byte[] first = in.readNBytes(EntryHead.LIMIT);
                Recognition recognition = recognise(first);
                if (recognition.format().isPresent()) {
                    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), in);
                    frames(recognition.format().get(), recognition, whole, 0, Framing.NO_SECTION);
                }
                in.transferTo(OutputStream.nullOutputStream());
                facts.bytes = in.position();
                facts.sha256 = in.sha256();
                if (recognition.isMedia()) {
                    joined = true;
                    media(recognition, first);
                }
            } finally {
                if (!joined && item.sidecar() != null && item.sidecar().isOwned()) {
                    new Item(WorkItem.parse(
                                    item.sidecar().file(), item.sidecar().entry()))
                            .run();
                }
            }
        }

        private void media(Recognition recognition, byte[] first) {
            facts.status = FileFacts.PARSED;
            facts.parser = MEDIA_PARSER;
            facts.parserVersion = MEDIA_PARSER_VERSION;
            Optional<AcceptedRecord> sidecar =
                    item.sidecar() == null ? Optional.empty() : new SidecarItem(item.sidecar()).read();
            AcceptedRecord record =
                    new MediaFile(entry.path(), recognition.mediaType(), facts.bytes, facts.sha256).record(sidecar);
            accept(recognition.mediaType().startsWith("image/") ? sized(record, first) : record, MEDIA_PARSER);
        }

        private static AcceptedRecord sized(AcceptedRecord record, byte[] first) {
            Optional<ImageSize> size = ImageSize.of(first);
            if (size.isEmpty()) {
                return record;
            }
            Media media = (Media) record.payload();
            Media sized = new Media(
                    media.fileName(),
                    media.mediaType(),
                    media.bytes(),
                    media.sha256(),
                    size.get().width(),
                    size.get().height(),
                    media.durationS(),
                    media.latitude(),
                    media.longitude(),
                    media.album(),
                    media.people(),
                    media.sidecar(),
                    media.detail());
            return new AcceptedRecord(record.position(), record.time(), record.identity(), sized);
        }

        private void parseRange() throws IOException {
            Recognition recognition = recognise(reader.head(entry, EntryHead.LIMIT));
            RecordFormat format = recognition.format().orElseThrow();
            try (InputStream in =
                    reader.open(entry, item.range().from(), item.range().to())) {
                frames(
                        format,
                        recognition,
                        in,
                        item.range().from(),
                        item.range().section());
            }
        }

        private Recognition recognise(byte[] first) {
            Recognition recognition = formats.recognise(new EntryHead(entry.path(), first, entry.bytes()));
            facts.mediaType = recognition.mediaType();
            facts.declaredType = recognition.declaredType().orElse(null);
            facts.encoding = recognition.encoding().orElse(null);
            recognition.format().ifPresent(format -> {
                facts.status = FileFacts.PARSED;
                facts.parser = format.name();
                facts.parserVersion = format.version();
            });
            return recognition;
        }

        private void frames(RecordFormat format, Recognition recognition, InputStream in, long offset, String section)
                throws IOException {
            ParseContext parsing = ParseContext.of(entry.part().name(), entry.path(), recognition);
            Framing framing = format.framing().framing(Limits.framing(context.limits()));
            try (FrameReader frames = framing.open(in, offset, section)) {
                while (frames.next()) {
                    format.parse(frames.frame(), parsing, record -> take(record, format.name()));
                }
            }
        }

        void take(ParsedRecord record, String source) {
            if (record instanceof AcceptedRecord accepted) {
                accept(accepted, source);
            } else {
                reject((RejectedRecord) record);
            }
        }

        private void accept(AcceptedRecord record, String source) {
            DatasetName dataset = record.payload().dataset();
            Identity identity = record.identity();
            String first = keys.id(context.userId(), dataset, identity);
            String id = first;
            if (identity.occurrenceNumbered()) {
                id = keys.occurrence(first, occurrences.merge(first, 1L, Long::sum) - 1);
            }
            boolean isCountedInRange = identity.occurrenceNumbered() && item.range() != null;
            if (isCountedInRange) {
                result.addCountedInRange(dataset);
            }
            String matchKey = keys.matchKey(context.userId(), dataset, identity);
            String month = StagedTables.month(record);
            try {
                files.row(
                        dataset,
                        item.file(),
                        isCountedInRange ? first : null,
                        tables.values(record, id, matchKey, source, entry.path(), month));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            facts.read++;
            result.addRow(dataset, month);
        }

        private void reject(String check, String reason, long position) {
            reject(new RejectedRecord(position, position, position, check, reason, new byte[0]));
        }

        void reject(RejectedRecord record) {
            int most = Math.min(record.sample().length, context.limits().quarantineSampleBytes());
            byte[] sample = Arrays.copyOf(record.sample(), most);
            String id = keys.id(
                    RecordKeys.VERSION,
                    context.userId(),
                    QuarantineTable.DEFINITION.name(),
                    QUARANTINE_FAMILY,
                    List.of(entry.part().name(), entry.path(), Long.toString(record.position()), record.check()),
                    occurrences.merge("reject " + record.position() + record.check(), 1L, Long::sum) - 1);
            Object[] values = {
                id,
                id,
                Optional.ofNullable(facts.parser).orElse(ImportOutcome.NO_PARSER),
                entry.path(),
                record.position(),
                record.check(),
                record.reason(),
                sample,
                record.byteFrom(),
                record.byteTo(),
                OPEN,
                null,
                null
            };
            try {
                files.reject(item.file(), values);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            facts.read++;
            facts.quarantined++;
            result.addReject(record.check(), record.reason());
        }
    }

    /**
     * The entry that describes a media file. Its record goes into the media file's row and is none of its own, unless it
     * turns out to be something else.
     */
    private final class SidecarItem extends Item {
        private final boolean isOwned;
        private AcceptedRecord description;

        SidecarItem(Sidecar sidecar) {
            super(WorkItem.parse(sidecar.file(), sidecar.entry()));
            isOwned = sidecar.isOwned();
        }

        Optional<AcceptedRecord> read() {
            run();
            return Optional.ofNullable(description);
        }

        @Override
        void take(ParsedRecord record, String source) {
            if (record instanceof AcceptedRecord accepted && accepted.payload() instanceof Media) {
                description = accepted;
            } else if (isOwned) {
                super.take(record, source);
            }
        }

        @Override
        void reject(RejectedRecord record) {
            if (isOwned) {
                super.reject(record);
            }
        }

        @Override
        void settle() {
            if (isOwned) {
                super.settle();
            }
        }
    }

    private interface Reading {
        void run() throws IOException;
    }
}
