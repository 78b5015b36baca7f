package io.datapunk.cli;

import io.datapunk.airflow.Airflow;
import io.datapunk.airflow.Dag;
import io.datapunk.airflow.DagRun;
import io.datapunk.airflow.TaskRun;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Triggers a run, unless it is there already, and waits for it. */
final class AirflowTriggerRun {
    /**
     * What became of it, as {@code --json} prints it.
     *
     * @param triggered by this command
     * @param state of the run; absent where there is none, in a dry run
     * @param failedTasks of a run that was waited for
     */
    record Triggered(
            String dag,
            String runId,
            Optional<Instant> logicalDate,
            Map<String, Object> params,
            boolean triggered,
            Optional<String> state,
            Optional<Double> seconds,
            List<String> failedTasks) {}

    private final Invocation invocation;
    private final Airflow airflow;

    AirflowTriggerRun(Invocation invocation) {
        this.invocation = invocation;
        this.airflow = Airflow.of(invocation.config().airflow());
    }

    Outcome run(String dagId, Map<String, String> texts, Instant date, String givenId, boolean wait) {
        TypedValues params = TypedValues.parse(texts);
        Optional<Instant> logicalDate = Optional.ofNullable(date);
        String id = Optional.ofNullable(givenId).orElseGet(() -> runId(logicalDate, params));
        Dag dag = airflow.dag(dagId);
        Optional<DagRun> there = airflow.run(dagId, id);
        Optional<DagRun> begun = there.isPresent() || invocation.dryRun()
                ? there
                : Optional.of(airflow.trigger(dagId, id, logicalDate, params.byName()));
        boolean waits = wait && !invocation.dryRun();
        Optional<DagRun> run = waits && !dag.paused() ? begun.map(this::await) : begun;
        List<String> failed =
                waits ? run.filter(DagRun::hasFailed).map(this::failedTasks).orElse(List.of()) : List.of();
        Triggered triggered = new Triggered(
                dagId,
                id,
                run.map(DagRun::logicalDate).orElse(logicalDate),
                run.map(DagRun::params).orElse(params.byName()),
                there.isEmpty() && !invocation.dryRun(),
                run.map(DagRun::state),
                run.flatMap(DagRun::seconds),
                failed);
        List<String> warnings = new ArrayList<>();
        if (dag.paused() && !waits) {
            warnings.add(dag.id() + " is paused: its runs stay queued until somebody resumes it in Airflow");
        }
        if (!new TypedValues(triggered.params()).hash().equals(params.hash())) {
            warnings.add("the run " + id + " was triggered with other params than these: " + params);
        }
        return new Outcome(
                triggered,
                out -> print(triggered, there, out),
                warnings,
                waits ? run.flatMap(one -> problem(dag, one, failed)) : Optional.empty());
    }

    /** The same command has the same run; without a logical date, on the same day. */
    private String runId(Optional<Instant> logicalDate, TypedValues params) {
        String when = logicalDate.map(Instant::toString).orElseGet(() -> LocalDate.ofInstant(
                        invocation.now(), ZoneOffset.UTC)
                .toString());
        return "lake__" + when + "__" + params.hash();
    }

    private DagRun await(DagRun run) {
        try (Progress.Stage stage = invocation.progress().begin("waiting for " + run.dag(), 1, "runs")) {
            DagRun ended = airflow.await(run);
            stage.advance(1);
            return ended;
        }
    }

    private List<String> failedTasks(DagRun run) {
        return airflow.tasks(run.dag(), run.id()).stream()
                .filter(TaskRun::hasFailed)
                .map(TaskRun::name)
                .toList();
    }

    private Optional<LakeException> problem(Dag dag, DagRun run, List<String> failed) {
        if (run.hasFailed()) {
            return Optional.of(LakeException.failed(
                    "the run " + run.id() + " of " + dag.id() + " failed",
                    failed.isEmpty()
                            ? "none of its tasks did; it may have taken too long"
                            : "these tasks failed: " + String.join(", ", failed),
                    "their log is at " + airflow.server() + "/dags/" + dag.id() + "/runs/" + run.id()
                            + "; clear the run there, or trigger another one with --run-id"));
        }
        return run.hasEnded()
                ? Optional.empty()
                : Optional.of(LakeException.failed(
                        "the run " + run.id() + " of " + dag.id() + " was not waited for",
                        dag.id() + " is paused",
                        "resume it in Airflow, and run the command again: it waits for the same run"));
    }

    private static void print(Triggered triggered, Optional<DagRun> there, PrintWriter out) {
        String what = triggered.dag() + " with " + new TypedValues(triggered.params()) + ", run " + triggered.runId()
                + triggered.logicalDate().map(date -> " of " + date).orElse("");
        if (there.isPresent()) {
            out.println("Nothing was triggered. There is " + what
                    + there.get().queuedAt().map(at -> ", since " + at).orElse("") + ".");
        } else {
            out.println((triggered.triggered() ? "Triggered " : "Would trigger ") + what + ".");
        }
        triggered
                .state()
                .ifPresent(state -> out.println("State: " + state
                        + triggered
                                .seconds()
                                .map(seconds -> String.format(Locale.ROOT, " after %.1f s", seconds))
                                .orElse("")));
    }
}
