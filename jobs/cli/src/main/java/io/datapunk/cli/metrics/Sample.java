package io.datapunk.cli.metrics;

import java.util.List;

/**
 * One value of a metric.
 *
 * @param labels in the order of the metric's names
 */
public record Sample(Metric metric, double value, List<String> labels) {
    public Sample {
        labels = List.copyOf(labels);
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric + " has labels " + metric.labels() + ", not " + labels);
        }
    }

    public static Sample of(Metric metric, double value, String... labels) {
        return new Sample(metric, value, List.of(labels));
    }
}
