package io.datapunk.cli.metrics;

import io.datapunk.lake.model.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Takes the time of stages. */
public final class StageTimes {
    private final Map<String, Double> seconds = new ConcurrentSkipListMap<>();

    /** Takes the time of what is handed on to the next. */
    public Progress watch(Progress next) {
        return (stage, total, unit) -> watched(stage, next.begin(stage, total, unit));
    }

    private Progress.Stage watched(String stage, Progress.Stage told) {
        long begun = System.nanoTime();
        return new Progress.Stage() {
            @Override
            public void advance(long amount) {
                told.advance(amount);
            }

            @Override
            public void close() {
                told.close();
                seconds.merge(stage, (System.nanoTime() - begun) / 1e9, Double::sum);
            }
        };
    }

    /** Of each stage that has ended; what was begun several times is added up. */
    public List<Sample> samples(String command) {
        return seconds.entrySet().stream()
                .map(stage -> Sample.of(Metric.JOB_STAGE_DURATION, stage.getValue(), command, stage.getKey()))
                .toList();
    }
}
