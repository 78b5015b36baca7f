package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.AgeSettings;
import io.datapunk.tiering.policy.Budgets;
import io.datapunk.tiering.policy.CostSettings;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.Prices;
import io.datapunk.tiering.policy.forecast.Backtest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Policies and baselines side by side on one trace. Pure. */
public final class Simulation {
    private static final int HOURS_PER_DAY = 24;
    private static final int BACKTESTED_DAYS = 28;
    private static final double NEVER_LESS_THAN = 1e-12;

    private final Trace trace;
    private final Prices prices;
    private final OptionalLong hotSpace;
    private final Replay replay;
    private final int hours;

    /**
     * @param holdOut how much of the trace's end is replayed; what lies before is known to the policies
     * @param hotSpace bytes; empty for as much as there is
     * @throws LakeException (usage) where the trace is not longer than what is held out
     */
    public Simulation(Trace trace, Prices prices, Duration holdOut, OptionalLong hotSpace) {
        this.trace = trace;
        this.prices = prices;
        this.hotSpace = hotSpace;
        this.hours = (int) holdOut.toHours();
        if (hours < 2 || hours > trace.hours()) {
            throw LakeException.usage(
                    "the trace cannot be replayed for " + holdOut.toHours() + " h",
                    "it is " + trace.hours() + " h long",
                    "give --hold-out from 2h to " + trace.hours() + "h, or leave it out to replay all of it");
        }
        this.replay = new Replay(trace, prices, hours);
    }

    /**
     * The result of a simulation.
     *
     * @param from the first hour that was replayed
     * @param optimumDollars Σ of the partitions' own optima, hot space without a limit
     * @param boundDollars the lower bound that costs are divided by: the optimum, or with limited hot space the dual
     * @param forecastErrors of all accesses together, a day ahead over the last four weeks, as MASE by forecaster; empty
     *     where the trace is too short
     */
    public record Report(
            Instant from,
            int hours,
            int partitions,
            long accesses,
            double optimumDollars,
            double boundDollars,
            List<Score> scores,
            Map<String, Double> forecastErrors) {
        public Report {
            forecastErrors = Collections.unmodifiableMap(new LinkedHashMap<>(forecastErrors));
            scores = List.copyOf(scores);
        }
    }

    /** @param policies by what they are called in the report */
    public Report run(Map<String, Policy> policies) {
        long space = hotSpace.orElse(Long.MAX_VALUE / 4);
        List<Contender> contenders = new ArrayList<>();
        policies.forEach((name, policy) -> contenders.add(planned(name, policy, space)));
        Policy breakEven = Policy.cost(new CostSettings(1, Duration.ofDays(28), Duration.ofDays(90), 0), prices);
        Map<String, Contender> baselines = new LinkedHashMap<>();
        baselines.put("break-even", planned("break-even", breakEven, space));
        baselines.put("lru", new LeastRecentlyUsed(trace, space));
        baselines.put("age", planned("age", Policy.age(AgeSettings.DEFAULT), space));
        int count = trace.partitions().size();
        baselines.put("best-static", StaticChoice.best(prices, trace.partitions(), replay.accesses(), space));
        for (Tier tier : Tier.values()) {
            StaticChoice all = StaticChoice.all(tier, count);
            baselines.put(all.name(), all);
        }
        policies.keySet().forEach(baselines::remove);
        contenders.addAll(baselines.values());
        Map<String, Replay.Course> courses = new LinkedHashMap<>();
        contenders.forEach(contender -> courses.put(contender.name(), replay.run(contender)));
        return report(courses, space);
    }

    private Contender planned(String name, Policy policy, long space) {
        Budgets budgets = new Budgets(space, 1, Long.MAX_VALUE / 4, 1, Duration.ZERO);
        return new PlannedContender(name, policy, prices, budgets, trace);
    }

    private Report report(Map<String, Replay.Course> courses, long space) {
        double[] optima = new double[trace.partitions().size()];
        for (int i = 0; i < optima.length; i++) {
            optima[i] = new OfflineOptimum(prices, trace.partitions().get(i).bytes())
                    .cost(replay.accesses().get(i));
        }
        double optimum = Arrays.stream(optima).sum();
        double bound = optimum;
        if (hotSpace.isPresent()) {
            double feasible = courses.values().stream()
                    .filter(course -> course.mostHotBytes() <= space)
                    .mapToDouble(Replay.Course::total)
                    .min()
                    .orElseThrow();
            bound = Math.max(
                    bound, new HotSpaceBound(prices, space).dollars(trace.partitions(), replay.accesses(), feasible));
        }
        double lowerBound = bound;
        long accesses = replay.accesses().stream()
                .mapToLong(counts -> Arrays.stream(counts).sum())
                .sum();
        return new Report(
                Accesses.beginOf(trace.firstHour() + trace.hours() - hours),
                hours,
                optima.length,
                accesses,
                optimum,
                lowerBound,
                courses.values().stream()
                        .map(course -> score(course, courses, optima, lowerBound, accesses, space))
                        .toList(),
                forecastErrors());
    }

    private Map<String, Double> forecastErrors() {
        double[] total = new double[trace.hours()];
        for (Trace.Partition partition : trace.partitions()) {
            long[] own = partition.byHour(trace.firstHour(), trace.hours());
            for (int hour = 0; hour < own.length; hour++) {
                total[hour] += own[hour];
            }
        }
        return new Backtest(HOURS_PER_DAY, BACKTESTED_DAYS).run(total, Backtest.CANDIDATES);
    }

    private Score score(
            Replay.Course course,
            Map<String, Replay.Course> courses,
            double[] optima,
            double bound,
            long accesses,
            long space) {
        double[] ratios = new double[optima.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = course.cost()[i] / Math.max(optima[i], NEVER_LESS_THAN);
        }
        Arrays.sort(ratios);
        double thousandPartitionDays = optima.length * (hours / 24.0) / 1000;
        return new Score(
                course.name(),
                course.total(),
                course.total() / Math.max(bound, NEVER_LESS_THAN),
                Arrays.stream(ratios).average().orElse(1),
                ratios.length == 0 ? 1 : ratios[(int) Math.ceil(ratios.length * 0.95) - 1],
                saved(course, courses.get("all-hot")),
                saved(course, courses.get("all-warm")),
                saved(course, courses.get("all-cold")),
                saved(course, courses.get("best-static")),
                saved(course, courses.get("break-even")),
                saved(course, courses.get("lru")),
                saved(course, courses.get("age")),
                (double) course.bytesMoved() / Math.max(1, trace.bytes()),
                course.moves(),
                course.reversalsInDay() / thousandPartitionDays,
                course.reversalsInWeek() / thousandPartitionDays,
                (double) course.accesses()[Tier.COLD.ordinal()] / Math.max(1, accesses),
                course.mostHotBytes() <= space);
    }

    private static double saved(Replay.Course course, Replay.Course baseline) {
        return 1 - course.total() / Math.max(baseline.total(), NEVER_LESS_THAN);
    }
}
