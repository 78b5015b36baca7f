package io.datapunk.tiering.apply;

import io.datapunk.tiering.apply.Outcome.Copied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The copies of one dataset that wait for its next commit, and when that is due. */
final class StagedCopies {
    private final long interval;
    private final List<Copied> staged = new ArrayList<>();
    private int copying;
    private long firstStaged;
    private long lastCommit;
    private boolean committed;

    /** @param interval shortest time between two commits */
    StagedCopies(Duration interval) {
        this.interval = interval.toNanos();
    }

    /** A copy is under way that will be staged, or not. */
    void expect() {
        copying++;
    }

    void stage(Copied copy) {
        copying--;
        if (staged.isEmpty()) {
            firstStaged = System.nanoTime();
        }
        staged.add(copy);
    }

    void expectNoMore() {
        copying--;
    }

    boolean isEmpty() {
        return staged.isEmpty();
    }

    boolean isDue() {
        return !isEmpty() && nanosUntilDue() <= 0;
    }

    /** The first commit waits for all copies where they are made soon enough. */
    long nanosUntilDue() {
        if (committed) {
            return lastCommit + interval - System.nanoTime();
        }
        return copying == 0 ? 0 : firstStaged + interval - System.nanoTime();
    }

    /** Those that are to be committed now. */
    List<Copied> take() {
        List<Copied> taken = List.copyOf(staged);
        staged.clear();
        return taken;
    }

    void committed() {
        committed = true;
        lastCommit = System.nanoTime();
    }
}
