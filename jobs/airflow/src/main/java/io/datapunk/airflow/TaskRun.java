package io.datapunk.airflow;

import java.time.Instant;
import java.util.Optional;

/**
 * One task of a run.
 *
 * @param index of a task that was mapped, else -1
 * @param state in Airflow's words; absent where it was not looked at yet
 * @param attempt the first is 1
 */
public record TaskRun(
        String task,
        int index,
        Optional<String> state,
        int attempt,
        Optional<Instant> startedAt,
        Optional<Double> seconds) {
    public boolean hasFailed() {
        return state.filter("failed"::equals).isPresent();
    }

    /** {@code task}, or {@code task[3]} of a mapped one. */
    public String name() {
        return index < 0 ? task : task + "[" + index + "]";
    }
}
