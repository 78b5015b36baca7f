package io.datapunk.analytics.quality.dqdl;

import io.datapunk.analytics.quality.rule.Expectation;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.duration.DurationBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;
import software.amazon.glue.dqdl.model.condition.number.OperandEvaluator;

/** What conditions expect of a measured number. */
final class Expectations {
    private Expectations() {}

    /** @throws RuleProblem where the rule has no condition on numbers */
    static Expectation number(DQRule rule, Condition condition) {
        if (!(condition instanceof NumberBasedCondition number)) {
            throw new RuleProblem("it needs a condition on a number, as > 0.9");
        }
        EarlierRuns.check(number.getOperands());
        return (value, earlier) -> {
            if (earlier.isEmpty() && EarlierRuns.areLookedAt(number.getOperands())) {
                return true;
            }
            return number.evaluate(value, rule, new OperandEvaluator() {
                private static final long serialVersionUID = 1;

                @Override
                public Double evaluate(DQRule asked, NumericOperand operand) {
                    return EarlierRuns.value(operand, earlier);
                }
            });
        };
    }

    /** Whether a rule asks for what was measured before. */
    static boolean lookBack(DQRule rule) {
        return Stream.of(rule.getCondition(), rule.getThresholdCondition())
                .anyMatch(condition -> condition instanceof NumberBasedCondition number
                        && EarlierRuns.areLookedAt(number.getOperands()));
    }

    /**
     * Of an age in seconds.
     *
     * @throws RuleProblem where the condition is not on durations
     */
    static Expectation age(Condition condition) {
        if (!(condition instanceof DurationBasedCondition duration)) {
            throw new RuleProblem("it needs a condition on an age, as < 7 days");
        }
        List<Long> seconds = duration.getOperands().stream()
                .map(operand -> Durations.of(operand).toSeconds())
                .toList();
        return (age, earlier) -> switch (Comparison.of(duration.getOperator())) {
            case BETWEEN -> age >= seconds.get(0) && age <= seconds.get(1);
            case NOT_BETWEEN -> age < seconds.get(0) || age > seconds.get(1);
            case GREATER_THAN -> age > seconds.get(0);
            case GREATER_THAN_EQUAL_TO -> age >= seconds.get(0);
            case LESS_THAN -> age < seconds.get(0);
            case LESS_THAN_EQUAL_TO -> age <= seconds.get(0);
            case EQUALS, IN -> seconds.contains((long) age);
            case NOT_EQUALS, NOT_IN -> !seconds.contains((long) age);
        };
    }
}
