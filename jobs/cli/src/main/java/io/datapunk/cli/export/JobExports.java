package io.datapunk.cli.export;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** All who are told of one run of a command. Whatever befalls them, the command goes on: it becomes a warning. */
public final class JobExports {
    private final List<JobExport> exports = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

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
            exports.add("metrics", () -> new MetricsExport(config.metrics(), run.command()));
        }
        if (config.lineage().isSet()) {
            exports.add("lineage", () -> LineageExport.begin(run));
        }
        if (config.telemetry().endpoint().isPresent()) {
            exports.add("the trace", () -> TraceExport.begin(run));
        }
        return exports;
    }

    private void add(String what, Supplier<JobExport> begin) {
        try {
            exports.add(begin.get());
        } catch (RuntimeException | LinkageError e) {
            problems.add(what + " will not be exported: " + e);
        }
    }

    /** Where the command is to tell how far it is. */
    public Progress watch(Progress progress) {
        Progress watched = progress;
        for (JobExport export : exports) {
            watched = guarded(export, watched, next -> export.watch(next));
        }
        return watched;
    }

    /** @return why something could not be told */
    public List<String> ended(JobEnd end) {
        for (JobExport export : exports) {
            problems.addAll(guarded(export, List.of(), none -> export.ended(end)));
        }
        return List.copyOf(problems);
    }

    private <T> T guarded(JobExport export, T otherwise, Function<T, T> action) {
        try {
            return action.apply(otherwise);
        } catch (RuntimeException | LinkageError e) {
            problems.add(export.getClass().getSimpleName() + " ended unexpectedly: " + e);
            return otherwise;
        }
    }
}
