package io.datapunk.maintenance.advice;

import java.util.List;
import java.util.stream.Stream;

/**
 * What was found.
 *
 * @param problems what could not be looked at, or not be tried
 */
public record Advised(List<Advice> advice, List<String> problems) {
    public Advised {
        advice = List.copyOf(advice);
        problems = List.copyOf(problems);
    }

    Advised plus(Advised other) {
        return new Advised(
                Stream.concat(advice.stream(), other.advice.stream()).toList(),
                Stream.concat(problems.stream(), other.problems.stream()).toList());
    }
}
