package io.datapunk.tiering;

import java.util.ArrayList;
import java.util.List;

/** Ends a job at a step as a killed process would end: nothing may catch it and go on. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1;

    private SimulatedCrash(String step) {
        super("crashed at " + step);
    }

    /** Crashes when the step is reached for the given time, from 1. */
    public static FaultPoint at(String step, int occurrence) {
        int[] left = {occurrence};
        return reached -> {
            synchronized (left) {
                if (reached.equals(step) && --left[0] == 0) {
                    throw new SimulatedCrash(step);
                }
            }
        };
    }

    /** Notes every step into the list. */
    public static FaultPoint recording(List<String> steps) {
        return step -> {
            synchronized (steps) {
                steps.add(step);
            }
        };
    }

    /** Every step with its occurrence, as {@code move.copied#2}. */
    public static List<String> numbered(List<String> steps) {
        List<String> numbered = new ArrayList<>();
        for (int index = 0; index < steps.size(); index++) {
            String step = steps.get(index);
            long occurrence =
                    steps.subList(0, index + 1).stream().filter(step::equals).count();
            numbered.add(step + "#" + occurrence);
        }
        return numbered;
    }
}
