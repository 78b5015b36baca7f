package io.datapunk.tiering.policy;

import java.time.Duration;

/**
 * What a run may use. What does not fit waits for a later run.
 *
 * @param hotSpace bytes of PostgreSQL's disk that served partitions may take
 * @param hotBytesPerFileByte how much larger a partition is in PostgreSQL, with its indexes, than in Parquet
 * @param bytesPerRun bytes that the moves of one run may copy
 * @param concurrentMoves how many moves may copy at the same time
 * @param recent partitions written within this time rank first for hot space
 */
public record Budgets(
        long hotSpace, double hotBytesPerFileByte, long bytesPerRun, int concurrentMoves, Duration recent) {
    public static final Budgets DEFAULT = new Budgets(100L << 30, 4, 256L << 30, 2, Duration.ofDays(7));

    public Budgets {
        if (hotSpace < 0 || bytesPerRun < 0) {
            throw new IllegalArgumentException(
                    "a budget cannot be negative: hot space " + hotSpace + " bytes, bytes per run " + bytesPerRun);
        }
        if (!(hotBytesPerFileByte > 0) || Double.isInfinite(hotBytesPerFileByte)) {
            throw new IllegalArgumentException(
                    "hot bytes for each file byte have to be positive, not " + hotBytesPerFileByte);
        }
        if (concurrentMoves < 1) {
            throw new IllegalArgumentException("at least one move has to run at a time, not " + concurrentMoves);
        }
        if (recent.isNegative()) {
            throw new IllegalArgumentException("recent cannot last " + recent);
        }
    }

    /** The same estimate for served and unserved partitions: a measured size here would make plans contradict. */
    long hotBytes(long fileBytes) {
        double estimate = fileBytes * hotBytesPerFileByte;
        return estimate >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) estimate;
    }

    @Override
    public String toString() {
        return "hot space " + Sizes.text(hotSpace) + ", " + Sizes.text(bytesPerRun) + " moved per run, "
                + concurrentMoves + " moves at a time, data of the last " + Durations.text(recent) + " first";
    }
}
