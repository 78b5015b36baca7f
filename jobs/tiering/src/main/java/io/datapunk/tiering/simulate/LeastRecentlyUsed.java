package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import java.util.Arrays;
import java.util.Comparator;

/** The hot tier as a cache: whatever is accessed becomes hot, whoever was not for longest makes room. */
final class LeastRecentlyUsed implements Contender {
    private final Trace trace;
    private final long hotSpace;
    private final long[][] accesses;
    private final long firstHour;
    private final long[] lastAccess;

    LeastRecentlyUsed(Trace trace, long hotSpace) {
        this.trace = trace;
        this.hotSpace = hotSpace;
        this.firstHour = trace.firstHour();
        int count = trace.partitions().size();
        accesses = new long[count][];
        lastAccess = new long[count];
        for (int i = 0; i < count; i++) {
            accesses[i] = trace.partitions().get(i).byHour(firstHour, trace.hours());
            lastAccess[i] = Long.MIN_VALUE;
        }
    }

    @Override
    public String name() {
        return "lru";
    }

    @Override
    public Tier[] next(long hour, Tier[] current) {
        for (int i = 0; i < current.length; i++) {
            if (accesses[i][(int) (hour - firstHour)] > 0) {
                lastAccess[i] = hour;
            }
        }
        Integer[] byRecency = new Integer[current.length];
        for (int i = 0; i < byRecency.length; i++) {
            byRecency[i] = i;
        }
        Arrays.sort(
                byRecency,
                Comparator.comparing((Integer i) -> -lastAccess[i]).thenComparing(i -> current[i] == Tier.HOT ? 0 : 1));
        Tier[] next = current.clone();
        long left = hotSpace;
        for (int i : byRecency) {
            boolean caches = lastAccess[i] == hour || current[i] == Tier.HOT;
            if (caches && trace.partitions().get(i).bytes() <= left) {
                next[i] = Tier.HOT;
                left -= trace.partitions().get(i).bytes();
            } else if (current[i] == Tier.HOT) {
                next[i] = Tier.WARM;
            }
        }
        return next;
    }
}
