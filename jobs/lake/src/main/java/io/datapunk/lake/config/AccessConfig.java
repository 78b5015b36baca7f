package io.datapunk.lake.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where reads are seen, and how long they are remembered.
 *
 * @param flushInterval time after which a recorder writes what it saw to the spool
 * @param sources of {@link #SOURCES}, which `lake heat` reads
 * @param rawRetention time that {@code lake.access_log} keeps accesses
 * @param rolledUpRetention time that {@code lake.access_hours} keeps counts
 * @param s3Logs where S3 delivers its server access logs to; empty where it does not
 * @param s3OwnRequesters ids or ARNs whose requests are the lake's own
 * @param s3OwnAgents what the user agents of sessions contain whose reads a recorder sees
 */
public record AccessConfig(
        Duration flushInterval,
        Set<String> sources,
        Duration rawRetention,
        Duration rolledUpRetention,
        Optional<String> s3Logs,
        List<String> s3OwnRequesters,
        List<String> s3OwnAgents) {
    /** What recorders write. */
    public static final String SPOOL = "spool";

    /** Counters of the hot store. */
    public static final String POSTGRES = "postgres";

    /** Server access logs. */
    public static final String S3 = "s3";

    /** The sources that there are. */
    public static final List<String> SOURCES = List.of(SPOOL, POSTGRES, S3);

    public AccessConfig {
        sources = Set.copyOf(sources);
        s3OwnRequesters = List.copyOf(s3OwnRequesters);
        s3OwnAgents = List.copyOf(s3OwnAgents);
    }

    static AccessConfig read(ConfigReader reader) {
        AccessConfig config = new AccessConfig(
                reader.duration("flush-interval"),
                new TreeSet<>(reader.texts("sources")),
                reader.duration("raw-retention"),
                reader.duration("rolled-up-retention"),
                reader.optionalText("s3.logs"),
                reader.texts("s3.own-requesters"),
                reader.texts("s3.own-agents"));
        reader.require(
                SOURCES.containsAll(config.sources),
                "sources",
                "some of " + String.join(", ", SOURCES) + ", with commas between");
        reader.require(
                config.rolledUpRetention.compareTo(config.rawRetention) >= 0,
                "rolled-up-retention",
                "to be no shorter than raw-retention",
                "raw-retention");
        config.s3Logs.ifPresent(logs -> reader.require(
                !logs.contains("://") || logs.startsWith("s3a://"), "s3.logs", "s3a://bucket/prefix or a folder"));
        return config;
    }
}
