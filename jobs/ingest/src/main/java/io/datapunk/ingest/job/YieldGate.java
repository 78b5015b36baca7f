package io.datapunk.ingest.job;

import io.datapunk.ingest.job.IngestReport.ParserCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds formats that gave implausibly few rows: what a source's change of format looks like, long before anybody misses
 * the rows. Pure.
 */
final class YieldGate {
    /** Below this, a file without records is an honest one. */
    static final long LEAST_BYTES = 64 << 10;

    /** Fewer rejects than this say nothing about a format. */
    static final long LEAST_REJECTS = 20;

    private static final double MOST_REJECTED = 0.5;

    private YieldGate() {}

    /** A sentence for each format that fell short. */
    static List<String> shortfalls(List<ParserCounts> parsers) {
        List<String> shortfalls = new ArrayList<>();
        for (ParserCounts parser : parsers) {
            ImportCounts counts = parser.counts();
            if (parser.parser().equals(ImportOutcome.NO_PARSER)) {
                continue;
            }
            if (counts.read() == 0 && parser.bytes() >= LEAST_BYTES) {
                shortfalls.add("%s found no record in %d bytes; the source may have changed its format"
                        .formatted(parser.parser(), parser.bytes()));
            } else if (counts.quarantined() >= LEAST_REJECTS && counts.quarantined() > MOST_REJECTED * counts.read()) {
                shortfalls.add(String.format(
                        Locale.ROOT,
                        "%s rejected %d of %d records (%.0f %%); the source may have changed its format",
                        parser.parser(),
                        counts.quarantined(),
                        counts.read(),
                        100.0 * counts.quarantined() / counts.read()));
            }
        }
        return shortfalls;
    }
}
