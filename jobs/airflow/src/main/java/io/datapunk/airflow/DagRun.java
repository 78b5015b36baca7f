package io.datapunk.airflow;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a DAG.
 *
 * @param logicalDate of what it is; what was triggered by hand may have none
 * @param params that it was triggered with; of the others the DAG's own are in force
 * @param state queued, running, success or failed
 * @param seconds that it took, once it has ended
 */
public record DagRun(
        String dag,
        String id,
        Optional<Instant> logicalDate,
        Map<String, Object> params,
        String state,
        Optional<Instant> queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<Double> seconds) {
    public boolean hasEnded() {
        return state.equals("success") || hasFailed();
    }

    public boolean hasFailed() {
        return state.equals("failed");
    }
}
