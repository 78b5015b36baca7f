package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.tiering.policy.AgeSettings;
import io.datapunk.tiering.policy.Budgets;
import io.datapunk.tiering.policy.CostSettings;
import io.datapunk.tiering.policy.HeatWindow;
import io.datapunk.tiering.policy.HeatWindows;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.Prices;
import io.datapunk.tiering.policy.Rate;
import io.datapunk.tiering.policy.ThresholdSettings;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration, as policies and budgets. */
public final class TieringRules {
    private final Policy general;
    private final Map<DatasetName, Policy> overrides;
    private final Budgets budgets;
    private final Prices prices;
    private final Duration longestWindow;

    private TieringRules(
            Policy general,
            Map<DatasetName, Policy> overrides,
            Budgets budgets,
            Prices prices,
            Duration longestWindow) {
        this.general = general;
        this.overrides = overrides;
        this.budgets = budgets;
        this.prices = prices;
        this.longestWindow = longestWindow;
    }

    public static TieringRules of(LakeConfig config) {
        TieringConfig general = config.tiering();
        Duration longest = Stream.concat(Stream.of(general), config.datasets().values().stream())
                .map(TieringRules::longestWindow)
                .max(Duration::compareTo)
                .orElseThrow();
        return new TieringRules(
                policy(general),
                config.datasets().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> policy(entry.getValue()))),
                new Budgets(
                        general.budget().hotBytes(),
                        general.budget().hotBytesPerFileByte(),
                        general.budget().movedBytesPerRun(),
                        general.budget().concurrent(),
                        general.hot().recent()),
                prices(general.prices()),
                longest);
    }

    private static Duration longestWindow(TieringConfig config) {
        return Stream.of(
                        config.hot().window(),
                        config.hot().idleAge(),
                        config.warm().window(),
                        config.cold().window(),
                        config.cold().minimumAge(),
                        config.cost().horizon())
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private static Policy policy(TieringConfig config) {
        return policy(config.policy(), config);
    }

    /**
     * A policy with the numbers of a configuration.
     *
     * @param name {@code threshold}, {@code age} or {@code cost}
     * @throws LakeException (usage) where there is no such policy
     */
    public static Policy policy(String name, TieringConfig config) {
        HeatWindows windows = new HeatWindows(
                new HeatWindow(config.hot().window(), config.hot().hourlyDecay(), Duration.ofHours(1)),
                new HeatWindow(config.warm().window(), config.warm().dailyDecay(), Duration.ofDays(1)),
                new HeatWindow(config.cold().window(), 1, Duration.ofHours(1)));
        return switch (name) {
            case "threshold" ->
                Policy.threshold(new ThresholdSettings(
                        windows,
                        Rate.perHour(config.hot().enterAbove().perHour()),
                        Rate.perHour(config.hot().leaveBelow().perHour()),
                        Rate.perHour(config.cold().enterBelow().perHour()),
                        Rate.perHour(config.cold().leaveAbove().perHour()),
                        config.cold().minimumAge(),
                        config.minimumResidence(),
                        config.hot().idleAge(),
                        config.minimumBytes()));
            case "age" ->
                Policy.age(new AgeSettings(
                        windows, config.hot().idleAge(), config.cold().minimumAge(), config.minimumBytes()));
            case "cost" ->
                Policy.cost(
                        new CostSettings(
                                config.cost().caution(),
                                config.cost().horizon(),
                                longestWindow(config),
                                config.minimumBytes()),
                        prices(config.prices()));
            default ->
                throw LakeException.usage(
                        "there is no policy '" + name + "'",
                        "the policies are threshold, age, cost",
                        "name one of them, or several with a comma between");
        };
    }

    /** The prices of a configuration. */
    public static Prices prices(TieringConfig.Prices config) {
        return new Prices(
                prices(config.hot()),
                prices(config.warm()),
                prices(config.cold()),
                new Prices.MovePrices(
                        config.move().warmToHot(),
                        config.move().hotToWarm(),
                        config.move().warmToCold(),
                        config.move().coldToWarm(),
                        config.move().hotToCold(),
                        config.move().coldToHot()));
    }

    private static Prices.TierPrices prices(TieringConfig.TierPrices config) {
        return new Prices.TierPrices(config.storage(), config.access(), config.read(), config.minimumStorage());
    }

    /** By which moves are ranked. */
    public Prices prices() {
        return prices;
    }

    public Function<DatasetName, Policy> policies() {
        return dataset -> overrides.getOrDefault(dataset, general);
    }

    public Budgets budgets() {
        return budgets;
    }

    public String name() {
        return general.name();
    }

    /** How far back accesses have to be known: what {@code lake heat} keeps in its summary. */
    public Duration longestWindow() {
        return longestWindow;
    }

    @Override
    public String toString() {
        return general + "; " + budgets;
    }
}
