package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;

/**
 * What a tier costs, in dollars. Ranks moves by what a byte of them gains in a month; it decides nothing by itself.
 *
 * @param hot prices of the hot tier
 */
public record Prices(TierPrices hot, TierPrices warm, TierPrices cold) {
    /** The reference prices of the design: gigabyte-month and access. */
    public static final Prices REFERENCE =
            new Prices(new TierPrices(0.25, 0.00001), new TierPrices(0.023, 0.0008), new TierPrices(0.004, 0.0058));

    private static final double BYTES_PER_GIGABYTE = 1e9;
    private static final double HOURS_PER_MONTH = 730;

    /**
     * @param perGigabyteMonth dollars to keep a gigabyte for a month
     * @param perAccess dollars for one access
     */
    public record TierPrices(double perGigabyteMonth, double perAccess) {
        double monthly(long bytes, Rate rate) {
            return bytes / BYTES_PER_GIGABYTE * perGigabyteMonth + rate.perHour() * HOURS_PER_MONTH * perAccess;
        }
    }

    /** Dollars a month that a move gains for each byte of the partition; negative where it costs. */
    double gainPerByte(Tier from, Tier to, long bytes, Rate rate) {
        return (of(from).monthly(bytes, rate) - of(to).monthly(bytes, rate)) / Math.max(bytes, 1);
    }

    private TierPrices of(Tier tier) {
        return switch (tier) {
            case HOT -> hot;
            case WARM -> warm;
            case COLD -> cold;
        };
    }
}
