package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Decision.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds for every lake, whatever its partitions, heat and budgets are. */
class PlannerLawsTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final DatasetName ACTIVITY = new DatasetName("user_data", "activity");
    private static final Policy THRESHOLD = Policy.threshold(ThresholdSettings.DEFAULT);
    private static final long MIB = 1L << 20;

    @Property
    void everyPartitionGetsExactlyOneDecisionWithAReason(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets) {
        List<Decision> decisions = planner(policy, budgets).plan(lake, observation, NOW);
        assertThat(decisions)
                .extracting(Decision::partition)
                .containsExactlyInAnyOrderElementsOf(
                        lake.stream().map(PartitionFacts::partition).toList());
        assertThat(decisions)
                .allSatisfy(decision -> assertThat(decision.reason()).isNotBlank());
    }

    @Property
    void wantedIsDonePlusDeferred(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets) {
        Map<PartitionName, Decision> decisions = byName(planner(policy, budgets).plan(lake, observation, NOW));
        for (PartitionFacts facts : lake) {
            Heat heat = policy.heat(facts.accesses(), NOW);
            Wish wish = policy.decide(facts, heat, observation, NOW);
            Decision decision = decisions.get(facts.partition());
            if (wish.target().isPresent()) {
                assertThat(decision.outcome()).isIn(Outcome.MOVE, Outcome.DEFER);
            } else {
                // Only a served partition may have to yield its place.
                assertThat(decision.outcome() == Outcome.STAY || facts.placement() == Placement.HOT)
                        .isTrue();
            }
        }
    }

    @Property
    void theOrderOfTheFactsChangesNothing(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets,
            @ForAll long seed) {
        List<PartitionFacts> shuffled = new ArrayList<>(lake);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(planner(policy, budgets).plan(shuffled, observation, NOW))
                .isEqualTo(planner(policy, budgets).plan(lake, observation, NOW));
    }

    @Property
    void aPlanThatWasCarriedOutLeavesNothingToMove(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets) {
        Budgets spacious =
                new Budgets(budgets.hotSpace(), budgets.hotBytesPerFileByte(), Long.MAX_VALUE / 2, 1, budgets.recent());
        List<PartitionFacts> after = carryOut(planner(policy, spacious).plan(lake, observation, NOW), lake);
        assertThat(planner(policy, spacious).plan(after, observation, NOW))
                .noneMatch(decision -> decision.outcome() == Outcome.MOVE);
    }

    @Property
    void repeatedRunsComeToRestAndNeverGoBack(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets) {
        Map<PartitionName, List<Tier>> ways = new HashMap<>();
        List<PartitionFacts> current = lake;
        boolean moved = true;
        for (int run = 0; moved; run++) {
            assertThat(run).as("runs until rest").isLessThanOrEqualTo(3 * lake.size() + 1);
            List<Decision> decisions = planner(policy, budgets).plan(current, observation, NOW);
            moved = false;
            for (Decision decision : decisions) {
                if (decision.outcome() == Outcome.MOVE) {
                    moved = true;
                    ways.computeIfAbsent(decision.partition(), name -> new ArrayList<>())
                            .add(decision.to().orElseThrow());
                }
            }
            current = carryOut(decisions, current);
        }
        assertThat(ways.values()).allSatisfy(way -> assertThat(way).doesNotHaveDuplicates());
    }

    @Property
    void moreAccessesNeverMakeColder(
            @ForAll("policies") Policy policy,
            @ForAll("partitions") PartitionFacts facts,
            @ForAll("observations") Observation observation,
            @ForAll @IntRange(max = 2500) int age,
            @ForAll @LongRange(min = 1, max = 1000) long more) {
        Map<Long, Long> counts = new HashMap<>();
        for (int bucket = 0; bucket < facts.accesses().buckets(); bucket++) {
            counts.put(facts.accesses().hour(bucket), facts.accesses().count(bucket));
        }
        counts.merge(Accesses.hourOf(NOW) - age, more, Long::sum);
        PartitionFacts busier = withAccesses(facts, Accesses.of(counts));
        assertThat(warmth(policy, busier, observation)).isGreaterThanOrEqualTo(warmth(policy, facts, observation));
    }

    @Property
    void budgetsAreKept(
            @ForAll("policies") Policy policy,
            @ForAll("lakes") List<PartitionFacts> lake,
            @ForAll("observations") Observation observation,
            @ForAll("budgets") Budgets budgets) {
        List<Decision> decisions = planner(policy, budgets).plan(lake, observation, NOW);
        assertThat(decisions.stream().mapToLong(Decision::bytesToCopy).sum())
                .isLessThanOrEqualTo(budgets.bytesPerRun());
        long served = carryOut(decisions, lake).stream()
                .filter(facts -> facts.placement().isServed())
                .mapToLong(facts -> budgets.hotBytes(facts.bytes()))
                .sum();
        // Where a served partition's files were made cold from outside, leaving hot needs bytes of the run too.
        boolean leavingIsFree =
                lake.stream().noneMatch(facts -> facts.placement().isServed() && facts.files() != FileTier.WARM);
        if (leavingIsFree) {
            assertThat(served).isLessThanOrEqualTo(budgets.hotSpace());
        }
    }

    @Property
    void unobservedTimeDemotesNothing(@ForAll("policies") Policy policy, @ForAll("lakes") List<PartitionFacts> lake) {
        Budgets spacious = new Budgets(Long.MAX_VALUE / 2, 1, Long.MAX_VALUE / 2, 1, Duration.ofDays(7));
        for (Decision decision : planner(policy, spacious).plan(lake, Observation.NONE, NOW)) {
            boolean wasHot = decision.from().isServed();
            assertThat(decision.to()).isNotEqualTo(Optional.of(Tier.COLD));
            assertThat(wasHot && decision.to().equals(Optional.of(Tier.WARM))).isFalse();
        }
    }

    /** Adversarial bursts, a decision each hour, a year and a quarter of being observed. */
    @Property(tries = 100)
    void whatBecameHotStaysForADayAndWhatCameBackFromColdForFourWeeks(
            @ForAll("bursts") Map<Integer, Long> bursts, @ForAll boolean beginsCold) {
        Instant begin = NOW;
        Observation observation = new Observation(begin.minus(Duration.ofDays(365)), Instant.MAX);
        PartitionFacts facts = new PartitionFacts(
                PartitionName.of(ACTIVITY, "month", "2026-01"),
                beginsCold ? FileTier.COLD : FileTier.WARM,
                Serving.NOT_SERVED,
                64 * MIB,
                begin.minus(Duration.ofDays(200)),
                Optional.empty(),
                Accesses.NONE);
        Map<Long, Long> counts = new HashMap<>();
        Optional<Instant> becameHot = Optional.empty();
        Optional<Instant> cameBack = Optional.empty();
        for (int hour = 0; hour < 24 * 60; hour++) {
            Instant now = begin.plus(Duration.ofHours(hour));
            if (bursts.containsKey(hour)) {
                counts.put(Accesses.hourOf(now), bursts.get(hour));
            }
            facts = withAccesses(facts, Accesses.of(counts));
            Wish wish = THRESHOLD.decide(facts, THRESHOLD.heat(facts.accesses(), now), observation, now);
            if (wish.target().isEmpty()) {
                continue;
            }
            Tier target = wish.target().get();
            if (target == Tier.HOT) {
                becameHot = Optional.of(now);
            } else if (facts.placement() == Placement.HOT) {
                assertThat(becameHot.orElseThrow()).isBeforeOrEqualTo(now.minus(Duration.ofHours(24)));
            }
            if (facts.files() == FileTier.COLD) {
                cameBack = Optional.of(now);
            } else if (target == Tier.COLD && cameBack.isPresent()) {
                assertThat(cameBack.get()).isBeforeOrEqualTo(now.minus(Duration.ofDays(28)));
            }
            facts = movedTo(target, facts, now);
        }
    }

    @Provide
    static Arbitrary<Policy> policies() {
        return Arbitraries.of(
                THRESHOLD,
                Policy.age(AgeSettings.DEFAULT),
                Policy.cost(CostSettings.DEFAULT, Prices.REFERENCE),
                Policy.cost(new CostSettings(0, Duration.ofDays(28), Duration.ofDays(90), 1L << 20), Prices.REFERENCE),
                Policy.cost(new CostSettings(0.5, Duration.ofDays(7), Duration.ofDays(90), 1L << 20), Prices.REFERENCE),
                Policy.cost(new CostSettings(1, Duration.ofDays(28), Duration.ofDays(90), 1L << 20), Prices.REFERENCE));
    }

    @Provide
    static Arbitrary<Map<Integer, Long>> bursts() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, 24 * 60 - 1),
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(1, 4),
                                Arbitraries.longs().between(100, 500)))
                .ofMaxSize(40);
    }

    private static PartitionFacts withAccesses(PartitionFacts facts, Accesses accesses) {
        return new PartitionFacts(
                facts.partition(),
                facts.files(),
                facts.serving(),
                facts.bytes(),
                facts.lastWritten(),
                facts.lastMoved(),
                accesses);
    }

    private static Planner planner(Policy policy, Budgets budgets) {
        return new Planner(dataset -> policy, budgets, Prices.REFERENCE);
    }

    private static int warmth(Policy policy, PartitionFacts facts, Observation observation) {
        Wish wish = policy.decide(facts, policy.heat(facts.accesses(), NOW), observation, NOW);
        Placement current = facts.placement();
        return wish.target()
                .map(tier -> switch (tier) {
                    case HOT -> 3;
                    case WARM -> 2;
                    case COLD -> 0;
                })
                .orElse(
                        switch (current) {
                            case HOT, STALE -> 3;
                            case WARM, UNKNOWN -> 2;
                            case MIXED -> 1;
                            case COLD -> 0;
                        });
    }

    private static List<PartitionFacts> carryOut(List<Decision> decisions, List<PartitionFacts> lake) {
        Map<PartitionName, Decision> byName = byName(decisions);
        return lake.stream()
                .map(facts -> carryOut(byName.get(facts.partition()), facts))
                .toList();
    }

    private static PartitionFacts carryOut(Decision decision, PartitionFacts facts) {
        if (decision.outcome() != Outcome.MOVE) {
            return facts;
        }
        return movedTo(decision.to().orElseThrow(), facts, NOW);
    }

    private static PartitionFacts movedTo(Tier target, PartitionFacts facts, Instant now) {
        FileTier files = target == Tier.COLD ? FileTier.COLD : FileTier.WARM;
        return new PartitionFacts(
                facts.partition(),
                files,
                target == Tier.HOT ? Serving.CURRENT : Serving.NOT_SERVED,
                facts.bytes(),
                facts.lastWritten(),
                files == facts.files() ? facts.lastMoved() : Optional.of(now),
                facts.accesses());
    }

    private static Map<PartitionName, Decision> byName(List<Decision> decisions) {
        return decisions.stream().collect(Collectors.toMap(Decision::partition, Function.identity()));
    }

    @Provide
    static Arbitrary<List<PartitionFacts>> lakes() {
        return partitions().list().ofMaxSize(12).map(PlannerLawsTest::numbered);
    }

    private static List<PartitionFacts> numbered(List<PartitionFacts> facts) {
        List<PartitionFacts> named = new ArrayList<>();
        for (int number = 0; number < facts.size(); number++) {
            PartitionFacts one = facts.get(number);
            named.add(new PartitionFacts(
                    PartitionName.of(ACTIVITY, "month", "%04d-%02d".formatted(2010 + number / 12, number % 12 + 1)),
                    one.files(),
                    one.serving(),
                    one.bytes(),
                    one.lastWritten(),
                    one.lastMoved(),
                    one.accesses()));
        }
        return named;
    }

    @Provide
    static Arbitrary<PartitionFacts> partitions() {
        Arbitrary<Instant> past =
                Arbitraries.integers().between(-10, 5000).map(hours -> NOW.minus(Duration.ofHours(hours)));
        return Combinators.combine(
                        Arbitraries.of(FileTier.class),
                        Arbitraries.of(Serving.class),
                        Arbitraries.longs().between(0, 64 * MIB),
                        past,
                        past.optional(),
                        accesses())
                .as((files, serving, bytes, written, moved, accesses) -> new PartitionFacts(
                        PartitionName.of(ACTIVITY, "month", "2026-01"),
                        files,
                        serving,
                        bytes,
                        written,
                        moved,
                        accesses));
    }

    private static Arbitrary<Accesses> accesses() {
        // Where the thresholds lie: a few accesses in 90 d, a few in 72 h, hundreds in 24 h.
        Arbitrary<Long> ages = Arbitraries.oneOf(
                Arbitraries.longs().between(-2, 24),
                Arbitraries.longs().between(0, 80),
                Arbitraries.longs().between(0, 2300));
        Arbitrary<Long> counts = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 3), Arbitraries.longs().between(50, 400));
        return Arbitraries.maps(ages.map(age -> Accesses.hourOf(NOW) - age), counts)
                .ofMaxSize(6)
                .map(Accesses::of);
    }

    @Provide
    static Arbitrary<Observation> observations() {
        return Combinators.combine(Arbitraries.of(0, 23, 24, 30 * 24, 90 * 24, 400 * 24), Arbitraries.of(-1, 0, 1, 3))
                .as((since, through) ->
                        new Observation(NOW.minus(Duration.ofHours(since)), NOW.minus(Duration.ofHours(through))));
    }

    @Provide
    static Arbitrary<Budgets> budgets() {
        Arbitrary<Long> sizes =
                Arbitraries.oneOf(Arbitraries.longs().between(0, 256 * MIB), Arbitraries.just(Long.MAX_VALUE / 4));
        return Combinators.combine(sizes, sizes, Arbitraries.of(1.0, 4.0), Arbitraries.of(0, 7, 60))
                .as((hotSpace, bytes, factor, recent) ->
                        new Budgets(hotSpace, factor, bytes, 2, Duration.ofDays(recent)));
    }
}
