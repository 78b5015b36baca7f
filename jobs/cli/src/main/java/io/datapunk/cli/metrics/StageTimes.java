package io.datapunk.cli.metrics;

import io.datapunk.lake.model.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Takes the time of stages while it hands them on. */
public final class StageTimes implements Progress {
    private final Progress next;
    private final Map<String, Double> seconds = new ConcurrentSkipListMap<>();

    public StageTimes(Progress next) {
        this.next = next;
    }

    @Override
    public Stage begin(String stage, long total, String unit) {
        long begun = System.nanoTime();
        Stage told = next.begin(stage, total, unit);
        return new Stage() {
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
