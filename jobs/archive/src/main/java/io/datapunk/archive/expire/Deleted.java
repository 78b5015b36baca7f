package io.datapunk.archive.expire;

import io.datapunk.archive.retention.Subject;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Something that expired.
 *
 * @param rows empty for a package
 * @param checksum of a partition's rows; of a package SHA-256 of the file that names all others
 */
public record Deleted(
        Subject subject, String retentionClass, Instant dueAt, OptionalLong rows, long bytes, String checksum) {
    static Deleted of(PlannedExpiry row, OptionalLong rows, String checksum) {
        return new Deleted(
                row.subject(),
                row.retentionClass().orElseThrow(),
                row.dueAt().orElseThrow(),
                rows,
                row.bytes(),
                checksum);
    }
}
