package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.tiering.plan.PlannedPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Writes down what a plan's moves bring and take away, before they do. */
final class MoveAudit {
    /** Who stands in the log for what tiering does. */
    static final String ACTOR = "tiering";

    private final String planId;
    private final Instant now;
    private final Log log;

    /** Where an act is written down before it is done. */
    @FunctionalInterface
    interface Log {
        void append(AuditEvent event);
    }

    MoveAudit(String planId, Instant now, Log log) {
        this.planId = planId;
        this.now = now;
        this.log = log;
    }

    /** Writes down each leaf that was retired longer ago than the grace period, before it is dropped. */
    static HotMover.BeforeDrop ofLeaves(Log log, Instant now, Duration grace) {
        return leaf ->
                log.append(new AuditEvent(now, ACTOR, "tiering.drop-leaf", leaf, Map.of("grace", grace.toString())));
    }

    void serving(PlannedPartition planned) {
        append("tiering.serve", planned, Map.of());
    }

    void unserving(PlannedPartition planned) {
        append("tiering.unserve", planned, Map.of());
    }

    /** @param checksum of the copy that takes the files' place */
    void retiringFiles(Move move, RowChecksum checksum) {
        append(
                "tiering.retire-files",
                move.planned(),
                Map.of(
                        "files", Integer.toString(move.files().files().size()),
                        "rows", Long.toString(checksum.rows()),
                        "checksum", checksum.hex()));
    }

    private void append(String action, PlannedPartition planned, Map<String, String> more) {
        Map<String, String> details = new HashMap<>(more);
        details.put("plan", planId);
        details.put("to", planned.decision().to().orElseThrow().name());
        details.put("file_set", planned.fileSetHash());
        details.put("bytes", Long.toString(planned.bytes()));
        log.append(new AuditEvent(now, ACTOR, action, planned.partition().toString(), details));
    }
}
