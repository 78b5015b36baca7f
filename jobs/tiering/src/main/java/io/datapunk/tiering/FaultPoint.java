package io.datapunk.tiering;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a test lets a job die. A job names every step after which something lasting has happened; in production nothing
 * listens.
 */
@FunctionalInterface
public interface FaultPoint {
    FaultPoint NONE = step -> {};

    /** Names the step, or the step and its occurrence as {@code move.copied#2}, at which the process is to end. */
    String PROPERTY = "lake.crashAt";

    /** The exit code of a process that was killed with SIGKILL. */
    int KILLED = 137;

    void reached(String step);

    /** Ends the process without any clean-up at the step that {@value #PROPERTY} names; for tests of real kills. */
    static FaultPoint ofSystem() {
        String crashAt = System.getProperty(PROPERTY);
        if (crashAt == null) {
            return NONE;
        }
        int hash = crashAt.indexOf('#');
        String wanted = hash < 0 ? crashAt : crashAt.substring(0, hash);
        AtomicInteger left = new AtomicInteger(hash < 0 ? 1 : Integer.parseInt(crashAt.substring(hash + 1)));
        return step -> {
            if (step.equals(wanted) && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
    }
}
