package io.datapunk.lake.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * The Spark session that a command starts itself.
 *
 * @param master as {@code local[*]}
 * @param shufflePartitions partitions of a shuffle
 * @param snapshotPartitions partitions with which Delta reads a table's log
 * @param settings further Spark settings by their own names
 */
public record SparkConfig(String master, int shufflePartitions, int snapshotPartitions, Map<String, String> settings) {
    public SparkConfig {
        settings = Map.copyOf(settings);
    }

    static SparkConfig read(ConfigReader reader) {
        return new SparkConfig(
                reader.text("master"),
                reader.integer("shuffle-partitions", 1, 100_000),
                reader.integer("snapshot-partitions", 1, 10_000),
                reader.entries("settings"));
    }

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        settings.forEach((key, value) -> shown.put(key, new Setting(key, value, "").value()));
        return "SparkConfig[master=" + master + ", shufflePartitions=" + shufflePartitions + ", snapshotPartitions="
                + snapshotPartitions + ", settings=" + shown + "]";
    }
}
