package io.datapunk.analytics.quality.dqdl;

/** A rule that is DQDL and still cannot be measured; the message says why. */
final class RuleProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    RuleProblem(String message) {
        super(message);
    }
}
