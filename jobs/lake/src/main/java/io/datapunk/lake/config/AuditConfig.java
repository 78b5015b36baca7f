package io.datapunk.lake.config;

import java.time.Duration;

/**
 * The audit log.
 *
 * @param lockTimeout time to wait for another process that is appending
 */
public record AuditConfig(Duration lockTimeout) {
    static AuditConfig read(ConfigReader reader) {
        return new AuditConfig(reader.duration("lock-timeout"));
    }
}
