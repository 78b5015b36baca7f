package io.datapunk.cli;

import io.datapunk.airflow.Airflow;
import io.datapunk.airflow.Backfill;
import io.datapunk.airflow.Dag;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs a DAG for a time that is over, and waits for it. */
final class AirflowBackfillRun {
    /**
     * What is run, as {@code --json} prints it.
     *
     * @param backfillId absent in a dry run
     */
    record Filled(String dag, Instant from, Instant to, Optional<Integer> backfillId, List<Slot> dates) {}

    /**
     * A date of it.
     *
     * @param runId absent in a dry run, and where the date is left out
     * @param leftOut why
     */
    record Slot(
            Optional<Instant> logicalDate, Optional<String> runId, Optional<String> state, Optional<String> leftOut) {
        private static Slot of(Backfill.Slot slot) {
            return new Slot(slot.logicalDate(), slot.run(), slot.state(), slot.leftOut());
        }

        private static Slot of(Instant date) {
            return new Slot(Optional.of(date), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    private final Invocation invocation;
    private final Airflow airflow;

    AirflowBackfillRun(Invocation invocation) {
        this.invocation = invocation;
        this.airflow = Airflow.of(invocation.config().airflow());
    }

    Outcome run(Backfill.Request request, boolean wait) {
        Dag dag = airflow.dag(request.dag());
        if (invocation.dryRun()) {
            List<Slot> dates = airflow.rehearse(request).stream().map(Slot::of).toList();
            return outcome(request, Optional.empty(), dates, warnings(dag, false), Optional.empty());
        }
        Backfill begun = airflow.backfill(request);
        boolean waits = wait && !dag.paused();
        if (waits) {
            await(request, begun);
        }
        List<Backfill.Slot> slots = airflow.slots(begun);
        return outcome(
                request,
                Optional.of(begun.id()),
                slots.stream().map(Slot::of).toList(),
                warnings(dag, wait),
                wait ? problem(request, begun, dag, slots) : Optional.empty());
    }

    private void await(Backfill.Request request, Backfill begun) {
        try (Progress.Stage stage = invocation.progress().begin("waiting for " + request.dag(), 1, "backfills")) {
            airflow.await(begun);
            stage.advance(1);
        }
    }

    private Outcome outcome(
            Backfill.Request request,
            Optional<Integer> id,
            List<Slot> dates,
            List<String> warnings,
            Optional<LakeException> problem) {
        Filled filled = new Filled(request.dag(), request.from(), request.to(), id, dates);
        return new Outcome(filled, out -> print(filled, out), warnings, problem);
    }

    private static List<String> warnings(Dag dag, boolean wait) {
        return dag.paused() && !wait
                ? List.of(dag.id() + " is paused: its runs stay queued until somebody resumes it in Airflow")
                : List.of();
    }

    private static Optional<LakeException> problem(
            Backfill.Request request, Backfill begun, Dag dag, List<Backfill.Slot> slots) {
        if (dag.paused()) {
            return Optional.of(LakeException.failed(
                    "the backfill " + begun.id() + " of " + dag.id() + " was not waited for",
                    dag.id() + " is paused",
                    "resume it in Airflow; `lake airflow status` tells its runs"));
        }
        List<String> failed = slots.stream()
                .filter(Backfill.Slot::hasFailed)
                .map(slot -> slot.logicalDate().map(Instant::toString).orElseGet(() -> slot.run()
                        .orElseThrow()))
                .toList();
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of(LakeException.failed(
                        Amounts.count(failed.size()) + " of " + Amounts.count(slots.size()) + " runs of the backfill "
                                + begun.id() + " of " + dag.id() + " failed",
                        "those of " + String.join(", ", failed),
                        "see why with `lake airflow status " + request.dag()
                                + " --run-id ID`, then run it again with --reprocess failed"));
    }

    private static void print(Filled filled, PrintWriter out) {
        out.println(filled.backfillId()
                .map(id -> "Backfill " + id + " of " + filled.dag() + ":")
                .orElse("Would run " + filled.dag() + " for:"));
        TextTable table = new TextTable(List.of("LOGICAL DATE", "RUN", "STATE"), Set.of());
        filled.dates()
                .forEach(slot -> table.add(
                        slot.logicalDate().map(Instant::toString).orElse("-"),
                        slot.runId().orElse("-"),
                        slot.leftOut()
                                .map(why -> "left out: " + why)
                                .or(slot::state)
                                .orElse("-")));
        table.print(out);
    }
}
