package io.datapunk.maintenance.remediation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A trigger that has gone off.
 *
 * @param subject what is about to run out: {@code postgres} or a disk
 * @param why with the values
 * @param remedies what to do about it; none where there is nothing that may be touched
 * @param coolingUntil where something was done a short while ago, and nothing is done now
 */
record Finding(Trigger trigger, String subject, String why, List<Remedy> remedies, Optional<Instant> coolingUntil) {
    Finding {
        remedies = List.copyOf(remedies);
    }

    /** Whether something is to be done about it now. */
    boolean isToBeDone() {
        return coolingUntil.isEmpty() && !remedies.isEmpty();
    }
}
