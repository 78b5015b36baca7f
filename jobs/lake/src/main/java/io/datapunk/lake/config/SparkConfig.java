package io.datapunk.lake.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The Spark session that a command starts.
 *
 * @param master as {@code local[4]}; empty where spark-submit says it, or this machine is meant
 * @param shufflePartitions partitions of a shuffle
 * @param snapshotPartitions partitions with which Delta reads a table's log
 * @param settings further Spark settings by their own names
 */
public record SparkConfig(
        Optional<String> master, int shufflePartitions, int snapshotPartitions, Map<String, String> settings) {
    /** S3's archive classes below a live table, and the option that leaves their objects out of listings. */
    private static final Pattern LEAVES_OUT =
            Pattern.compile("(?i).*fs\\.s3a\\..*(glacier\\.read\\.restored\\.objects=(?!read_all).*"
                    + "|create\\.storage\\.class=\\s*(glacier|deep_archive)\\s*)");

    public SparkConfig {
        settings = Map.copyOf(settings);
    }

    static SparkConfig read(ConfigReader reader) {
        SparkConfig config = new SparkConfig(
                reader.optionalText("master"),
                reader.integer("shuffle-partitions", 1, 100_000),
                reader.integer("snapshot-partitions", 1, 10_000),
                reader.entries("settings"));
        config.settings.forEach((key, value) -> reader.require(
                !LEAVES_OUT.matcher(key + "=" + value).matches(),
                "settings",
                "no " + key + " = " + value
                        + ": rows in objects of an archive class could not be read, or would be left"
                        + " out in silence"));
        return config;
    }

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        settings.forEach((key, value) -> shown.put(key, new Setting(key, value, "").value()));
        return "SparkConfig[master=" + master.orElse("") + ", shufflePartitions=" + shufflePartitions
                + ", snapshotPartitions=" + snapshotPartitions + ", settings=" + shown + "]";
    }
}
