package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.tiering.policy.Budgets;
import io.datapunk.tiering.policy.HeatWindow;
import io.datapunk.tiering.policy.HeatWindows;
import io.datapunk.tiering.policy.Policy;
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
    private final Duration longestWindow;

    private TieringRules(Policy general, Map<DatasetName, Policy> overrides, Budgets budgets, Duration longestWindow) {
        this.general = general;
        this.overrides = overrides;
        this.budgets = budgets;
        this.longestWindow = longestWindow;
    }

    public static TieringRules of(LakeConfig config) {
        TieringConfig general = config.tiering();
        Duration longest = Stream.concat(Stream.of(general), config.datasets().values().stream())
                .flatMap(tiering -> Stream.of(
                        tiering.hot().window(),
                        tiering.hot().idleAge(),
                        tiering.warm().window(),
                        tiering.cold().window(),
                        tiering.cold().minimumAge()))
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
                longest);
    }

    private static Policy policy(TieringConfig config) {
        return Policy.threshold(new ThresholdSettings(
                new HeatWindows(
                        new HeatWindow(config.hot().window(), config.hot().hourlyDecay(), Duration.ofHours(1)),
                        new HeatWindow(config.warm().window(), config.warm().dailyDecay(), Duration.ofDays(1)),
                        new HeatWindow(config.cold().window(), 1, Duration.ofHours(1))),
                Rate.perHour(config.hot().enterAbove().perHour()),
                Rate.perHour(config.hot().leaveBelow().perHour()),
                Rate.perHour(config.cold().enterBelow().perHour()),
                Rate.perHour(config.cold().leaveAbove().perHour()),
                config.cold().minimumAge(),
                config.minimumResidence(),
                config.hot().idleAge(),
                config.minimumBytes()));
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
