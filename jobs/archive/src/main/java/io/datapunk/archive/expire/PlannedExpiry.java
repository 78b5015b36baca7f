package io.datapunk.archive.expire;

import io.datapunk.archive.retention.Decision;
import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.archive.retention.DueRows;
import io.datapunk.archive.retention.PartitionFacts;
import io.datapunk.archive.retention.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A row of a plan.
 *
 * @param fingerprint of what was looked at
 * @param deltaVersion at which that was; empty for a package
 * @param enteredBefore only rows that entered the lake before this time are meant; empty: all of it
 */
public record PlannedExpiry(
        Subject subject,
        Outcome outcome,
        Optional<String> retentionClass,
        Optional<Instant> dueAt,
        OptionalLong rows,
        long bytes,
        String fingerprint,
        OptionalLong deltaVersion,
        Optional<Instant> enteredBefore,
        String reason) {
    static PlannedExpiry of(Decision decision) {
        return new PlannedExpiry(
                decision.candidate().subject(),
                decision.outcome(),
                decision.retentionClass(),
                decision.dueAt(),
                decision.rows(),
                decision.bytes(),
                decision.candidate().fingerprint(),
                decision.candidate() instanceof PartitionFacts partition
                        ? OptionalLong.of(partition.deltaVersion())
                        : OptionalLong.empty(),
                decision.part().map(DueRows::enteredBefore),
                decision.reason());
    }

    public boolean goes() {
        return outcome.goes();
    }
}
