package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.util.Optional;

/** A full disk has one remedy, whatever the operation made of it that met it. */
final class FullDisk {
    /** What the C library says of ENOSPC; Java and Hadoop pass it on. */
    private static final String NO_SPACE = "No space left on device";

    private static final String REMEDY =
            "free space on the lake's disk, then run it again: a job takes up what it left undone";

    private FullDisk() {}

    static boolean isBehind(Throwable problem) {
        return cause(problem).isPresent();
    }

    /** The same problem, with the remedy that helps. */
    static LakeException told(LakeException problem) {
        return LakeException.failed(problem.problem(), problem.reason(), REMEDY, problem);
    }

    static LakeException told(String command, Throwable problem) {
        return LakeException.failed(
                "`lake " + command + "` met a full disk",
                cause(problem).map(Throwable::getMessage).orElseThrow(),
                REMEDY,
                problem);
    }

    private static Optional<Throwable> cause(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).endsWith(NO_SPACE) && !(cause instanceof LakeException)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
