package io.datapunk.tiering.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Goes through every order in which the steps of a protocol can happen, the shortest first. */
final class ModelChecker {
    private ModelChecker() {}

    /**
     * A protocol: its states have to be values that equal each other.
     *
     * @param <S> a state
     */
    interface Model<S> {
        S initial();

        /** What can happen next. */
        List<Step<S>> steps(S state);

        /** What is wrong with a state, if anything. */
        Optional<String> violation(S state);
    }

    /** Something that happens, and what is then. */
    record Step<S>(String name, S next) {}

    /**
     * What a search has found.
     *
     * @param states how many different states can be reached
     * @param violation what goes wrong first; empty where nothing can
     * @param trace the steps that lead to it
     */
    record Result(int states, Optional<String> violation, List<String> trace) {}

    private record Origin<S>(S before, String step) {}

    static <S> Result search(Model<S> model) {
        Map<S, Origin<S>> origins = new HashMap<>();
        Deque<S> open = new ArrayDeque<>();
        origins.put(model.initial(), new Origin<>(null, ""));
        open.add(model.initial());
        while (!open.isEmpty()) {
            S state = open.remove();
            Optional<String> violation = model.violation(state);
            if (violation.isPresent()) {
                return new Result(origins.size(), violation, trace(origins, state));
            }
            for (Step<S> step : model.steps(state)) {
                if (origins.putIfAbsent(step.next(), new Origin<>(state, step.name())) == null) {
                    open.add(step.next());
                }
            }
        }
        return new Result(origins.size(), Optional.empty(), List.of());
    }

    private static <S> List<String> trace(Map<S, Origin<S>> origins, S end) {
        List<String> steps = new ArrayList<>();
        for (Origin<S> origin = origins.get(end); origin.before() != null; origin = origins.get(origin.before())) {
            steps.add(origin.step());
        }
        Collections.reverse(steps);
        return steps;
    }
}
