package io.datapunk.lake.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * When a partition moves, and how.
 *
 * @param policy the rule that decides: {@code threshold}, {@code age} or {@code cost}
 * @param minimumBytes size below which a partition stays warm
 * @param minimumResidence time since its files moved before which a partition does not go cold
 * @param grace time that a retired copy stays for readers that still use it
 */
public record TieringConfig(
        String policy,
        long minimumBytes,
        Duration minimumResidence,
        Duration grace,
        Hot hot,
        Warm warm,
        Cold cold,
        Cost cost,
        Prices prices,
        Budget budget)
        implements Serializable {
    /**
     * PostgreSQL.
     *
     * @param window time over which heat is measured, in whole hours
     * @param hourlyDecay weight of an hour relative to the next newer one
     * @param enterAbove rate at or above which a partition becomes hot
     * @param leaveBelow rate below which it leaves
     * @param idleAge time without any access after which it leaves in any case
     * @param recent age of a write up to which a partition ranks first for hot space
     * @param writes whether applications may write the table in PostgreSQL
     * @param monthsAhead how many months ahead such a table has a place for
     * @param splitAbove bytes of a partition's files above which its copy is split by user; 0: never
     * @param indexes what a served copy gets beside its key and the index by user and time
     */
    public record Hot(
            Duration window,
            double hourlyDecay,
            Rate enterAbove,
            Rate leaveBelow,
            Duration idleAge,
            Duration recent,
            boolean writes,
            int monthsAhead,
            long splitAbove,
            List<HotIndex> indexes)
            implements Serializable {
        private static Hot read(ConfigReader reader) {
            Hot hot = new Hot(
                    reader.hours("window"),
                    reader.fraction("hourly-decay"),
                    reader.rate("enter-above"),
                    reader.rate("leave-below"),
                    reader.duration("idle-age"),
                    reader.duration("recent"),
                    reader.flag("writes"),
                    reader.integer("months-ahead", 1, 24),
                    reader.bytes("split-above", 0, Long.MAX_VALUE),
                    reader.groups("indexes", HotIndex.ALLOWED, HotIndex::parse));
            reader.require(
                    hot.leaveBelow.perHour() < hot.enterAbove.perHour(),
                    "leave-below",
                    "a rate below enter-above (" + hot.enterAbove + "), or partitions flap",
                    "enter-above");
            return hot;
        }
    }

    /**
     * Delta files as lz4_raw Parquet.
     *
     * @param window time over which heat is measured for the way back from cold
     * @param dailyDecay weight of a day relative to the next newer one
     * @param rowGroupBytes size of a row group
     * @param sortedBy columns by which rows lie within files before those that the table's definition names
     */
    public record Warm(Duration window, double dailyDecay, long rowGroupBytes, List<String> sortedBy)
            implements Serializable {
        public Warm {
            sortedBy = List.copyOf(sortedBy);
        }

        private static Warm read(ConfigReader reader) {
            return new Warm(
                    reader.hours("window"),
                    reader.fraction("daily-decay"),
                    reader.bytes("row-group", 1L << 20, 1L << 30),
                    reader.texts("sorted-by"));
        }
    }

    /**
     * Delta files as zstd Parquet under {@code cold/}.
     *
     * @param window time over which accesses are counted, without decay
     * @param enterBelow rate below which a partition goes cold
     * @param leaveAbove rate over the warm window at or above which it comes back
     * @param minimumAge time since the last write before which a partition does not go cold
     * @param level zstd level, 1 to 22
     * @param fileBytes size that files are written to
     * @param dictionaryBytes limit of a column chunk's dictionary page
     * @param category the compliance category whose folder the files lie in
     * @param encrypted whether files are encrypted
     * @param masterKey the name of the key that protects the keys of these files
     */
    public record Cold(
            Duration window,
            Rate enterBelow,
            Rate leaveAbove,
            Duration minimumAge,
            int level,
            long fileBytes,
            long dictionaryBytes,
            String category,
            boolean encrypted,
            String masterKey)
            implements Serializable {
        private static final Pattern CATEGORY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

        private static Cold read(ConfigReader reader) {
            Cold cold = new Cold(
                    reader.hours("window"),
                    reader.rate("enter-below"),
                    reader.rate("leave-above"),
                    reader.duration("minimum-age"),
                    reader.integer("level", 1, 22),
                    reader.bytes("file-size", 1L << 20, 1L << 40),
                    reader.bytes("dictionary", 1L << 10, 1L << 30),
                    reader.text("category"),
                    reader.flag("encrypted"),
                    reader.text("master-key"));
            reader.require(
                    CATEGORY.matcher(cold.category).matches(),
                    "category",
                    "the name of a folder: small letters, digits and -, as gdpr or hipaa");
            reader.require(
                    cold.enterBelow.perHour() < cold.leaveAbove.perHour(),
                    "enter-below",
                    "a rate below leave-above (" + cold.leaveAbove + "), or partitions flap",
                    "leave-above");
            return cold;
        }
    }

    /**
     * How the cost policy decides.
     *
     * @param caution from 0 (trusts the forecast alone) to 1 (ignores it)
     * @param horizon how far the forecast looks, in whole hours
     */
    public record Cost(double caution, Duration horizon) implements Serializable {
        private static Cost read(ConfigReader reader) {
            return new Cost(reader.share("caution"), reader.hours("horizon"));
        }
    }

    /** What tiers and moves cost, in dollars. */
    public record Prices(TierPrices hot, TierPrices warm, TierPrices cold, MovePrices move) implements Serializable {
        private static Prices read(ConfigReader reader) {
            return new Prices(
                    TierPrices.read(reader.at("hot")),
                    TierPrices.read(reader.at("warm")),
                    TierPrices.read(reader.at("cold")),
                    MovePrices.read(reader.at("move")));
        }
    }

    /**
     * What one tier costs, in dollars.
     *
     * @param storage for a GB (10^9 bytes) and month (730 h)
     * @param access for one access
     * @param read for each GB that an access retrieves
     * @param minimumStorage time that is paid for in any case
     */
    public record TierPrices(double storage, double access, double read, Duration minimumStorage)
            implements Serializable {
        private static TierPrices read(ConfigReader reader) {
            return new TierPrices(
                    reader.amount("storage"),
                    reader.amount("access"),
                    reader.amount("read"),
                    reader.wholeHours("minimum-storage"));
        }
    }

    /** What moving a GB (10^9 bytes) costs, in dollars. */
    public record MovePrices(
            double warmToHot,
            double hotToWarm,
            double warmToCold,
            double coldToWarm,
            double hotToCold,
            double coldToHot)
            implements Serializable {
        private static MovePrices read(ConfigReader reader) {
            return new MovePrices(
                    reader.amount("warm-to-hot"),
                    reader.amount("hot-to-warm"),
                    reader.amount("warm-to-cold"),
                    reader.amount("cold-to-warm"),
                    reader.amount("hot-to-cold"),
                    reader.amount("cold-to-hot"));
        }
    }

    /**
     * What one lake, or one run, may use.
     *
     * @param hotBytes size of all hot partitions together
     * @param hotBytesPerFileByte size that a partition takes in PostgreSQL, indexes included, relative to its files
     * @param movedBytesPerRun bytes that one run moves
     * @param concurrent moves under way at once
     */
    public record Budget(long hotBytes, double hotBytesPerFileByte, long movedBytesPerRun, int concurrent)
            implements Serializable {
        private static Budget read(ConfigReader reader) {
            return new Budget(
                    reader.bytes("hot", 0, Long.MAX_VALUE),
                    reader.factor("hot-bytes-per-file-byte"),
                    reader.bytes("moved-per-run", 0, Long.MAX_VALUE),
                    reader.integer("concurrent", 1, 64));
        }
    }

    /** The same with other room for hot partitions, in bytes. */
    TieringConfig withHotSpace(long bytes) {
        return new TieringConfig(
                policy,
                minimumBytes,
                minimumResidence,
                grace,
                hot,
                warm,
                cold,
                cost,
                prices,
                new Budget(bytes, budget.hotBytesPerFileByte, budget.movedBytesPerRun, budget.concurrent));
    }

    static TieringConfig read(ConfigReader reader) {
        TieringConfig config = new TieringConfig(
                reader.choice("policy", "threshold", "age", "cost"),
                reader.bytes("minimum-size", 0, Long.MAX_VALUE),
                reader.duration("minimum-residence"),
                reader.duration("grace"),
                Hot.read(reader.at("hot")),
                Warm.read(reader.at("warm")),
                Cold.read(reader.at("cold")),
                Cost.read(reader.at("cost")),
                Prices.read(reader.at("prices")),
                Budget.read(reader.at("budget")));
        reader.require(
                !config.policy.equals("age") || config.hot.idleAge().compareTo(config.cold.minimumAge()) < 0,
                "cold.minimum-age",
                "a time above hot.idle-age (" + config.hot.idleAge().toHours() + " h) where the policy is age",
                "hot.idle-age");
        return config;
    }
}
