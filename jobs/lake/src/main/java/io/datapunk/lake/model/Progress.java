package io.datapunk.lake.model;

/** Where a job tells how far it is. Implementations may be called by several threads. */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (stage, total, unit) -> new Stage() {
        @Override
        public void advance(long amount) {}

        @Override
        public void close() {}
    };

    /** The total is not known before the end. */
    long UNKNOWN_TOTAL = -1;

    /**
     * Begins a stage.
     *
     * @param stage what is done, for a person, as "reading entries"
     * @param total how much there is to do, in {@code unit}s, or {@link #UNKNOWN_TOTAL}
     * @param unit as "bytes", "rows" or "partitions"
     */
    Stage begin(String stage, long total, String unit);

    /** A stage that is under way. */
    interface Stage extends AutoCloseable {
        void advance(long amount);

        @Override
        void close();
    }
}
