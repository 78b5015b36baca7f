package io.datapunk.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.Outbox;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.maintenance.task.Figure;
import io.datapunk.maintenance.task.MaintenanceJob;
import io.datapunk.maintenance.task.Quantity;
import io.datapunk.maintenance.task.Task;
import io.datapunk.maintenance.task.TaskRun;
import io.datapunk.maintenance.task.Work;
import io.datapunk.tiering.apply.ReclaimJob;
import io.datapunk.tiering.sync.TierSyncJob;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Does upkeep, its own and what other jobs can do, with PostgreSQL running meanwhile where there is one. */
final class MaintainRun {
    /** What was done, as {@code --json} prints it. */
    record Maintained(boolean dryRun, List<Done> tasks) {}

    /** @param problems what was not done of it */
    record Done(String task, double seconds, List<Changed> changed, List<String> notes, List<Failure> problems) {
        private static Done of(TaskRun run) {
            return new Done(
                    run.task().toString(),
                    Math.round(run.seconds() * 1000) / 1000.0,
                    run.done().figures().stream().map(Changed::of).toList(),
                    run.done().notes(),
                    run.done().problems().stream().map(Failure::of).toList());
        }
    }

    /** @param after absent in a dry run */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Changed(String subject, String quantity, double before, Double after) {
        private static Changed of(Figure figure) {
            return new Changed(
                    figure.subject(),
                    figure.quantity().toString(),
                    figure.before(),
                    figure.after().isPresent() ? figure.after().getAsDouble() : null);
        }
    }

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    MaintainRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run(List<String> names) {
        List<Task> tasks = names.stream().map(MaintainRun::task).toList();
        try (OpenServer server = new OpenServer(config.postgres(), home)) {
            List<TaskRun> runs = new MaintenanceJob(config, home, this::spark, server::get, others(server))
                    .run(tasks, invocation.now(), invocation.dryRun(), invocation.progress());
            List<LakeException> problems =
                    runs.stream().flatMap(run -> run.done().problems().stream()).toList();
            return new Outcome(
                            new Maintained(
                                    invocation.dryRun(),
                                    runs.stream().map(Done::of).toList()),
                            out -> print(runs, out),
                            // Of several problems the command ends with the first.
                            problems.stream()
                                    .skip(1)
                                    .map(LakeException::getMessage)
                                    .toList(),
                            problems.stream().findFirst())
                    .withMetrics(metrics(runs));
        }
    }

    private static List<Sample> metrics(List<TaskRun> runs) {
        List<Sample> samples = new ArrayList<>();
        for (TaskRun run : runs) {
            samples.add(Sample.of(
                    Metric.MAINTENANCE_DURATION, run.seconds(), run.task().toString()));
            if (run.task() == Task.VACUUM) {
                List<Figure> dead = run.done().figures().stream()
                        .filter(figure -> figure.quantity() == Quantity.DEAD_ROWS)
                        .toList();
                samples.add(Sample.of(
                        Metric.MAINTENANCE_DEAD_ROWS,
                        dead.stream().mapToDouble(Figure::before).sum(),
                        "before"));
                samples.add(Sample.of(
                        Metric.MAINTENANCE_DEAD_ROWS,
                        dead.stream()
                                .mapToDouble(figure -> figure.after().orElse(figure.before()))
                                .sum(),
                        "after"));
            }
        }
        return samples;
    }

    private SparkSession spark() {
        return LakeSession.open(config, home);
    }

    private static Task task(String name) {
        return Task.of(name)
                .orElseThrow(() -> LakeException.usage(
                        "there is no task '" + name + "'",
                        "the tasks are "
                                + Stream.of(Task.values()).map(Task::toString).collect(Collectors.joining(", ")),
                        "name some of them, or none for those that are due"));
    }

    /** Without a PostgreSQL there are no places for months in it, and nothing was ever moved. */
    private Map<Task, Work> others(OpenServer server) {
        Map<Task, Work> others = new EnumMap<>(Task.class);
        others.put(Task.PARTITIONS, dryRun -> server.get()
                .map(connection -> sync(connection, dryRun))
                .orElse(Work.Done.of(List.of())));
        others.put(Task.RECLAIM, dryRun -> server.get()
                .map(connection -> reclaim(connection, dryRun))
                .orElse(Work.Done.of(List.of())));
        return others;
    }

    private Work.Done sync(PostgresConnection server, boolean dryRun) {
        if (dryRun) {
            return Work.Done.of(Outbox.waiting(server).entrySet().stream()
                    .map(entry -> Figure.found(entry.getKey().toString(), Quantity.PENDING_WRITES, entry.getValue()))
                    .toList());
        }
        return Work.Done.of(new TierSyncJob(config, home, this::spark, server)
                .run(invocation.now()).datasets().stream()
                        .map(synced -> Figure.of(
                                synced.dataset().toString(),
                                Quantity.PENDING_WRITES,
                                synced.inserted() + synced.updated() + synced.deleted() + (double) synced.leftOut(),
                                0))
                        .toList());
    }

    private Work.Done reclaim(PostgresConnection server, boolean dryRun) {
        return Work.Done.of(new ReclaimJob(config, home, spark(), server, invocation.progress())
                .run(invocation.now(), dryRun).reclaimed().stream()
                        .map(left -> dryRun
                                ? Figure.found(left.subject(), Quantity.BYTES, left.bytes())
                                : Figure.of(left.subject(), Quantity.BYTES, left.bytes(), 0))
                        .toList());
    }

    private void print(List<TaskRun> runs, PrintWriter out) {
        if (runs.isEmpty()) {
            out.println(
                    "Nothing is due. `lake config show` prints lake.maintenance.schedule; name a task to do it now.");
            return;
        }
        Set<String> numbers = Set.of("SUBJECTS", "BEFORE", "AFTER", "SECONDS");
        TextTable table = new TextTable(List.of("TASK", "SUBJECTS", "WHAT", "BEFORE", "AFTER", "SECONDS"), numbers);
        for (TaskRun run : runs) {
            String seconds = String.format(Locale.ROOT, "%.1f", run.seconds());
            List<Quantity> quantities = run.done().figures().stream()
                    .map(Figure::quantity)
                    .filter(Quantity::isAmount)
                    .distinct()
                    .toList();
            if (quantities.isEmpty()) {
                table.add(
                        run.task().toString(),
                        "0",
                        run.done().problems().isEmpty() ? "nothing to do" : "failed",
                        "",
                        "",
                        seconds);
            }
            for (Quantity quantity : quantities) {
                boolean first = quantity == quantities.get(0);
                List<Figure> figures = run.done().figures().stream()
                        .filter(figure -> figure.quantity() == quantity)
                        .toList();
                table.add(
                        first ? run.task().toString() : "",
                        first ? Integer.toString(figures.size()) : "",
                        quantity.toString().replace('_', ' '),
                        Amounts.count(Math.round(
                                figures.stream().mapToDouble(Figure::before).sum())),
                        figures.stream().anyMatch(figure -> figure.after().isEmpty())
                                ? "not done"
                                : Amounts.count(Math.round(figures.stream()
                                        .mapToDouble(figure -> figure.after().getAsDouble())
                                        .sum())),
                        first ? seconds : "");
            }
        }
        table.print(out);
        List<String> notes = new ArrayList<>();
        runs.forEach(run -> notes.addAll(run.done().notes()));
        notes.forEach(out::println);
        if (invocation.dryRun()) {
            out.println("Nothing was changed: this was a dry run.");
        }
    }
}
