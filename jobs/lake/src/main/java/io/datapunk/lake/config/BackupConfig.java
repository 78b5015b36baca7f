package io.datapunk.lake.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Backups.
 *
 * @param locations folders and {@code s3a://bucket/prefix}; empty: the home's own folder
 * @param masterKey name of the key that wraps the keys of backups
 * @param level of zstd for what is not compressed yet
 * @param jobs how many files are read and written at once
 * @param prune whether a backup removes what the rules no longer keep
 * @param keep how long which restore points stay
 * @param drill what a drill may take
 */
public record BackupConfig(
        List<String> locations, String masterKey, int level, int jobs, boolean prune, Keep keep, Drill drill) {
    private static final int LARGEST_LEVEL = 22;

    public BackupConfig {
        locations = List.copyOf(locations);
    }

    /**
     * How old restore points become.
     *
     * @param daily the last of each day
     * @param weekly the last of each week
     * @param monthly the last of each month
     * @param compliance the last of each week that was made for compliance
     */
    public record Keep(Duration daily, Duration weekly, Duration monthly, Duration compliance) {
        private static Keep read(ConfigReader reader) {
            return new Keep(
                    reader.hours("daily"), reader.hours("weekly"), reader.hours("monthly"), reader.hours("compliance"));
        }
    }

    /**
     * What a drill may take.
     *
     * @param timeToRecover for a lake of the reference size; larger ones have proportionally more
     * @param age of the newest restore point
     * @param every how often one is to be passed
     * @param referenceBytes that size
     */
    public record Drill(Duration timeToRecover, Duration age, Duration every, long referenceBytes) {
        private static Drill read(ConfigReader reader) {
            return new Drill(
                    reader.duration("time-to-recover"),
                    reader.duration("age"),
                    reader.duration("every"),
                    reader.bytes("reference-size", 1, Long.MAX_VALUE));
        }
    }

    /** Where backups of a lake lie. */
    public List<String> locations(LakeHome home) {
        return locations.isEmpty() ? List.of(home.backupPath()) : locations;
    }

    /** Whether some of them lie in the lake's own folder, with which they are lost. */
    public boolean areInHome(LakeHome home) {
        return locations(home).stream().anyMatch(place -> (place + "/").startsWith(home.root() + "/"));
    }

    static BackupConfig read(ConfigReader reader) {
        List<String> locations = reader.texts("locations");
        reader.require(
                locations.stream().allMatch(place -> !place.contains("://") || place.matches("s3a://[^/]+(/.*)?")),
                "locations",
                "folders and s3a://bucket/prefix");
        reader.require(
                Set.copyOf(locations).size() == locations.size(),
                "locations",
                "each location once: two copies in one place are one");
        return new BackupConfig(
                locations,
                reader.text("master-key"),
                reader.integer("level", 1, LARGEST_LEVEL),
                reader.integer("jobs", 1, 64),
                reader.flag("prune"),
                Keep.read(reader.at("keep")),
                Drill.read(reader.at("drill")));
    }
}
