package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CostPolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final Observation SEEN = new Observation(NOW.minus(Duration.ofDays(100)), NOW);
    private static final long GB = 1_000_000_000;
    private static final Policy TRUSTING = Policy.cost(CostSettings.DEFAULT, Prices.REFERENCE);
    private static final Policy BREAK_EVEN =
            Policy.cost(new CostSettings(1, Duration.ofDays(28), Duration.ofDays(90), 0), Prices.REFERENCE);

    @Test
    void byHandAFewAccessesAnHourArePayingForHot() {
        Wish wish = decide(TRUSTING, FileTier.WARM, Serving.NOT_SERVED, steady(2, 90 * 24));
        // 672 h of 2 accesses at $0.00079 less, and $0.000311 of storage more: $0.853.
        assertThat(wish)
                .isEqualTo(Wish.move(
                        Tier.HOT,
                        "expects 2/h over 28 d: hot saves $0.853 against warm for $0.00500 to move 953.7 MiB"));
    }

    @Test
    void byHandSilenceForWeeksPaysForCold() {
        Wish wish = decide(TRUSTING, FileTier.WARM, Serving.NOT_SERVED, Accesses.NONE);
        // 672 h of $0.019 / 730.
        assertThat(wish)
                .isEqualTo(Wish.move(
                        Tier.COLD,
                        "expects 0/week over 28 d: cold saves $0.0175 against warm for $0.0100 to move 953.7 MiB"));
    }

    @Test
    void oneAccessADayKeepsWarm() {
        Map<Long, Long> daily = new HashMap<>();
        for (int day = 0; day < 100; day++) {
            daily.put(Accesses.hourOf(NOW) - day * 24L, 1L);
        }
        Wish wish = decide(TRUSTING, FileTier.WARM, Serving.NOT_SERVED, Accesses.of(daily));
        assertThat(wish.target()).isEmpty();
        assertThat(wish.reason()).isEqualTo("expects 1/day: no move from warm pays");
    }

    @Test
    void silenceThatWasNotObservedLongEnoughDemotesNothing() {
        Observation sinceYesterday = new Observation(NOW.minus(Duration.ofDays(1)), NOW);
        PartitionFacts facts = facts(FileTier.WARM, Serving.NOT_SERVED, Accesses.NONE);
        Policy learned = TRUSTING.learn(List.of(facts), sinceYesterday, NOW);
        Wish wish = learned.decide(facts, learned.heat(facts.accesses(), NOW), sinceYesterday, NOW);
        assertThat(wish.target()).isEmpty();
        assertThat(wish.reason()).contains("but observed for 24 h of the 16 d that this needs");
    }

    @Test
    void byHandBreakEvenWaitsUntilStayingHasCostARoundTrip() {
        // Hot costs $0.000311 an hour more than warm; there and back costs $0.006, so 20 idle hours.
        assertThat(decide(BREAK_EVEN, FileTier.WARM, Serving.CURRENT, busyUntil(19))
                        .target())
                .isEmpty();
        Wish wish = decide(BREAK_EVEN, FileTier.WARM, Serving.CURRENT, busyUntil(20));
        assertThat(wish)
                .isEqualTo(Wish.move(
                        Tier.WARM,
                        "hot cost $0.00600 more than warm would have, and there and back costs $0.00600:"
                                + " whatever is expected"));
    }

    @Test
    void aFamilyTellsWhatBecomesOfPartitionsLikeThisOne() {
        // Twenty that were busy for a week and then never again: the next one's week is no promise.
        List<PartitionFacts> family = new ArrayList<>();
        long first = Accesses.hourOf(SEEN.since());
        for (int number = 0; number < 20; number++) {
            Map<Long, Long> week = new HashMap<>();
            for (long hour = first + number * 24; hour < first + number * 24 + 168; hour++) {
                week.put(hour, 4L);
            }
            family.add(facts(FileTier.WARM, Serving.NOT_SERVED, Accesses.of(week)));
        }
        FamilyForecast learned = FamilyForecast.learn(family, first, Duration.ofDays(28), NOW);
        Accesses fresh = steady(4, 168);
        double alone = ExpectedAccesses.of(fresh, FamilyForecast.NONE, Accesses.hourOf(NOW))
                .high();
        double inFamily =
                ExpectedAccesses.of(fresh, learned, Accesses.hourOf(NOW)).high();
        assertThat(inFamily).isLessThan(alone / 2);
    }

    /** Twenty that were read a thousand times in one hour of each week. */
    private static List<PartitionFacts> weekly() {
        List<PartitionFacts> family = new ArrayList<>();
        long first = Accesses.hourOf(SEEN.since());
        for (int number = 0; number < 20; number++) {
            Map<Long, Long> weeks = new HashMap<>();
            for (long hour = first + number; hour <= Accesses.hourOf(NOW); hour += 7 * 24) {
                weeks.put(hour, 1000L);
            }
            family.add(facts(FileTier.WARM, Serving.NOT_SERVED, Accesses.of(weeks)));
        }
        return family;
    }

    @Test
    void theSilenceBetweenBurstsIsWaitedForInHotAsFarAsTheNextBurstIsWorthIt() {
        List<PartitionFacts> family = weekly();
        FamilyForecast learned = learn(family);
        // 1000 accesses cost $0.79 more in warm than in hot; a week of hot costs $0.052 more than one of warm.
        for (PartitionFacts facts : family) {
            NextBusyHour next =
                    learned.next(facts.accesses(), Accesses.hourOf(NOW)).orElseThrow();
            assertThat(next.accesses()).isBetween(600.0, 1000.0);
            assertThat(next.hours()).isBetween(1.0, 200.0);
            assertThat(next.worth(Prices.REFERENCE, GB, Tier.HOT, Tier.WARM)).isPositive();
        }
    }

    @Test
    void whatFellSilentAsOthersDidBeforeTheyWereForgottenLeavesHot() {
        List<PartitionFacts> family = new ArrayList<>(weekly());
        for (int number = 0; number < 10; number++) {
            family.add(facts(FileTier.WARM, Serving.CURRENT, steady(50, 90 * 24, (20 + 5 * number) * 24)));
        }
        PartitionFacts silent = family.get(29);
        Policy policy = TRUSTING.learn(family, SEEN, NOW);
        Wish wish = policy.decide(silent, policy.heat(silent.accesses(), NOW), SEEN, NOW);
        assertThat(wish.target()).isPresent().get().isNotEqualTo(Tier.HOT);
        assertThat(wish.reason()).doesNotContain("whatever is expected");
    }

    @Test
    void noForecastTakesLessThanADayForAnEnd() {
        Policy trusting =
                Policy.cost(new CostSettings(0, Duration.ofDays(28), Duration.ofDays(90), 0), Prices.REFERENCE);
        List<PartitionFacts> family = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            family.add(facts(FileTier.WARM, Serving.CURRENT, accessedOnce(24 + number)));
        }
        for (int silence : new int[] {1, 24, 25}) {
            PartitionFacts facts = facts(FileTier.WARM, Serving.CURRENT, accessedOnce(silence));
            family.set(0, facts);
            Policy policy = trusting.learn(family, SEEN, NOW);
            Wish wish = policy.decide(facts, policy.heat(facts.accesses(), NOW), SEEN, NOW);
            assertThat(wish.target().isPresent()).as("silent for %d h", silence).isEqualTo(silence > 24);
        }
    }

    /** Whatever was learned: counts are counts, and what is expected lies within what was seen. */
    @Property(tries = 100)
    void whatIsExpectedNextLiesWithinWhatWasSeen(
            @ForAll @Size(min = 1, max = 5) List<@Size(max = 200) List<@IntRange(max = 9) Integer>> family) {
        List<PartitionFacts> facts = family.stream()
                .map(own -> facts(FileTier.WARM, Serving.NOT_SERVED, hourly(own)))
                .toList();
        long current = 250;
        Silences silences = Silences.learn(
                facts,
                new HalfLife(Duration.ofDays(7)),
                0,
                current,
                Duration.ofDays(28).toHours());
        for (PartitionFacts one : facts) {
            for (double level : new double[] {0, 0.1, 3}) {
                for (long silence : new long[] {0, 1, 20, 300}) {
                    NextBusyHour next = silences.next(one.accesses(), level, silence, 0, current);
                    assertThat(next.chance()).isBetween(0.0, 1.0);
                    assertThat(next.accesses()).isBetween(0.0, 9 * next.chance() + 1e-9);
                    assertThat(next.hours()).isBetween(0.0, 672.0);
                    assertThat(next.high().accesses()).isGreaterThanOrEqualTo(next.accesses());
                    assertThat(next.high().chance()).isBetween(next.chance(), 1.0);
                }
            }
        }
    }

    private static FamilyForecast learn(List<PartitionFacts> family) {
        return FamilyForecast.learn(family, Accesses.hourOf(SEEN.since()), Duration.ofDays(28), NOW);
    }

    @Property(tries = 200)
    void ofTwoTiersAtMostOneHasAllOfItsRegret(
            @ForAll List<@IntRange(max = 40) Integer> accesses,
            @ForAll @DoubleRange(min = 0.01, max = 1) double limit) {
        Regret regret = new Regret(Prices.REFERENCE, GB, hourly(accesses), 0, accesses.size() - 1L);
        double hot = regret.of(Tier.HOT, Tier.WARM, limit);
        double warm = regret.of(Tier.WARM, Tier.HOT, limit);
        assertThat(hot + warm).isLessThanOrEqualTo(limit + 1e-12);
    }

    @Property(tries = 200)
    void regretInOneStrideIsRegretHourByHour(@ForAll List<@IntRange(max = 3) Integer> accesses) {
        double byHour = 0;
        for (int n : accesses) {
            double more = Prices.REFERENCE.hour(Tier.HOT, GB, n) - Prices.REFERENCE.hour(Tier.WARM, GB, n);
            byHour = Math.max(0, Math.min(0.01, byHour + more));
        }
        Regret regret = new Regret(Prices.REFERENCE, GB, hourly(accesses), 0, accesses.size() - 1L);
        assertThat(regret.of(Tier.HOT, Tier.WARM, 0.01)).isCloseTo(byHour, within(1e-12));
    }

    private static Accesses hourly(List<Integer> accesses) {
        Map<Long, Long> counts = new HashMap<>();
        for (int hour = 0; hour < accesses.size(); hour++) {
            counts.put((long) hour, (long) accesses.get(hour));
        }
        return Accesses.of(counts);
    }

    private static Accesses steady(long perHour, int hours) {
        return steady(perHour, hours, 0);
    }

    private static Accesses steady(long perHour, int since, int until) {
        Map<Long, Long> counts = new HashMap<>();
        for (int age = until; age < since; age++) {
            counts.put(Accesses.hourOf(NOW) - age, perHour);
        }
        return Accesses.of(counts);
    }

    private static Accesses accessedOnce(int hoursAgo) {
        return Accesses.of(Map.of(Accesses.hourOf(NOW) - hoursAgo, 1L));
    }

    /** Very busy, then idle for so many hours. */
    private static Accesses busyUntil(int idleHours) {
        return Accesses.of(Map.of(Accesses.hourOf(NOW) - idleHours, 1000L));
    }

    private static Wish decide(Policy policy, FileTier files, Serving serving, Accesses accesses) {
        PartitionFacts facts = facts(files, serving, accesses);
        Policy learned = policy.learn(List.of(facts), SEEN, NOW);
        return learned.decide(facts, learned.heat(accesses, NOW), SEEN, NOW);
    }

    private static PartitionFacts facts(FileTier files, Serving serving, Accesses accesses) {
        return new PartitionFacts(
                PartitionName.parse("user_data.activity/month=2026-01"),
                files,
                serving,
                GB,
                NOW.minus(Duration.ofDays(300)),
                Optional.empty(),
                accesses);
    }
}
