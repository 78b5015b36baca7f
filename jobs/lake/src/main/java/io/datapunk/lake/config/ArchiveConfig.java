package io.datapunk.lake.config;

import io.datapunk.lake.model.DatasetName;
import java.util.Map;
import java.util.Optional;

/**
 * Packages.
 *
 * @param location a folder or {@code s3a://bucket/prefix}; empty: the home's own
 * @param masterKey name of the key that wraps persons' keys
 * @param windowLog 2^windowLog bytes: how far back zstd finds what it has seen
 * @param export how original exports are packed
 * @param partition how partitions are packed
 * @param retention how long what is kept
 */
public record ArchiveConfig(
        Optional<String> location,
        String masterKey,
        int windowLog,
        Packing export,
        Packing partition,
        RetentionConfig retention) {
    private static final long LARGEST_WINDOW = 128L << 20;
    private static final long LARGEST_SEGMENT = 1L << 40;

    /**
     * @param level of zstd
     * @param segmentBytes most bytes of a segment before compression
     */
    public record Packing(int level, long segmentBytes) {
        private static final int LARGEST_LEVEL = 22;

        private static Packing read(ConfigReader reader) {
            return new Packing(
                    reader.integer("level", 1, LARGEST_LEVEL), reader.bytes("segment", 1L << 20, LARGEST_SEGMENT));
        }
    }

    /** @param overrides retention classes by dataset */
    static ArchiveConfig read(ConfigReader reader, Map<DatasetName, String> overrides) {
        Optional<String> location = reader.optionalText("location");
        location.ifPresent(place -> reader.require(
                !place.contains("://") || place.matches("s3a://[^/]+(/.*)?"),
                "location",
                "a folder or s3a://bucket/prefix"));
        long window = reader.bytes("window", 1L << 10, LARGEST_WINDOW);
        reader.require(Long.bitCount(window) == 1, "window", "a power of two, as 32 MiB");
        return new ArchiveConfig(
                location,
                reader.text("master-key"),
                Long.numberOfTrailingZeros(window),
                Packing.read(reader.at("export")),
                Packing.read(reader.at("partition")),
                RetentionConfig.read(reader.at("retention"), overrides));
    }
}
