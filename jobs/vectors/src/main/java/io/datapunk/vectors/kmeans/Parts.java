package io.datapunk.vectors.kmeans;

import java.util.stream.IntStream;

/** Ranges of rows that are worked on in parallel, in the pool of the calling thread. A single one stays in that thread. */
final class Parts {
    private static final int ROWS = 4096;

    private Parts() {}

    static void of(int rows, Work work) {
        IntStream.rangeClosed(0, (rows - 1) / ROWS)
                .parallel()
                .forEach(part -> work.on(part * ROWS, Math.min((part + 1) * ROWS, rows)));
    }

    interface Work {
        void on(int from, int to);
    }
}
