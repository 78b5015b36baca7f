package io.datapunk.archive.expire;

import io.datapunk.archive.retention.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that expired.
 *
 * @param enteredBefore only rows from before this time; empty: all of it
 * @param rows empty for a package
 * @param checksum of a partition's rows; of a package SHA-256 of the file that names all others
 */
public record Deleted(
        Subject subject,
        String retentionClass,
        Instant dueAt,
        Optional<Instant> enteredBefore,
        OptionalLong rows,
        long bytes,
        String checksum) {
    static Deleted of(PlannedExpiry row, OptionalLong rows, String checksum) {
        return new Deleted(
                row.subject(),
                row.retentionClass().orElseThrow(),
                row.dueAt().orElseThrow(),
                row.enteredBefore(),
                rows,
                row.bytes(),
                checksum);
    }
}
