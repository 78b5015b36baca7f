package io.datapunk.lake.delta;

import io.datapunk.lake.model.LakeException;
import java.util.ConcurrentModificationException;
import java.util.function.Supplier;

/** Commits that are tried again where another writer came first. */
final class CommitConflicts {
    private static final int ATTEMPTS = 5;

    private CommitConflicts() {}

    /**
     * @param attempt begins anew each time
     * @param problem what to tell where every attempt failed
     */
    static <T> T retrying(Supplier<T> attempt, String problem, String remedy) {
        for (int number = 1; ; number++) {
            try {
                return attempt.get();
            } catch (ConcurrentModificationException another) {
                if (number == ATTEMPTS) {
                    throw LakeException.failed(
                            problem, ATTEMPTS + " attempts met another writer each time", remedy, another);
                }
            }
        }
    }
}
