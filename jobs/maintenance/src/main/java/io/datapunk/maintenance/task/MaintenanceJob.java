package io.datapunk.maintenance.task;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.MaintenanceTable;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Does the upkeep that is due, and keeps what it has changed in {@code lake.maintenance}. */
public final class MaintenanceJob {
    static final String ACTOR = "maintenance";

    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final Supplier<Optional<PostgresConnection>> server;
    private final Map<Task, Work> others;
    private final LastRuns last;

    /**
     * @param spark opened by the first task that needs it
     * @param server opened by the first task that needs it, in use until the job has ended; empty where the lake has none yet
     * @param others what other jobs do: {@link Task#PARTITIONS} and {@link Task#RECLAIM}
     */
    public MaintenanceJob(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            Supplier<Optional<PostgresConnection>> server,
            Map<Task, Work> others) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
        this.others = Map.copyOf(others);
        this.last = new LastRuns(home);
    }

    /**
     * Does tasks, one after another; one that fails keeps no other from its turn, and stays due.
     *
     * @param named empty: those that are due
     * @throws LakeException (failed) where another run is under way
     */
    public List<TaskRun> run(List<Task> named, Instant now, boolean dryRun, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(ACTOR)) {
            List<Task> tasks = named.isEmpty()
                    ? new Schedule(config.maintenance().schedule()).due(last.read(), now)
                    : named.stream().distinct().sorted().toList();
            Map<Task, Work> works = works(now, progress);
            List<TaskRun> runs = new ArrayList<>();
            try {
                for (Task task : tasks.stream().filter(works::containsKey).toList()) {
                    runs.add(run(task, works.get(task), now, dryRun));
                }
            } finally {
                // Also where one ends unexpectedly: what the others have changed is changed.
                if (!dryRun) {
                    keep(runs, now);
                }
            }
            return runs;
        }
    }

    private Map<Task, Work> works(Instant now, Progress progress) {
        ServerTasks server = new ServerTasks(this.server, config.maintenance().postgres());
        Map<Task, Work> works = new EnumMap<>(Task.class);
        works.putAll(others);
        works.put(Task.LOGS, dryRun -> new LogFiles(config, home, ACTOR).run(now, dryRun));
        works.put(Task.STAGING, dryRun -> new StagingCleanup(config, home, ACTOR)
                .run(config.ingest().stagingRetention(), now, Set.of(ACTOR), dryRun));
        works.put(Task.REINDEX, server::reindex);
        works.put(Task.VACUUM, server::vacuum);
        works.put(Task.ANALYZE, server::analyze);
        works.put(Task.OPTIMIZE, dryRun -> new SmallFiles(config, home, spark, this.server).run(now, dryRun, progress));
        works.put(Task.CHECKPOINT, dryRun -> new TableLogs(config, home, spark).run(now, dryRun));
        return works;
    }

    private TaskRun run(Task task, Work work, Instant now, boolean dryRun) {
        long began = System.nanoTime();
        Work.Done done;
        try {
            done = work.run(dryRun);
            if (!dryRun && done.problems().isEmpty()) {
                last.note(task, now);
            }
        } catch (LakeException e) {
            done = Work.Done.failed(e);
        } catch (HotStoreUnavailableException e) {
            done = Work.Done.failed(e.asFailure());
        }
        return new TaskRun(task, (System.nanoTime() - began) / 1e9, done);
    }

    private void keep(List<TaskRun> runs, Instant now) {
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString();
        List<Row> rows = new ArrayList<>();
        for (TaskRun run : runs) {
            for (Figure figure : run.done().figures()) {
                figure.after()
                        .ifPresent(after -> rows.add(RowFactory.create(
                                now,
                                run.task().toString(),
                                figure.subject(),
                                figure.quantity().toString(),
                                figure.before(),
                                after,
                                month)));
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        SparkSession session = spark.get();
        LakeSession.internal(session, () -> {
            DeltaTables.ensure(session, home, MaintenanceTable.DEFINITION);
            new DeltaAppend(session, home)
                    .append(
                            MaintenanceTable.DEFINITION,
                            session.createDataFrame(rows, DeltaSchemas.structType(MaintenanceTable.DEFINITION)));
        });
    }
}
