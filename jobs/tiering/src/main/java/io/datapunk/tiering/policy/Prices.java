package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;
import java.time.Duration;

/**
 * What tiers and moves between them cost, in dollars.
 *
 * @param hot prices of the hot tier
 * @param moves prices of moves
 */
public record Prices(TierPrices hot, TierPrices warm, TierPrices cold, MovePrices moves) {
    /** The reference prices of the design, so that simulated costs can be compared. */
    public static final Prices REFERENCE = new Prices(
            new TierPrices(0.25, 0.00001, 0, Duration.ZERO),
            new TierPrices(0.023, 0.0008, 0, Duration.ZERO),
            new TierPrices(0.004, 0.0058, 0, Duration.ZERO),
            new MovePrices(0.005, 0.001, 0.010, 0.031, 0.011, 0.036));

    private static final double BYTES_PER_GIGABYTE = 1e9;
    private static final double HOURS_PER_MONTH = 730;

    /**
     * Prices of one tier.
     *
     * @param perGigabyteMonth dollars to keep a gigabyte for a month of 730 h
     * @param perAccess dollars for one access
     * @param perGigabyteRead dollars for each gigabyte that an access retrieves; an access counts as reading the partition
     * @param minimumStorage time that is paid for in any case: who leaves earlier pays the rest of it
     */
    public record TierPrices(
            double perGigabyteMonth, double perAccess, double perGigabyteRead, Duration minimumStorage) {
        public TierPrices {
            requirePrices(perGigabyteMonth, perAccess, perGigabyteRead);
            if (minimumStorage.isNegative()) {
                throw new IllegalArgumentException("a minimum storage duration cannot be " + minimumStorage);
            }
        }
    }

    /** Dollars to move a gigabyte from one tier to another. */
    public record MovePrices(
            double warmToHot,
            double hotToWarm,
            double warmToCold,
            double coldToWarm,
            double hotToCold,
            double coldToHot) {
        public MovePrices {
            requirePrices(warmToHot, hotToWarm, warmToCold, coldToWarm, hotToCold, coldToHot);
        }

        double of(Tier from, Tier to) {
            return switch (from) {
                case HOT -> to == Tier.HOT ? 0 : to == Tier.WARM ? hotToWarm : hotToCold;
                case WARM -> to == Tier.WARM ? 0 : to == Tier.HOT ? warmToHot : warmToCold;
                case COLD -> to == Tier.COLD ? 0 : to == Tier.HOT ? coldToHot : coldToWarm;
            };
        }
    }

    private static void requirePrices(double... prices) {
        for (double price : prices) {
            if (!(price >= 0) || Double.isInfinite(price)) {
                throw new IllegalArgumentException("a price has to be finite and not negative, not " + price);
            }
        }
    }

    /** Dollars to keep this many bytes for an hour. */
    public double storagePerHour(Tier tier, long bytes) {
        return bytes / BYTES_PER_GIGABYTE * of(tier).perGigabyteMonth() / HOURS_PER_MONTH;
    }

    /** Dollars for one access to a partition of this many bytes. */
    public double access(Tier tier, long bytes) {
        return of(tier).perAccess() + bytes / BYTES_PER_GIGABYTE * of(tier).perGigabyteRead();
    }

    /** Dollars for an hour with this many accesses. */
    public double hour(Tier tier, long bytes, double accesses) {
        return storagePerHour(tier, bytes) + accesses * access(tier, bytes);
    }

    /** Dollars to move this many bytes, without what a minimum storage duration costs besides. */
    public double move(Tier from, Tier to, long bytes) {
        return bytes / BYTES_PER_GIGABYTE * moves.of(from, to);
    }

    /** Dollars to move there and back. */
    public double roundTrip(Tier from, Tier to, long bytes) {
        return move(from, to, bytes) + move(to, from, bytes);
    }

    public Duration minimumStorage(Tier tier) {
        return of(tier).minimumStorage();
    }

    /** Dollars a month that a move gains for each byte of the partition; negative where it costs. */
    double gainPerByte(Tier from, Tier to, long bytes, Rate rate) {
        return (hour(from, bytes, rate.perHour()) - hour(to, bytes, rate.perHour()))
                * HOURS_PER_MONTH
                / Math.max(bytes, 1);
    }

    private TierPrices of(Tier tier) {
        return switch (tier) {
            case HOT -> hot;
            case WARM -> warm;
            case COLD -> cold;
        };
    }
}
