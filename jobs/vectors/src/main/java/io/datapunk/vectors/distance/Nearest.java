package io.datapunk.vectors.distance;

/** The best of what was offered, at most so many: a heap whose top is the worst that is kept. */
final class Nearest {
    private final int[] ordinals;
    private final float[] scores;
    private int size;

    Nearest(int most) {
        this.ordinals = new int[most];
        this.scores = new float[most];
    }

    /** What scores less need not be offered. */
    float worst() {
        return size < scores.length || size == 0 ? Float.NEGATIVE_INFINITY : scores[0];
    }

    /** Of equal scores the lower ordinal is kept, in whatever order they come. */
    void offer(int ordinal, float score) {
        if (size < scores.length) {
            rise(ordinal, score);
        } else if (size > 0 && isWorse(0, ordinal, score)) {
            sink(ordinal, score, size);
        }
    }

    /** Takes everything out, the best first. */
    Neighbours take() {
        int[] best = new int[size];
        float[] with = new float[size];
        for (int last = size - 1; last >= 0; last--) {
            best[last] = ordinals[0];
            with[last] = scores[0];
            sink(ordinals[last], scores[last], last);
        }
        size = 0;
        return new Neighbours(best, with);
    }

    private void rise(int ordinal, float score) {
        int child = size++;
        for (int parent = (child - 1) / 2; child > 0 && !isWorse(parent, ordinal, score); parent = (child - 1) / 2) {
            put(child, ordinals[parent], scores[parent]);
            child = parent;
        }
        put(child, ordinal, score);
    }

    /** Puts one in the place of the top of the first {@code among}. */
    private void sink(int ordinal, float score, int among) {
        int parent = 0;
        for (int child = 1; child < among; child = 2 * parent + 1) {
            if (child + 1 < among && isWorse(child + 1, ordinals[child], scores[child])) {
                child++;
            }
            if (!isWorse(child, ordinal, score)) {
                break;
            }
            put(parent, ordinals[child], scores[child]);
            parent = child;
        }
        put(parent, ordinal, score);
    }

    private boolean isWorse(int place, int thanOrdinal, float thanScore) {
        return scores[place] < thanScore || (scores[place] == thanScore && ordinals[place] > thanOrdinal);
    }

    private void put(int place, int ordinal, float score) {
        ordinals[place] = ordinal;
        scores[place] = score;
    }
}
