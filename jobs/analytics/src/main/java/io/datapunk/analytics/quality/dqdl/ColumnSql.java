package io.datapunk.analytics.quality.dqdl;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.date.DateExpression;
import software.amazon.glue.dqdl.model.condition.date.NullDateExpression;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.NullNumericOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;
import software.amazon.glue.dqdl.model.condition.string.Keyword;
import software.amazon.glue.dqdl.model.condition.string.KeywordStringOperand;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringOperand;

/**
 * Writes a condition on one value as SQL that is true or false, never null. A missing value meets none but {@code != …}
 * and {@code not in …}; where {@code NULL} stands among the operands, it is a value like any other.
 */
final class ColumnSql {
    private static final String NULL = "NULL";
    private static final String WHITESPACES = "'^\\\\s+$'";

    private final String value;
    private final Instant now;

    /** @param value an expression, as a quoted column */
    ColumnSql(String value, Instant now) {
        this.value = value;
        this.now = now;
    }

    static String quoted(String column) {
        return "`" + column.replace("`", "``") + "`";
    }

    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** @throws RuleProblem where the condition cannot be put to a value */
    String of(Condition condition) {
        if (condition instanceof NumberBasedCondition number) {
            return compared(
                    Comparison.of(number.getOperator()),
                    number.getOperands().stream().map(ColumnSql::number).toList());
        }
        if (condition instanceof DateBasedCondition date) {
            return compared(
                    Comparison.of(date.getOperator()),
                    date.getOperands().stream().map(this::time).toList());
        }
        if (condition instanceof StringBasedCondition string) {
            return of(string);
        }
        throw new RuleProblem("values cannot be compared with " + condition.getConditionAsString());
    }

    private String compared(Comparison comparison, List<String> operands) {
        return switch (comparison) {
            case BETWEEN ->
                holds(value + " > " + known(operands.get(0)) + " AND " + value + " < " + known(operands.get(1)));
            case NOT_BETWEEN ->
                holds(value + " <= " + known(operands.get(0)) + " OR " + value + " >= " + known(operands.get(1)));
            case GREATER_THAN -> holds(value + " > " + known(operands.get(0)));
            case GREATER_THAN_EQUAL_TO -> holds(value + " >= " + known(operands.get(0)));
            case LESS_THAN -> holds(value + " < " + known(operands.get(0)));
            case LESS_THAN_EQUAL_TO -> holds(value + " <= " + known(operands.get(0)));
            case EQUALS, IN -> oneOf(operands);
            case NOT_EQUALS, NOT_IN -> "NOT " + oneOf(operands);
        };
    }

    private String of(StringBasedCondition condition) {
        List<String> operands =
                condition.getOperands().stream().map(ColumnSql::text).toList();
        return switch (condition.getOperator()) {
            case EQUALS, IN -> oneOf(operands);
            case NOT_EQUALS, NOT_IN -> "NOT " + oneOf(operands);
            case MATCHES -> holds(value + " RLIKE " + pattern(condition));
            case NOT_MATCHES -> holds("NOT " + value + " RLIKE " + pattern(condition));
        };
    }

    private String oneOf(List<String> operands) {
        return holds(operands.stream()
                .map(operand -> switch (operand) {
                    case NULL -> value + " IS NULL";
                    case WHITESPACES -> value + " RLIKE " + WHITESPACES;
                    default -> value + " = " + operand;
                })
                .collect(Collectors.joining(" OR ")));
    }

    /** False where it would be null. */
    private static String holds(String condition) {
        return "coalesce(" + condition + ", false)";
    }

    private static String known(String operand) {
        if (operand.equals(NULL)) {
            throw new RuleProblem("NULL is neither more nor less than a value");
        }
        return operand;
    }

    private static String number(NumericOperand operand) {
        if (operand instanceof NullNumericOperand) {
            return NULL;
        }
        if (operand instanceof AtomicNumberOperand) {
            return operand.getOperand().replace(" ", "");
        }
        throw new RuleProblem("each value is compared with fixed numbers, not with " + operand.getOperand());
    }

    private String time(DateExpression expression) {
        if (expression instanceof NullDateExpression) {
            return NULL;
        }
        Instant time;
        if (expression instanceof DateExpression.CurrentDate) {
            time = now;
        } else if (expression instanceof DateExpression.CurrentDateExpression current) {
            time = current.getOperator() == DateExpression.DateExpressionOperator.MINUS
                    ? now.minus(Durations.of(current.getDuration()))
                    : now.plus(Durations.of(current.getDuration()));
        } else {
            time = expression.getEvaluatedExpression().toInstant(ZoneOffset.UTC);
        }
        return "TIMESTAMP '" + time + "'";
    }

    private static String text(StringOperand operand) {
        if (operand instanceof KeywordStringOperand) {
            return switch (Keyword.valueOf(operand.getOperand())) {
                case NULL -> NULL;
                case EMPTY -> "''";
                case WHITESPACES_ONLY -> WHITESPACES;
            };
        }
        return literal(operand.getOperand());
    }

    private static String pattern(StringBasedCondition condition) {
        return literal(condition.getOperands().get(0).getOperand());
    }
}
