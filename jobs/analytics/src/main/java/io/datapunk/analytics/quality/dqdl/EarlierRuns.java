package io.datapunk.analytics.quality.dqdl;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.BinaryExpressionOperand;
import software.amazon.glue.dqdl.model.condition.number.FunctionCallOperand;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;

/**
 * Numbers that a condition takes of what was measured before, as {@code avg(last(10)) * 0.8}. Where there were fewer runs,
 * it is of those.
 */
final class EarlierRuns {
    private static final String LAST = "last";
    private static final String INDEX = "index";
    private static final String PERCENTILE = "percentile";
    private static final List<String> FUNCTIONS =
            List.of(LAST, INDEX, PERCENTILE, "avg", "min", "max", "sum", "std", "median");

    private EarlierRuns() {}

    /** @throws RuleProblem where a function does not exist, or has other arguments */
    static void check(List<NumericOperand> operands) {
        for (NumericOperand operand : operands) {
            if (operand instanceof BinaryExpressionOperand binary) {
                check(List.of(binary.getOperand1(), binary.getOperand2()));
            } else if (operand instanceof FunctionCallOperand call) {
                if (!FUNCTIONS.contains(call.getFunctionName())) {
                    throw new RuleProblem("there is no function " + call.getFunctionName() + ", only "
                            + String.join(", ", FUNCTIONS));
                }
                if (call.getFunctionName().equals(LAST)) {
                    continue;
                }
                boolean two = List.of(INDEX, PERCENTILE).contains(call.getFunctionName());
                List<NumericOperand> arguments = call.getOperands();
                if (arguments.size() != (two ? 2 : 1) || !(arguments.get(0) instanceof FunctionCallOperand)) {
                    throw new RuleProblem(call.getOperand() + " has to be of last(n)" + (two ? " and a number" : ""));
                }
                check(arguments);
            } else if (!(operand instanceof AtomicNumberOperand)) {
                throw new RuleProblem("a measured number cannot be compared with " + operand.getOperand());
            }
        }
    }

    static boolean areLookedAt(List<NumericOperand> operands) {
        return operands.stream()
                .anyMatch(operand -> operand instanceof FunctionCallOperand
                        || operand instanceof BinaryExpressionOperand binary
                                && areLookedAt(List.of(binary.getOperand1(), binary.getOperand2())));
    }

    /** @param earlier the newest first; not empty where they are looked at */
    static double value(NumericOperand operand, List<Double> earlier) {
        if (operand instanceof BinaryExpressionOperand binary) {
            double left = value(binary.getOperand1(), earlier);
            double right = value(binary.getOperand2(), earlier);
            return switch (binary.getOperator()) {
                case "+" -> left + right;
                case "-" -> left - right;
                case "*" -> left * right;
                default -> left / right;
            };
        }
        if (operand instanceof FunctionCallOperand call) {
            return value(call, earlier);
        }
        return Double.parseDouble(operand.getOperand().replace(" ", ""));
    }

    private static double value(FunctionCallOperand call, List<Double> earlier) {
        if (call.getFunctionName().equals(LAST)) {
            return earlier.get(0);
        }
        double[] of = values((FunctionCallOperand) call.getOperands().get(0), earlier);
        return switch (call.getFunctionName()) {
            case "min" -> StatUtils.min(of);
            case "max" -> StatUtils.max(of);
            case "sum" -> StatUtils.sum(of);
            case "std" -> Math.sqrt(StatUtils.variance(of));
            case "median" -> StatUtils.percentile(of, 50);
            case PERCENTILE -> StatUtils.percentile(of, value(call.getOperands().get(1), earlier));
            case INDEX ->
                of[Math.min(of.length - 1, (int) value(call.getOperands().get(1), earlier))];
            default -> StatUtils.mean(of);
        };
    }

    /** Several of {@code last(n)}, else the one number that it is. */
    private static double[] values(FunctionCallOperand call, List<Double> earlier) {
        if (!call.getFunctionName().equals(LAST)) {
            return new double[] {value(call, earlier)};
        }
        int wanted = call.getOperands().isEmpty()
                ? 1
                : (int) value(call.getOperands().get(0), earlier);
        double[] all = earlier.stream().mapToDouble(Double::doubleValue).toArray();
        return Arrays.copyOf(all, Math.max(1, Math.min(wanted, all.length)));
    }
}
