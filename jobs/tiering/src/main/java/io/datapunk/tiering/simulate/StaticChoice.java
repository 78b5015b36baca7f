package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Prices;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Chooses once, and stays. */
record StaticChoice(String name, Tier[] tiers) implements Contender {
    /** Everything in one tier, whether there is room or not. */
    static StaticChoice all(Tier tier, int partitions) {
        Tier[] tiers = new Tier[partitions];
        Arrays.fill(tiers, tier);
        return new StaticChoice("all-" + tier.name().toLowerCase(Locale.ROOT), tiers);
    }

    /** The cheapest tier of each partition in hindsight; where hot space is short, who saves most for each byte has it. */
    static StaticChoice best(Prices prices, List<Trace.Partition> partitions, List<long[]> accesses, long hotSpace) {
        Tier[] best = new Tier[partitions.size()];
        double[] savedPerByte = new double[partitions.size()];
        for (int i = 0; i < best.length; i++) {
            long bytes = partitions.get(i).bytes();
            double hot = cost(prices, bytes, accesses.get(i), Tier.HOT);
            double warm = cost(prices, bytes, accesses.get(i), Tier.WARM);
            double cold = cost(prices, bytes, accesses.get(i), Tier.COLD);
            savedPerByte[i] = (Math.min(warm, cold) - hot) / bytes;
            best[i] = warm <= cold ? Tier.WARM : Tier.COLD;
        }
        long left = hotSpace;
        for (int i : IntStream.range(0, best.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -savedPerByte[i]))
                .toList()) {
            if (savedPerByte[i] > 0 && partitions.get(i).bytes() <= left) {
                best[i] = Tier.HOT;
                left -= partitions.get(i).bytes();
            }
        }
        return new StaticChoice("best-static", best);
    }

    private static double cost(Prices prices, long bytes, long[] accesses, Tier tier) {
        Tier[] tiers = new Tier[accesses.length];
        Arrays.fill(tiers, tier);
        if (tiers.length > 0) {
            tiers[0] = Tier.WARM;
        }
        return Schedule.cost(prices, bytes, accesses, tiers);
    }

    @Override
    public Tier[] next(long hour, Tier[] current) {
        return tiers.clone();
    }
}
