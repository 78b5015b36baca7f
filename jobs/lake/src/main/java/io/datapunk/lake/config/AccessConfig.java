package io.datapunk.lake.config;

import java.time.Duration;

/**
 * The access recorder.
 *
 * @param flushInterval time after which a recorder writes what it saw to the spool
 */
public record AccessConfig(Duration flushInterval) {
    static AccessConfig read(ConfigReader reader) {
        return new AccessConfig(reader.duration("flush-interval"));
    }
}
