package io.datapunk.cli;

import io.datapunk.airflow.Airflow;
import io.datapunk.airflow.Dag;
import io.datapunk.airflow.DagRun;
import io.datapunk.airflow.TaskRun;
import io.datapunk.lake.model.LakeException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks at DAGs and their newest runs, or at one run and its tasks. */
final class AirflowStatusRun {
    /** Airflow and its DAGs, as {@code --json} prints them. */
    record Overview(String url, String version, List<Line> dags) {}

    /**
     * @param lastRun absent where it never ran
     * @param nextRun absent where none is scheduled
     */
    record Line(
            String dag, boolean paused, Optional<String> schedule, Optional<Run> lastRun, Optional<Instant> nextRun) {
        private boolean hasFailed() {
            return !paused
                    && lastRun.filter(run -> run.state().equals("failed")).isPresent();
        }
    }

    record Run(
            String runId,
            String state,
            Optional<Instant> logicalDate,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            Optional<Double> seconds) {
        static Run of(DagRun run) {
            return new Run(run.id(), run.state(), run.logicalDate(), run.startedAt(), run.endedAt(), run.seconds());
        }
    }

    /** A run with its tasks. */
    record Detail(String dag, Run run, List<Task> tasks) {}

    /** @param state absent where Airflow has not looked at the task yet */
    record Task(
            String task, Optional<String> state, int attempt, Optional<Instant> startedAt, Optional<Double> seconds) {
        private static Task of(TaskRun task) {
            return new Task(task.name(), task.state(), task.attempt(), task.startedAt(), task.seconds());
        }
    }

    private final Airflow airflow;

    AirflowStatusRun(Invocation invocation) {
        this.airflow = Airflow.of(invocation.config().airflow());
    }

    Outcome run(String dag, String runId) {
        if (runId == null) {
            return overview(dag == null ? airflow.dags() : List.of(airflow.dag(dag)));
        }
        if (dag == null) {
            throw LakeException.usage(
                    "the run " + runId + " is not known by its id alone", "DAG is missing", "name its DAG, too");
        }
        airflow.dag(dag);
        return detail(airflow.run(dag, runId)
                .orElseThrow(() -> LakeException.usage(
                        dag + " has no run " + runId,
                        "Airflow at " + airflow.server() + " does not know it",
                        "`lake airflow status " + dag + "` tells its newest one")));
    }

    private Outcome overview(List<Dag> dags) {
        Overview overview = new Overview(
                airflow.server(),
                airflow.version(),
                dags.stream()
                        .map(dag -> new Line(
                                dag.id(),
                                dag.paused(),
                                dag.schedule(),
                                airflow.newestRun(dag.id()).map(Run::of),
                                dag.next()))
                        .toList());
        List<String> failed = overview.dags().stream()
                .filter(Line::hasFailed)
                .map(line -> line.dag() + " (" + line.lastRun().orElseThrow().runId() + ")")
                .toList();
        return new Outcome(
                overview,
                out -> print(overview, out),
                List.of(),
                failed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(LakeException.gate(
                                failed.size() == 1 ? "a DAG's newest run failed" : "newest runs of DAGs failed",
                                String.join(", ", failed),
                                "`lake airflow status DAG --run-id ID` names the tasks")));
    }

    private Outcome detail(DagRun run) {
        Detail detail = new Detail(
                run.dag(),
                Run.of(run),
                airflow.tasks(run.dag(), run.id()).stream().map(Task::of).toList());
        return new Outcome(
                detail,
                out -> print(detail, out),
                List.of(),
                run.hasFailed()
                        ? Optional.of(LakeException.gate(
                                "the run " + run.id() + " of " + run.dag() + " failed",
                                "its failed tasks are above",
                                "their log is at " + airflow.server() + "/dags/" + run.dag() + "/runs/" + run.id()))
                        : Optional.empty());
    }

    private static void print(Overview overview, PrintWriter out) {
        out.println("Airflow " + overview.version() + " at " + overview.url());
        TextTable table = new TextTable(
                List.of("DAG", "PAUSED", "SCHEDULE", "LAST RUN", "STARTED", "TOOK", "NEXT RUN"), Set.of("TOOK"));
        overview.dags()
                .forEach(line -> table.add(
                        line.dag(),
                        line.paused() ? "yes" : "no",
                        line.schedule().orElse("-"),
                        line.lastRun().map(Run::state).orElse("-"),
                        time(line.lastRun().flatMap(Run::startedAt)),
                        took(line.lastRun().flatMap(Run::seconds)),
                        time(line.nextRun())));
        table.print(out);
    }

    private static void print(Detail detail, PrintWriter out) {
        Run run = detail.run();
        out.println(detail.dag() + ", run " + run.runId()
                + run.logicalDate().map(date -> " of " + date).orElse("") + ": " + run.state());
        TextTable table =
                new TextTable(List.of("TASK", "STATE", "ATTEMPT", "STARTED", "TOOK"), Set.of("ATTEMPT", "TOOK"));
        detail.tasks()
                .forEach(task -> table.add(
                        task.task(),
                        task.state().orElse("-"),
                        String.valueOf(task.attempt()),
                        time(task.startedAt()),
                        took(task.seconds())));
        table.print(out);
    }

    private static String time(Optional<Instant> time) {
        return time.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
    }

    private static String took(Optional<Double> seconds) {
        return seconds.map(any -> String.format(Locale.ROOT, "%.1f s", any)).orElse("-");
    }
}
