package io.datapunk.lake.config;

import io.datapunk.lake.model.DatasetName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Packages.
 *
 * @param location a folder or {@code s3a://bucket/prefix}; empty: the home's own
 * @param copies how many verified copies of a package there have to be, the package itself among them
 * @param locations folders and {@code s3a://bucket/prefix} that packages are copied to
 * @param objectLock how packages in a bucket are locked until their time is over; empty: not at all
 * @param masterKey name of the key that wraps persons' keys
 * @param windowLog 2^windowLog bytes: how far back zstd finds what it has seen
 * @param export how original exports are packed
 * @param partition how partitions are packed
 * @param retention how long what is kept
 */
public record ArchiveConfig(
        Optional<String> location,
        int copies,
        List<String> locations,
        Optional<LockMode> objectLock,
        String masterKey,
        int windowLog,
        Packing export,
        Packing partition,
        RetentionConfig retention) {
    private static final long LARGEST_WINDOW = 128L << 20;
    private static final long LARGEST_SEGMENT = 1L << 40;

    /** Who can lift a lock of S3's before its time. */
    public enum LockMode {
        /** Whoever has the right to. */
        GOVERNANCE,
        /** Nobody. */
        COMPLIANCE
    }

    public ArchiveConfig {
        locations = List.copyOf(locations);
    }

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
        location.ifPresent(place -> reader.require(isPlace(place), "location", "a folder or s3a://bucket/prefix"));
        List<String> locations = reader.texts("locations");
        reader.require(
                locations.stream().allMatch(ArchiveConfig::isPlace), "locations", "folders and s3a://bucket/prefix");
        reader.require(
                Set.copyOf(locations).size() == locations.size()
                        && location.map(place -> !locations.contains(place)).orElse(true),
                "locations",
                "each location once, and not the archive's own: two copies in one place are one");
        long window = reader.bytes("window", 1L << 10, LARGEST_WINDOW);
        reader.require(Long.bitCount(window) == 1, "window", "a power of two, as 32 MiB");
        return new ArchiveConfig(
                location,
                reader.integer("copies", 1, 16),
                locations,
                switch (reader.choice("object-lock", "off", "governance", "compliance")) {
                    case "governance" -> Optional.of(LockMode.GOVERNANCE);
                    case "compliance" -> Optional.of(LockMode.COMPLIANCE);
                    default -> Optional.empty();
                },
                reader.text("master-key"),
                Long.numberOfTrailingZeros(window),
                Packing.read(reader.at("export")),
                Packing.read(reader.at("partition")),
                RetentionConfig.read(reader.at("retention"), overrides));
    }

    private static boolean isPlace(String text) {
        return !text.contains("://") || text.matches("s3a://[^/]+(/.*)?");
    }
}
