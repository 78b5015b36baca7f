package io.datapunk.vectors.distance;

import java.util.BitSet;

/** Compares everything with everything. */
public final class ExactSearch {
    private ExactSearch() {}

    /** The k nearest rows of each query. */
    public static Neighbours[] nearest(Rows rows, Rows queries, int k) {
        return nearest(rows, queries, k, null);
    }

    /**
     * The k nearest rows of each query among those accepted; fewer where there are fewer. Runs in one thread: to use more, give
     * each a part of the queries.
     *
     * @param accepted null: all
     */
    public static Neighbours[] nearest(Rows rows, Rows queries, int k, BitSet accepted) {
        if (rows.metric() != queries.metric() || rows.dimensions() != queries.dimensions()) {
            throw new IllegalArgumentException(
                    "Queries of " + describe(queries) + " have no neighbours among rows of " + describe(rows));
        }
        Neighbours[] found = new Neighbours[queries.size()];
        ExactScan scan = new ExactScan(rows);
        float[] block = new float[scan.blockRows() * rows.stride()];
        for (int from = 0; from < found.length; from += scan.blockRows()) {
            int count = Math.min(scan.blockRows(), found.length - from);
            for (int query = 0; query < count; query++) {
                queries.read(from + query, block, query * rows.stride());
            }
            scan.begin(block, count, k);
            for (int row = next(accepted, 0); row >= 0 && row < rows.size(); row = next(accepted, row + 1)) {
                scan.add(row);
            }
            System.arraycopy(scan.end(), 0, found, from, count);
        }
        return found;
    }

    private static int next(BitSet accepted, int row) {
        return accepted == null ? row : accepted.nextSetBit(row);
    }

    private static String describe(Rows rows) {
        return rows.dimensions() + " dimensions and metric " + rows.metric();
    }
}
