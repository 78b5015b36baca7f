package io.datapunk.archive.expire;

import io.datapunk.archive.retention.Decision;
import io.datapunk.archive.retention.Decision.Outcome;
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
        String reason) {
    static PlannedExpiry of(Decision decision) {
        return new PlannedExpiry(
                decision.candidate().subject(),
                decision.outcome(),
                decision.retentionClass(),
                decision.dueAt(),
                decision.candidate().rows(),
                decision.candidate().bytes(),
                decision.candidate().fingerprint(),
                decision.candidate() instanceof PartitionFacts partition
                        ? OptionalLong.of(partition.deltaVersion())
                        : OptionalLong.empty(),
                decision.reason());
    }

    public boolean goes() {
        return outcome.goes();
    }
}
