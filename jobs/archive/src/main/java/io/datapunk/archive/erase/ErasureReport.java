package io.datapunk.archive.erase;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found of a person, and what became of it.
 *
 * @param userId the surrogate
 * @param traces in the order in which they were met
 * @param left what could not be done and has to be; empty where nothing of the person is left
 */
public record ErasureReport(String userId, boolean dryRun, List<Trace> traces, List<String> left) {
    /** The kinds of stores. */
    public enum Store {
        KEYS,
        PACKAGES,
        TABLES,
        INDEXES,
        POSTGRES,
        COPIES,
        BACKUPS,
        STAGING
    }

    /**
     * What one store held.
     *
     * @param subject which table, package or folder
     * @param rows in the newest version; 0 where the store has none
     * @param files that held something of the person
     * @param done what was done, or would be
     */
    public record Trace(Store store, String subject, long rows, long files, String done) {}

    public ErasureReport {
        traces = List.copyOf(traces);
        left = List.copyOf(left);
    }

    /** Grows while an erasure goes on. */
    static final class Builder {
        private final List<Trace> traces = new ArrayList<>();
        private final List<String> left = new ArrayList<>();

        void add(Store store, String subject, long rows, long files, String done) {
            traces.add(new Trace(store, subject, rows, files, done));
        }

        void leave(String what) {
            left.add(what);
        }

        boolean isWhole() {
            return left.isEmpty();
        }

        ErasureReport build(String userId, boolean dryRun) {
            return new ErasureReport(userId, dryRun, traces, left);
        }
    }
}
