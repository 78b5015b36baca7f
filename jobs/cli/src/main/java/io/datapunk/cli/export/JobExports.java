package io.datapunk.cli.export;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** All who are told of one run of a command. Whatever befalls them, the command goes on: it becomes a warning. */
public final class JobExports {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Java ends without waiting for these. */
    private static final Executor ASIDE = action -> {
        Thread thread = new Thread(action, "export");
        thread.setDaemon(true);
        thread.start();
    };

    // By the settings that name them.
    private final Map<String, JobExport> exports = new LinkedHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    private JobExports() {}

    /** Of a command that nobody is told of. */
    public static JobExports none() {
        return new JobExports();
    }

    /** Those that the configuration names. Of the others no class is loaded. */
    public static JobExports begin(JobRun run) {
        LakeConfig config = run.config();
        JobExports exports = new JobExports();
        if (config.metrics().isSet()) {
            exports.add("lake.metrics", () -> new MetricsExport(config.metrics(), run.command()));
        }
        if (config.lineage().isSet()) {
            exports.add("lake.lineage", () -> LineageExport.begin(run));
        }
        if (config.telemetry().endpoint().isPresent()) {
            exports.add("lake.telemetry", () -> TraceExport.begin(run));
        }
        if (config.airflow().events() && AssetExport.concerns(run)) {
            exports.add("lake.airflow.events", () -> AssetExport.begin(run));
        }
        return exports;
    }

    private void add(String setting, Supplier<JobExport> begin) {
        try {
            exports.put(setting, begin.get());
        } catch (RuntimeException | LinkageError e) {
            problems.add(setting + ": nothing is exported: " + e);
        }
    }

    /** Where the command is to tell how far it is. */
    public Progress watch(Progress progress) {
        Progress watched = progress;
        for (JobExport export : exports.values()) {
            watched = export.watch(watched);
        }
        return watched;
    }

    /**
     * Tells all that the command has ended, at the same time, and waits for a few seconds at most.
     *
     * @return why something could not be told
     */
    public List<String> ended(JobEnd end) {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        Map<String, CompletableFuture<List<String>>> told = new LinkedHashMap<>();
        exports.forEach(
                (setting, export) -> told.put(setting, CompletableFuture.supplyAsync(() -> export.ended(end), ASIDE)));
        told.forEach((setting, export) -> {
            try {
                problems.addAll(export.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                problems.add(setting + ": not everything was exported within " + LONGEST_WAIT.toSeconds()
                        + " s; what it names has to answer sooner");
            } catch (ExecutionException e) {
                problems.add(setting + ": not everything was exported: " + e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return List.copyOf(problems);
    }
}
