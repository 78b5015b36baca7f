package io.datapunk.airflow;

import java.time.Instant;
import java.util.Optional;

/** Runs of a DAG for a time that is over. */
public record Backfill(int id, boolean completed) {
    /** What becomes of dates that have a run already. */
    public enum Reprocess {
        NONE,
        FAILED,
        COMPLETED
    }

    /**
     * What is to be run.
     *
     * @param to the last logical date, itself included
     * @param mostAtOnce runs at the same time; a DAG's own limit does not hold for backfills
     * @param backwards the newest first
     */
    public record Request(
            String dag, Instant from, Instant to, Reprocess reprocess, int mostAtOnce, boolean backwards) {}

    /**
     * A date of a backfill.
     *
     * @param run absent where it was left out
     * @param state of the run, where it is known
     * @param leftOut why there is no run of this backfill for it
     */
    public record Slot(
            Optional<Instant> logicalDate, Optional<String> run, Optional<String> state, Optional<String> leftOut) {
        public boolean hasFailed() {
            return state.filter("failed"::equals).isPresent();
        }
    }
}
