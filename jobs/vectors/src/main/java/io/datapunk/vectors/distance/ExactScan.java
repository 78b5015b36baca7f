package io.datapunk.vectors.distance;

import java.util.stream.Stream;

/**
 * Compares queries with the rows that it is given one by one, and keeps the nearest of each. Rows are copied into a block
 * that stays in the processor's cache and compared with all queries at once. For one thread; used again and again.
 */
public final class ExactScan {
    /** Of queries or rows: 128 kB, so that both and the scores fit into the 512 kB and more of a second cache. */
    private static final int BLOCK_FLOATS = 32 * 1024;

    private static final int LEAST_ROWS = TiledKernel.TILE_ROWS * TiledKernel.TILE_COLUMNS;
    private static final int MOST_ROWS = 128;

    private final Rows rows;
    private final Kernel kernel;
    private final int stride;
    private final float[] block;
    private final int[] ordinals;
    private int filled;

    private float[] queries;
    private Nearest[] nearest;
    private float[] nearness = {};

    public ExactScan(Rows rows) {
        this.rows = rows;
        this.kernel = Kernel.of(rows.metric());
        this.stride = rows.stride();
        this.ordinals = new int[Math.max(LEAST_ROWS, Math.min(MOST_ROWS, BLOCK_FLOATS / stride))];
        this.block = new float[ordinals.length * stride];
    }

    /** Rows of a block; also how many queries it is best given at once. */
    public int blockRows() {
        return ordinals.length;
    }

    /**
     * Begins anew.
     *
     * @param queries one behind the other at the rows' stride, each as {@link Rows#query} makes it
     * @param count of them
     * @param k how many neighbours of each are looked for
     */
    public void begin(float[] queries, int count, int k) {
        this.queries = queries;
        int most = Math.min(k, rows.size());
        this.nearest = Stream.generate(() -> new Nearest(most)).limit(count).toArray(Nearest[]::new);
        if (nearness.length < count * ordinals.length) {
            this.nearness = new float[count * ordinals.length];
        }
        this.filled = 0;
    }

    public void add(int row) {
        if (filled == ordinals.length) {
            compare();
        }
        rows.read(row, block, filled * stride);
        ordinals[filled++] = row;
    }

    /** Of each query those nearest, fewer than were asked for where fewer rows were given. */
    public Neighbours[] end() {
        compare();
        return Stream.of(nearest).map(this::scored).toArray(Neighbours[]::new);
    }

    private void compare() {
        kernel.nearness(queries, nearest.length, block, filled, stride, nearness);
        for (int query = 0; query < nearest.length; query++) {
            Nearest best = nearest[query];
            float worst = best.worst();
            for (int i = 0; i < filled; i++) {
                float score = nearness[query * filled + i];
                if (score >= worst) {
                    best.offer(ordinals[i], score);
                    worst = best.worst();
                }
            }
        }
        filled = 0;
    }

    private Neighbours scored(Nearest best) {
        Neighbours neighbours = best.take();
        float[] scores = neighbours.scores();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = kernel.score(scores[i]);
        }
        return neighbours;
    }
}
