package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Prices;
import java.util.List;

/**
 * A lower bound on what any schedule costs that keeps within the hot space: the Lagrangian dual, with one price of hot
 * space for each hour, raised by subgradients where the partitions' own optima ask for more than there is. Every step gives
 * a valid bound; the best one counts.
 */
final class HotSpaceBound {
    private static final int STEPS = 80;

    private final Prices prices;
    private final long space;

    HotSpaceBound(Prices prices, long space) {
        this.prices = prices;
        this.space = space;
    }

    /**
     * The bound.
     *
     * @param feasible dollars of any schedule that keeps within the space: it scales the steps (Polyak)
     */
    double dollars(List<Trace.Partition> partitions, List<long[]> accesses, double feasible) {
        int hours = accesses.isEmpty() ? 0 : accesses.get(0).length;
        double[] spacePrices = new double[hours];
        double best = Double.NEGATIVE_INFINITY;
        double scale = 1;
        int sinceBetter = 0;
        for (int step = 0; step < STEPS; step++) {
            double[] used = new double[hours];
            double dual = 0;
            for (int i = 0; i < partitions.size(); i++) {
                long bytes = partitions.get(i).bytes();
                Tier[] tiers = new Tier[hours];
                dual += new OfflineOptimum(prices, bytes).cost(accesses.get(i), spacePrices, tiers);
                for (int hour = 0; hour < hours; hour++) {
                    used[hour] += tiers[hour] == Tier.HOT ? bytes : 0;
                }
            }
            double norm = 0;
            for (int hour = 0; hour < hours; hour++) {
                dual -= spacePrices[hour] * space;
                double gradient = used[hour] - space;
                norm += spacePrices[hour] == 0 && gradient < 0 ? 0 : gradient * gradient;
            }
            if (dual > best) {
                best = dual;
                sinceBetter = 0;
            } else if (++sinceBetter == 5) {
                scale /= 2;
                sinceBetter = 0;
            }
            if (norm == 0) {
                break;
            }
            double length = scale * Math.max(0, feasible - dual) / norm;
            for (int hour = 0; hour < hours; hour++) {
                spacePrices[hour] = Math.max(0, spacePrices[hour] + length * (used[hour] - space));
            }
        }
        return best;
    }
}
