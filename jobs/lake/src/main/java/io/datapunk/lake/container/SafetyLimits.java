package io.datapunk.lake.container;

import io.datapunk.lake.config.IngestConfig;
import java.io.Serializable;

/**
 * What an export may ask of the machine. Bytes are counted as they are read; a declared size is never believed alone.
 *
 * @param entries most entries in an export
 * @param totalBytes most bytes in an export, decompressed
 * @param entryBytes most bytes in one entry, decompressed
 * @param ratio most decompressed bytes per compressed byte of one entry, beyond {@code ratioFloorBytes}
 * @param ratioFloorBytes an entry below this size may have any ratio: honest files of zeros exist
 * @param pathDepth most folders above an entry
 */
public record SafetyLimits(
        long entries, long totalBytes, long entryBytes, long ratio, long ratioFloorBytes, int pathDepth)
        implements Serializable {
    /** Deflate itself cannot pass 1032 to 1; text exports stay below 60 to 1. */
    public static final SafetyLimits DEFAULT = new SafetyLimits(10_000_000L, 16L << 40, 4L << 40, 200, 1L << 30, 128);

    public SafetyLimits {
        if (entries < 1 || totalBytes < 1 || entryBytes < 1 || ratio < 1 || ratioFloorBytes < 0 || pathDepth < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: entries %d, total %d, entry %d, ratio %d, depth %d"
                            .formatted(entries, totalBytes, entryBytes, ratio, pathDepth));
        }
    }

    public static SafetyLimits of(IngestConfig config) {
        return new SafetyLimits(
                config.maxEntries(),
                config.maxBytes(),
                config.maxBytes(),
                config.maxRatio(),
                config.ratioFloorBytes(),
                config.maxDepth());
    }

    /** Whether so many bytes out of so many compressed ones are more than an honest entry has. */
    boolean isRatioExceeded(long storedBytes, long bytes) {
        return bytes > ratioFloorBytes && bytes / ratio > storedBytes;
    }
}
