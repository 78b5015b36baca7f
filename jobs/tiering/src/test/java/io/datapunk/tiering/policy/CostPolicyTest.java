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
        Map<Long, Long> counts = new HashMap<>();
        for (int age = 0; age < hours; age++) {
            counts.put(Accesses.hourOf(NOW) - age, perHour);
        }
        return Accesses.of(counts);
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
