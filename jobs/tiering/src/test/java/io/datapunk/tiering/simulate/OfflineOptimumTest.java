package io.datapunk.tiering.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Prices;
import io.datapunk.tiering.policy.Prices.MovePrices;
import io.datapunk.tiering.policy.Prices.TierPrices;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OfflineOptimumTest {
    private static final long GB = 1_000_000_000;
    private static final Prices REFERENCE = Prices.REFERENCE;
    /** An hour costs 3, 2 or 1 dollars, an access 0, 1 or 4; who leaves cold within 3 h pays the rest. */
    private static final Prices SIMPLE = new Prices(
            new TierPrices(3 * 730, 0, 0, Duration.ZERO),
            new TierPrices(2 * 730, 1, 0, Duration.ZERO),
            new TierPrices(730, 4, 0, Duration.ofHours(3)),
            new MovePrices(2, 1, 1, 2, 1, 3));

    @Test
    void byHandABusyMiddleIsWorthBeingHotFor() {
        // Warm 2; hot for two hours of 5 accesses: move 2, 3+3; then cold: move 1, 1. Staying hot or going warm costs
        // 3.
        assertThat(cost(SIMPLE, 0, 5, 5, 0)).isCloseTo(2 + 2 + 3 + 3 + 1 + 1, within(1e-9));
        // Seen from warm, one access is cheaper to pay than a move.
        assertThat(cost(SIMPLE, 0, 1, 0)).isCloseTo(2 + 3 + 2, within(1e-9));
    }

    @Test
    void byHandTheMinimumStorageDurationIsPaidByWhoLeavesEarly() {
        // Cold for one idle hour saves 1, costs 1, and the way back would cost 2 and the 2 h that were not stayed.
        assertThat(cost(SIMPLE, 0, 0, 9)).isCloseTo(2 + 2 + 2 + 3, within(1e-9));
        assertThat(Schedule.leave(SIMPLE, Tier.COLD, Tier.WARM, GB, 1)).isCloseTo(2 + 2, within(1e-9));
        assertThat(Schedule.leave(SIMPLE, Tier.COLD, Tier.WARM, GB, 3)).isCloseTo(2, within(1e-9));
    }

    @Test
    void withTheReferencePricesASteadyLoadBecomesHotAtOnce() {
        long[] accesses = new long[100];
        Arrays.fill(accesses, 10);
        double warmHour = 0.023 / 730 + 10 * 0.0008;
        double hotHours = 99 * (0.25 / 730 + 10 * 0.00001);
        assertThat(new OfflineOptimum(REFERENCE, GB).cost(accesses))
                .isCloseTo(warmHour + 0.005 + hotHours, within(1e-12));
    }

    @Property(tries = 300)
    void noScheduleIsCheaper(
            @ForAll @Size(12) List<@IntRange(max = 30) Integer> accesses,
            @ForAll @Size(12) List<Tier> tiers,
            @ForAll boolean simple) {
        Prices prices = simple ? SIMPLE : REFERENCE;
        long[] counts = accesses.stream().mapToLong(Integer::longValue).toArray();
        Tier[] schedule = tiers.toArray(Tier[]::new);
        schedule[0] = Tier.WARM;
        assertThat(new OfflineOptimum(prices, GB).cost(counts))
                .isLessThanOrEqualTo(Schedule.cost(prices, GB, counts, schedule) + 1e-9);
    }

    @Property(tries = 300)
    void theScheduleThatItNamesCostsWhatItSays(
            @ForAll @Size(20) List<@IntRange(max = 30) Integer> accesses, @ForAll boolean simple) {
        Prices prices = simple ? SIMPLE : REFERENCE;
        long[] counts = accesses.stream().mapToLong(Integer::longValue).toArray();
        Tier[] schedule = new Tier[counts.length];
        double cost = new OfflineOptimum(prices, GB).cost(counts, new double[counts.length], schedule);
        assertThat(Schedule.cost(prices, GB, counts, schedule)).isCloseTo(cost, within(1e-9));
        assertThat(cost).isCloseTo(new OfflineOptimum(prices, GB).cost(counts), within(1e-9));
    }

    /** Three partitions, room for one: every joint schedule within the space costs at least the bound. */
    @Property(tries = 50)
    void theBoundIsBelowEveryScheduleThatFits(
            @ForAll @Size(18) List<@IntRange(max = 30) Integer> accesses,
            @ForAll @Size(6) List<@IntRange(max = 3) Integer> hotPartition) {
        List<Trace.Partition> partitions = List.of(partition("a"), partition("b"), partition("c"));
        long[][] counts = new long[3][6];
        Tier[][] tiers = new Tier[3][6];
        double feasible = 0;
        for (int i = 0; i < 3; i++) {
            for (int hour = 0; hour < 6; hour++) {
                counts[i][hour] = accesses.get(i * 6 + hour);
                tiers[i][hour] = hour > 0 && hotPartition.get(hour) == i ? Tier.HOT : Tier.WARM;
            }
            feasible += Schedule.cost(SIMPLE, GB, counts[i], tiers[i]);
        }
        double optimum = 0;
        for (long[] own : counts) {
            optimum += new OfflineOptimum(SIMPLE, GB).cost(own);
        }
        double bound = new HotSpaceBound(SIMPLE, GB).dollars(partitions, List.of(counts), feasible);
        assertThat(bound).isLessThanOrEqualTo(feasible + 1e-9).isGreaterThanOrEqualTo(optimum - 1e-9);
    }

    @Test
    void twoThatWantTheSamePlaceRaiseTheBound() {
        long[] busy = {0, 9, 9, 9, 9, 9};
        double alone = cost(SIMPLE, busy);
        double second = 6 * 2 + 5 * 9;
        double bound = new HotSpaceBound(SIMPLE, GB)
                .dollars(List.of(partition("a"), partition("b")), List.of(busy, busy), alone + second);
        assertThat(bound).isGreaterThan(2 * alone + 20).isLessThanOrEqualTo(alone + second + 1e-9);
    }

    private static Trace.Partition partition(String value) {
        return new Trace.Partition(
                PartitionName.of(new DatasetName("trace", "partitions"), "partition", value), GB, Accesses.NONE);
    }

    private static double cost(Prices prices, long... accesses) {
        return new OfflineOptimum(prices, GB).cost(accesses);
    }
}
