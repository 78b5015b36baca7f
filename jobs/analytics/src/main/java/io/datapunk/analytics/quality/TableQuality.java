package io.datapunk.analytics.quality;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How good a table is.
 *
 * @param version that was looked at
 * @param scores by type of check
 */
public record TableQuality(String table, long version, long rows, List<Score> scores, List<Check> checks) {
    public TableQuality {
        scores = List.copyOf(scores);
        checks = List.copyOf(checks);
    }

    /**
     * The mean of the scores of a type's checks.
     *
     * @param score 0 to 1
     */
    public record Score(String checkType, double score) {}

    /**
     * What a rule was measured to be.
     *
     * @param score share of good rows; of rules that are not about rows 1 or 0
     * @param value what was measured
     * @param failing rows that are not good
     * @param months in which those are
     */
    public record Check(
            String rule,
            String checkType,
            boolean passed,
            double score,
            OptionalDouble value,
            OptionalLong failing,
            List<String> months,
            Optional<String> detail) {
        public Check {
            months = List.copyOf(months);
        }
    }

    public List<Check> failed() {
        return checks.stream().filter(check -> !check.passed()).toList();
    }
}
