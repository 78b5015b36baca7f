package io.datapunk.analytics.forecast;

import java.util.ArrayList;
import java.util.List;

/**
 * Of what parts a model is made.
 *
 * @param trend whether there is one
 * @param damped whether it fades
 * @param season values after which a rhythm begins anew; 1: there is none
 * @param logarithms whether it is one of the values' logarithms, so that its parts multiply
 */
record Structure(boolean trend, boolean damped, int season, boolean logarithms) {
    boolean seasonal() {
        return season > 1;
    }

    /** Numbers that are fitted: weights, the damping, the state before the first value, and the variance. */
    int parameters() {
        return weights() + 1 + (trend ? 1 : 0) + (seasonal() ? season - 1 : 0) + 1;
    }

    /** Smoothing weights and the damping. */
    int weights() {
        return 1 + (trend ? 1 : 0) + (damped ? 1 : 0) + (seasonal() ? 1 : 0);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(List.of("level"));
        if (trend) {
            parts.add(damped ? "damped trend" : "trend");
        }
        if (seasonal()) {
            parts.add("season of " + season);
        }
        return (logarithms ? "logarithms: " : "") + String.join(" + ", parts);
    }
}
