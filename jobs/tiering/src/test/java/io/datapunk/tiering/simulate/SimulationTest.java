package io.datapunk.tiering.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.AgeSettings;
import io.datapunk.tiering.policy.Budgets;
import io.datapunk.tiering.policy.CostSettings;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.Prices;
import io.datapunk.tiering.policy.ThresholdSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Prices PRICES = Prices.REFERENCE;

    @Test
    void byHandAllHotPaysOneWarmHourAndAMove() {
        Simulation.Report report = new Simulation(
                        SyntheticTraces.of(3, 0, 5), PRICES, Duration.ofHours(3), OptionalLong.empty())
                .run(Map.of());
        double expected = 0.023 / 730 + 3 * 0.0008 + 0.005 + 2 * 0.25 / 730 + 5 * 0.00001;
        assertThat(score(report, "all-hot").dollars()).isCloseTo(expected, within(1e-12));
        assertThat(score(report, "all-hot").movedOverStored()).isEqualTo(1);
        assertThat(score(report, "all-warm").dollars()).isCloseTo(3 * 0.023 / 730 + 8 * 0.0008, within(1e-12));
        assertThat(score(report, "all-cold").coldShare()).isCloseTo(5.0 / 8, within(1e-12));
        assertThat(report.optimumDollars()).isCloseTo(3 * 0.023 / 730 + 8 * 0.0008, within(1e-12));
    }

    @Test
    void aMoveThatIsUndoneWithinADayIsAReversal() {
        Trace trace = SyntheticTraces.of(new long[48]);
        Tier[] plan = new Tier[48];
        Arrays.fill(plan, Tier.WARM);
        Arrays.fill(plan, 5, 10, Tier.HOT);
        Arrays.fill(plan, 20, 47, Tier.COLD);
        Replay.Course course = new Replay(trace, PRICES, 48).run(new Contender() {
            private int hour;

            @Override
            public String name() {
                return "scripted";
            }

            @Override
            public Tier[] next(long now, Tier[] current) {
                return new Tier[] {plan[++hour]};
            }
        });
        assertThat(course.moves()).isEqualTo(4);
        assertThat(course.reversalsInDay()).isEqualTo(1);
        assertThat(course.reversalsInWeek()).isEqualTo(2);
    }

    @Property(tries = 10)
    void everyCourseCostsAtLeastTheOptimumAndServesEveryAccess(@ForAll @IntRange(max = 10_000) int seed) {
        Trace trace = SyntheticTraces.mixed(seed, 8, 21);
        Replay replay = new Replay(trace, PRICES, 7 * 24);
        long accesses = replay.accesses().stream()
                .mapToLong(counts -> Arrays.stream(counts).sum())
                .sum();
        Budgets budgets = new Budgets(Long.MAX_VALUE / 4, 1, Long.MAX_VALUE / 4, 1, Duration.ZERO);
        for (Map.Entry<String, Policy> policy : policies().entrySet()) {
            Replay.Course course =
                    replay.run(new PlannedContender(policy.getKey(), policy.getValue(), PRICES, budgets, trace));
            assertThat(Arrays.stream(course.accesses()).sum()).isEqualTo(accesses);
            for (int i = 0; i < trace.partitions().size(); i++) {
                assertThat(course.cost()[i])
                        .as("%s of partition %d", policy.getKey(), i)
                        .isGreaterThanOrEqualTo(new OfflineOptimum(PRICES, SyntheticTraces.GB)
                                        .cost(replay.accesses().get(i))
                                - 1e-9);
            }
        }
    }

    @Property(tries = 5)
    void withLimitedHotSpacePoliciesKeepWithinItAndAboveTheBound(@ForAll @IntRange(max = 10_000) int seed) {
        Trace trace = SyntheticTraces.mixed(seed, 12, 21);
        Simulation.Report report = new Simulation(
                        trace, PRICES, Duration.ofDays(7), OptionalLong.of(2 * SyntheticTraces.GB))
                .run(policies());
        assertThat(report.boundDollars()).isGreaterThanOrEqualTo(report.optimumDollars());
        for (Score score : report.scores()) {
            if (!score.policy().equals("all-hot")) {
                assertThat(score.fits()).as(score.policy()).isTrue();
            }
            if (score.fits()) {
                assertThat(score.overOptimum()).as(score.policy()).isGreaterThanOrEqualTo(1 - 1e-9);
            }
        }
    }

    /**
     * The bound of the cost policy between two tiers, whatever the forecast says: {@code 1 + 1/λ + 1/λ²} of the optimum, and
     * what one more hour and the first round trip can add.
     */
    @Property(tries = 30)
    void theCostPolicyIsCompetitiveOnAdversarialSequences(
            @ForAll @Size(30) List<@IntRange(min = 1, max = 60) Integer> phases,
            @ForAll @IntRange(min = 1, max = 4) int perHour) {
        // Cold is priced out, so that two tiers remain.
        Prices two =
                new Prices(PRICES.hot(), PRICES.warm(), new Prices.TierPrices(10, 1, 0, Duration.ZERO), PRICES.moves());
        long[] counts = new long[phases.stream().mapToInt(Integer::intValue).sum() + 1];
        int hour = 0;
        for (int phase = 0; phase < phases.size(); phase++) {
            Arrays.fill(counts, hour, hour + phases.get(phase), phase % 2 == 0 ? perHour : 0);
            hour += phases.get(phase);
        }
        Trace trace = SyntheticTraces.of(counts);
        for (double caution : new double[] {0.25, 0.5, 1}) {
            Policy policy = Policy.cost(new CostSettings(caution, Duration.ofDays(28), Duration.ofDays(90), 0), two);
            Budgets budgets = new Budgets(Long.MAX_VALUE / 4, 1, Long.MAX_VALUE / 4, 1, Duration.ZERO);
            double cost = new Replay(trace, two, counts.length)
                    .run(new PlannedContender("cost", policy, two, budgets, trace))
                    .total();
            double optimum = new OfflineOptimum(two, SyntheticTraces.GB).cost(counts);
            double bound = (1 + 1 / caution + 1 / (caution * caution)) * optimum;
            double roundTrip = 0.006;
            assertThat(cost).as("λ = %s", caution).isLessThanOrEqualTo(bound + 3 * roundTrip / caution);
        }
    }

    @Test
    void aTraceThatIsShorterThanTheHoldOutIsRefused() {
        assertThatThrownBy(() ->
                        new Simulation(SyntheticTraces.of(1, 2, 3), PRICES, Duration.ofDays(28), OptionalLong.empty()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("cannot be replayed for 672 h");
    }

    private static Map<String, Policy> policies() {
        Map<String, Policy> policies = new LinkedHashMap<>();
        policies.put("threshold", Policy.threshold(ThresholdSettings.DEFAULT));
        policies.put("age", Policy.age(AgeSettings.DEFAULT));
        policies.put("cost", Policy.cost(CostSettings.DEFAULT, PRICES));
        policies.put(
                "cautious", Policy.cost(new CostSettings(0.5, Duration.ofDays(28), Duration.ofDays(90), 0), PRICES));
        return policies;
    }

    private static Score score(Simulation.Report report, String policy) {
        return report.scores().stream()
                .filter(score -> score.policy().equals(policy))
                .findFirst()
                .orElseThrow();
    }
}
