package io.datapunk.cli.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is told of every command. */
public final class JobMetrics {
    private static final List<String> STATUSES = List.of("done", "failed", "usage", "gate");

    private JobMetrics() {}

    /**
     * A command that has ended.
     *
     * @param command as {@code tier apply}
     * @param own what the command tells besides
     */
    public static List<Sample> of(
            String command, int exitCode, double seconds, Instant ended, StageTimes stages, List<Sample> own) {
        List<Sample> samples = new ArrayList<>();
        double at = ended.toEpochMilli() / 1000.0;
        samples.add(Sample.of(Metric.JOB_LAST_COMPLETION, at, command));
        samples.add(Sample.of(Metric.JOB_EXIT_CODE, exitCode, command));
        samples.add(Sample.of(Metric.DATA_PROCESSING_DURATION, seconds, command, STATUSES.get(exitCode)));
        if (exitCode == 0) {
            samples.add(Sample.of(Metric.JOB_LAST_SUCCESS, at, command));
        }
        samples.addAll(stages.samples(command));
        samples.addAll(own);
        return samples;
    }
}
