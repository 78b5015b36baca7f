package io.datapunk.cli.export;

import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a run of a command ended.
 *
 * @param exitCode 0 done, 1 failed, 2 wrong usage, 3 done but a gate fell short
 * @param seconds it took
 * @param problem why it did not end with 0
 * @param inputs what it read, as far as it knows
 * @param metrics what it tells monitoring besides
 */
public record JobEnd(
        int exitCode, Instant at, double seconds, Optional<Problem> problem, List<Input> inputs, List<Sample> metrics) {
    public JobEnd {
        inputs = List.copyOf(inputs);
        metrics = List.copyOf(metrics);
    }

    /**
     * What others are told of a problem.
     *
     * @param type name of the exception's class
     * @param message what is wrong and why, without secrets
     */
    public record Problem(String type, String message) {
        public static Problem of(LakeException known) {
            return new Problem(LakeException.class.getName(), known.problem() + ": " + known.reason());
        }

        /** Its message may quote a row: that stays here. */
        public static Problem unexpected(Throwable failure) {
            return new Problem(failure.getClass().getName(), "it ended unexpectedly; its own output says more");
        }
    }
}
