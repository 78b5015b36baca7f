package io.datapunk.analytics.quality.rule;

import java.util.List;

/** What is expected of a number. */
@FunctionalInterface
public interface Expectation {
    /** Of a share: nothing falls short. */
    Expectation ALL = (value, earlier) -> value >= 1;

    /** Of a {@link Measure.Surprise}: it is none. */
    Expectation NO_SURPRISE = (value, earlier) -> value <= 1;

    /** @param earlier what was measured in earlier runs, the newest first */
    boolean isMetBy(double value, List<Double> earlier);
}
