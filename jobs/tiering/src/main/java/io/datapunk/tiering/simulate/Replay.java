package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Prices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets a contender decide about the last hours of a trace. Everything starts warm; what is decided at the end of an hour is
 * in effect in the next one.
 */
final class Replay {
    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;

    private final Trace trace;
    private final Prices prices;
    private final int first;
    private final int hours;
    private final List<long[]> accesses;

    /** @param hours how many of the last hours are replayed; what lies before is known from the start */
    Replay(Trace trace, Prices prices, int hours) {
        this.trace = trace;
        this.prices = prices;
        this.hours = hours;
        this.first = trace.hours() - hours;
        this.accesses = trace.partitions().stream()
                .map(partition -> partition.byHour(trace.firstHour() + first, hours))
                .toList();
    }

    List<long[]> accesses() {
        return accesses;
    }

    /**
     * What a contender came to.
     *
     * @param cost dollars of each partition
     * @param bytesMoved of all moves together
     * @param reversalsInDay moves that were undone within 24 h
     * @param accesses served from each tier, by its ordinal
     */
    record Course(
            String name,
            double[] cost,
            long bytesMoved,
            int moves,
            int reversalsInDay,
            int reversalsInWeek,
            long[] accesses,
            long mostHotBytes) {
        double total() {
            return Arrays.stream(cost).sum();
        }
    }

    Course run(Contender contender) {
        int count = trace.partitions().size();
        Tier[][] tiers = new Tier[count][hours];
        Tier[] current = new Tier[count];
        Arrays.fill(current, Tier.WARM);
        long mostHotBytes = 0;
        for (int hour = 0; hour < hours; hour++) {
            long hotBytes = 0;
            for (int i = 0; i < count; i++) {
                tiers[i][hour] = current[i];
                hotBytes += current[i] == Tier.HOT ? trace.partitions().get(i).bytes() : 0;
            }
            mostHotBytes = Math.max(mostHotBytes, hotBytes);
            if (hour + 1 < hours) {
                current = contender.next(trace.firstHour() + first + hour, current);
            }
        }
        return course(contender.name(), tiers, mostHotBytes);
    }

    private Course course(String name, Tier[][] tiers, long mostHotBytes) {
        double[] cost = new double[tiers.length];
        long[] served = new long[Tier.values().length];
        long bytesMoved = 0;
        int moves = 0;
        int inDay = 0;
        int inWeek = 0;
        for (int i = 0; i < tiers.length; i++) {
            long bytes = trace.partitions().get(i).bytes();
            cost[i] = Schedule.cost(prices, bytes, accesses.get(i), tiers[i]);
            List<Integer> moved = new ArrayList<>();
            for (int hour = 0; hour < hours; hour++) {
                served[tiers[i][hour].ordinal()] += accesses.get(i)[hour];
                if (hour > 0 && tiers[i][hour] != tiers[i][hour - 1]) {
                    int last = moved.isEmpty() ? -1 : moved.get(moved.size() - 1);
                    boolean back = last > 0 && tiers[i][last - 1] == tiers[i][hour];
                    inDay += back && hour - last <= DAY ? 1 : 0;
                    inWeek += back && hour - last <= WEEK ? 1 : 0;
                    moved.add(hour);
                    bytesMoved += bytes;
                }
            }
            moves += moved.size();
        }
        return new Course(name, cost, bytesMoved, moves, inDay, inWeek, served, mostHotBytes);
    }
}
