package io.datapunk.tiering.heat;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.delta.DayPartitions;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AccessLogTable;
import java.time.Duration;
import java.time.Instant;

/**
 * How long accesses are kept. Whole days are removed, and the audit log says so before.
 *
 * @param raw of {@code lake.access_log}
 * @param rolledUp of {@code lake.access_hours}; never less than the window of heat, or silence would be taken for it
 */
public record AccessRetention(AuditLog audit, Duration raw, Duration rolledUp) {
    private static final String ACTOR = "heat";

    /** Removes what is too old; returns how many days that were. */
    int apply(Intake intake, Instant horizon, Duration window) {
        DayPartitions days = new DayPartitions(intake.spark(), intake.home(), audit, ACTOR);
        Duration hours = rolledUp.compareTo(window) < 0 ? window : rolledUp;
        String today = AccessRows.day(intake.now());
        days.compactBefore(AccessLogTable.DEFINITION, today);
        days.compactBefore(AccessHoursTable.DEFINITION, today);
        int expired = days.expire(AccessLogTable.DEFINITION, AccessRows.day(horizon.minus(raw)), intake.now());
        intake.fault().reached("heat.log-expired");
        // The day that the window begins in counts from its first hour on.
        return expired + days.expire(AccessHoursTable.DEFINITION, AccessRows.day(horizon.minus(hours)), intake.now());
    }
}
