package io.datapunk.lake.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The audit log.
 *
 * @param lockTimeout time to wait for another process that is appending
 * @param copies how many copies of the log there have to be, the log itself among them
 * @param masterKey that wraps the key which signs the log; empty: none
 * @param searchable time since its last entry after which a month of the log's table is packed
 * @param locations folders and {@code s3a://bucket/prefix} that the log and its signed heads are copied to
 */
public record AuditConfig(
        Duration lockTimeout, Optional<String> masterKey, int copies, Duration searchable, List<String> locations) {
    public AuditConfig {
        locations = List.copyOf(locations);
    }

    static AuditConfig read(ConfigReader reader) {
        AuditConfig audit = new AuditConfig(
                reader.duration("lock-timeout"),
                reader.optionalText("master-key"),
                reader.integer("copies", 1, 16),
                reader.duration("searchable"),
                reader.texts("locations"));
        reader.require(
                audit.locations.stream()
                        .allMatch(location -> !location.contains("://") || location.matches("s3a://[^/]+(/.*)?")),
                "locations",
                "folders and s3a://bucket/prefix");
        reader.require(
                Set.copyOf(audit.locations).size() == audit.locations.size(),
                "locations",
                "each location once: two copies in one place are one");
        return audit;
    }
}
