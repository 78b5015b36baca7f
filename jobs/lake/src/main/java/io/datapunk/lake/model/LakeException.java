package io.datapunk.lake.model;

/**
 * An error that a person can act on: what is wrong, why, and what to do about it. Each part is a phrase without a full
 * stop that carries the values at hand; none may carry a secret.
 */
public final class LakeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** How the command ends. */
    public enum Kind {
        /** The job failed. */
        FAILED(1),
        /** The command line or the configuration is wrong; nothing was started. */
        USAGE(2),
        /** The job is done, but a gate fell short: quality, verification, yield. */
        GATE(3);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;
    private final String problem;
    private final String reason;
    private final String remedy;

    private LakeException(Kind kind, String problem, String reason, String remedy, Throwable cause) {
        super(problem + ": " + reason + "; " + remedy, cause);
        this.kind = kind;
        this.problem = problem;
        this.reason = reason;
        this.remedy = remedy;
    }

    public static LakeException failed(String problem, String reason, String remedy) {
        return new LakeException(Kind.FAILED, problem, reason, remedy, null);
    }

    public static LakeException failed(String problem, String reason, String remedy, Throwable cause) {
        return new LakeException(Kind.FAILED, problem, reason, remedy, cause);
    }

    public static LakeException usage(String problem, String reason, String remedy) {
        return new LakeException(Kind.USAGE, problem, reason, remedy, null);
    }

    public static LakeException gate(String problem, String reason, String remedy) {
        return new LakeException(Kind.GATE, problem, reason, remedy, null);
    }

    public Kind kind() {
        return kind;
    }

    public String problem() {
        return problem;
    }

    /** Why it happened; {@code cause} in the output. Not {@link #getCause()}, which is Java's. */
    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }
}
