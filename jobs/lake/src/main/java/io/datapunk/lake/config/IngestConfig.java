package io.datapunk.lake.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * Limits of an import.
 *
 * @param splitBytes bytes of the range that one task reads
 * @param maxRecordBytes bytes of the largest record that is parsed
 * @param maxEntries entries of an export
 * @param maxBytes bytes of all entries together, counted as they are read
 * @param maxRatio inflated bytes per compressed byte above which an entry counts as a bomb
 * @param ratioFloorBytes inflated bytes below which no ratio makes a bomb
 * @param maxDepth folders above an entry
 * @param freeDiskMarginBytes bytes of disk space that staging leaves free
 * @param stagingRetention age at which a killed import's staging is removed
 * @param quarantineSampleBytes bytes of a rejected record that quarantine keeps
 */
public record IngestConfig(
        long splitBytes,
        long maxRecordBytes,
        long maxEntries,
        long maxBytes,
        int maxRatio,
        long ratioFloorBytes,
        int maxDepth,
        long freeDiskMarginBytes,
        Duration stagingRetention,
        int quarantineSampleBytes)
        implements Serializable {
    private static final long MIB = 1L << 20;
    // A record is one array in memory, and a Java array ends a little below 2 GiB.
    private static final long LARGEST_RECORD = 1L << 30;

    static IngestConfig read(ConfigReader reader) {
        return new IngestConfig(
                reader.bytes("split-size", MIB, 1L << 40),
                reader.bytes("max-record", MIB, LARGEST_RECORD),
                reader.integer("max-entries", 1, Integer.MAX_VALUE),
                reader.bytes("max-bytes", MIB, Long.MAX_VALUE),
                reader.integer("max-ratio", 1, Integer.MAX_VALUE),
                reader.bytes("ratio-floor", 0, Long.MAX_VALUE),
                reader.integer("max-depth", 1, 1000),
                reader.bytes("free-disk-margin", 0, Long.MAX_VALUE),
                reader.duration("staging-retention"),
                (int) reader.bytes("quarantine-sample", 0, 64_000));
    }
}
