package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThresholdPolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final Observation SEEN_FOR_A_YEAR = new Observation(NOW.minus(Duration.ofDays(365)), NOW);
    private static final Policy POLICY = Policy.threshold(ThresholdSettings.DEFAULT);

    @Test
    void tenAnHourMakesHot() {
        assertThat(decide(warm().accesses(perHour(10, 24))))
                .isEqualTo(Wish.move(Tier.HOT, "10/h over 24 h (hot from 10/h)"));
        assertThat(decide(warm().accesses(perHour(9, 24))).target()).isEmpty();
    }

    @Test
    void hotLeavesOnlyBelowOneADay() {
        assertThat(decide(hot().accesses(perHour(1, 24))))
                .isEqualTo(Wish.stay("1/h over 24 h (leaves hot below 1/day)"));
        assertThat(decide(hot().written(Duration.ofDays(3)).accesses(once(20))))
                .isEqualTo(Wish.move(Tier.WARM, "4.25/week over 24 h (leaves hot below 1/day)"));
    }

    @Test
    void hotLeavesToColdWhereColdIsDue() {
        assertThat(decide(hot().written(Duration.ofDays(100)).accesses(Accesses.NONE)))
                .isEqualTo(Wish.move(Tier.COLD, "no access and no write for 100 d (warm goes cold after 90 d)"));
    }

    @Test
    void hotLeavesAfterThirtyDaysWithoutAccess() {
        assertThat(decide(hot().written(Duration.ofDays(40)).accesses(once(35 * 24))))
                .isEqualTo(Wish.move(Tier.WARM, "no access and no write for 35 d (hot leaves after 30 d)"));
        assertThat(decide(hot().written(Duration.ofDays(31)).accesses(Accesses.NONE)))
                .isEqualTo(Wish.move(Tier.WARM, "no access and no write for 31 d (hot leaves after 30 d)"));
    }

    @Test
    void warmGoesColdBelowOneAWeekOverNinetyDays() {
        // 13 accesses in 90 d are 1.01 a week, 12 are 0.93.
        assertThat(decide(warm().written(Duration.ofDays(120)).accesses(spread(13)))
                        .target())
                .isEmpty();
        assertThat(decide(warm().written(Duration.ofDays(120)).accesses(spread(12))))
                .isEqualTo(Wish.move(Tier.COLD, "0.93/week over 90 d (goes cold below 1/week), last write 120 d ago"));
    }

    @Test
    void nothingGoesColdWithinNinetyDaysOfAWrite() {
        assertThat(decide(warm().written(Duration.ofDays(89)).accesses(Accesses.NONE)))
                .isEqualTo(Wish.stay("0/week over 90 d, but written 89 d ago (not cold within 90 d)"));
        assertThat(decide(warm().written(Duration.ofDays(90)).accesses(Accesses.NONE))
                        .target())
                .contains(Tier.COLD);
    }

    @Test
    void whatCameBackFromColdStaysForTheMinimumResidence() {
        assertThat(decide(warm().written(Duration.ofDays(200)).moved(Duration.ofDays(27))))
                .isEqualTo(Wish.stay("0/week over 90 d, but moved 27 d ago (not cold within 28 d)"));
        assertThat(decide(warm().written(Duration.ofDays(200)).moved(Duration.ofDays(28)))
                        .target())
                .contains(Tier.COLD);
    }

    @Test
    void coldComesBackAtOneADayOverThreeDays() {
        assertThat(decide(cold().accesses(once(1))))
                .isEqualTo(Wish.stay("2.91/week over 72 h (leaves cold from 1/day)"));
        assertThat(decide(cold().accesses(Accesses.of(Map.of(hour(1), 3L)))))
                .isEqualTo(Wish.move(Tier.WARM, "1.25/day over 72 h (leaves cold from 1/day)"));
    }

    @Test
    void aWindowThatWasNotFullyObservedDemotesNothing() {
        Observation sinceYesterday = new Observation(NOW.minus(Duration.ofHours(23)), NOW);
        assertThat(POLICY.decide(hot().facts(), POLICY.heat(Accesses.NONE, NOW), sinceYesterday, NOW))
                .isEqualTo(Wish.stay("0/week over 24 h, but observed for 23 h of the 24 h that this needs"));
        Observation sinceSpring = new Observation(NOW.minus(Duration.ofDays(89)), NOW);
        assertThat(POLICY.decide(warm().facts(), POLICY.heat(Accesses.NONE, NOW), sinceSpring, NOW))
                .isEqualTo(Wish.stay("0/week over 90 d, but observed for 89 d of the 90 d that this needs"));
        Observation untilYesterday = new Observation(NOW.minus(Duration.ofDays(365)), NOW.minus(Duration.ofDays(1)));
        assertThat(POLICY.decide(warm().facts(), POLICY.heat(Accesses.NONE, NOW), untilYesterday, NOW))
                .isEqualTo(Wish.stay(
                        "0/week over 90 d, but accesses are known only up to 2026-03-24T10:15:00Z; run `lake heat`"));
        assertThat(POLICY.decide(warm().facts(), POLICY.heat(Accesses.NONE, NOW), Observation.NONE, NOW))
                .isEqualTo(Wish.stay("0/week over 90 d, but no access was ever taken in; run `lake heat`"));
    }

    @Test
    void promotionNeedsNoFullWindow() {
        Observation sinceAnHour = new Observation(NOW.minus(Duration.ofHours(1)), NOW);
        Heat heat = POLICY.heat(Accesses.of(Map.of(hour(0), 1000L)), NOW);
        assertThat(POLICY.decide(warm().facts(), heat, sinceAnHour, NOW).target())
                .contains(Tier.HOT);
    }

    @Test
    void aSmallPartitionStaysWarm() {
        Wish stays = Wish.stay("512 KiB: below 1 MiB a partition stays warm");
        assertThat(decide(warm().bytes(512 << 10).accesses(perHour(50, 24)))).isEqualTo(stays);
        assertThat(decide(warm().bytes(512 << 10).accesses(Accesses.NONE))).isEqualTo(stays);
    }

    @Test
    void compressionBelowTheFloorDoesNotBringAColdPartitionBack() {
        assertThat(decide(cold().bytes(512 << 10).accesses(Accesses.NONE)).target())
                .isEmpty();
    }

    @Test
    void mixedFilesFollowTheHeat() {
        assertThat(decide(mixed().accesses(Accesses.NONE)).target()).contains(Tier.COLD);
        assertThat(decide(mixed().accesses(perHour(1, 24))).target()).contains(Tier.WARM);
        assertThat(decide(mixed().written(Duration.ofDays(1)).accesses(Accesses.NONE))
                        .target())
                .isEmpty();
    }

    @Test
    void staleIsLoadedAgainWhileItIsHotAndLeavesOtherwise() {
        Case stale = warm().serving(Serving.STALE);
        assertThat(decide(stale.accesses(perHour(2, 24))))
                .isEqualTo(Wish.move(
                        Tier.HOT, "its files changed since it was loaded; 2/h over 24 h (leaves hot below 1/day)"));
        assertThat(decide(stale.written(Duration.ofDays(2)).accesses(once(23))).target())
                .contains(Tier.WARM);
    }

    @Test
    void whatPostgresServesIsNotGuessed() {
        assertThat(decide(warm().serving(Serving.UNKNOWN).accesses(perHour(100, 24))))
                .isEqualTo(Wish.stay("PostgreSQL is out of reach: what it serves is not known"));
    }

    @Test
    void aTableWithoutPartitionsStaysWarm() {
        PartitionFacts facts = new PartitionFacts(
                PartitionName.parse("user_data.contacts"),
                FileTier.WARM,
                Serving.NOT_SERVED,
                1L << 30,
                NOW.minus(Duration.ofDays(300)),
                Optional.empty(),
                perHour(100, 24));
        assertThat(POLICY.decide(facts, POLICY.heat(facts.accesses(), NOW), SEEN_FOR_A_YEAR, NOW))
                .isEqualTo(Wish.stay("has no partition column: dimension-like tables stay warm"));
    }

    @Test
    void aWriteInTheFutureCountsAsNow() {
        assertThat(decide(warm().written(Duration.ofDays(-400)).accesses(Accesses.NONE)))
                .isEqualTo(Wish.stay("0/week over 90 d, but written 0 h ago (not cold within 90 d)"));
    }

    @Test
    void thePolicyReadsLikeASentence() {
        assertThat(POLICY)
                .hasToString("threshold: hot from 10/h over 24 h, out below 1/day or after 30 d unused; "
                        + "cold below 1/week over 90 d or unused, never within 90 d of a write or 28 d of a move, "
                        + "back at 1/day over 72 h; below 1 MiB always warm");
    }

    @Test
    void thresholdsWithoutABandAreRefused() {
        assertThatThrownBy(() -> new ThresholdSettings(
                        HeatWindows.DEFAULT,
                        Rate.perDay(1),
                        Rate.perDay(1),
                        Rate.perWeek(1),
                        Rate.perDay(1),
                        Duration.ofDays(90),
                        Duration.ofDays(28),
                        Duration.ofDays(30),
                        0))
                .hasMessage("leaving hot (1/day) has to lie below promotion (1/day), or partitions go to and fro");
    }

    private static Wish decide(Case partition) {
        PartitionFacts facts = partition.facts();
        return POLICY.decide(facts, POLICY.heat(facts.accesses(), NOW), SEEN_FOR_A_YEAR, NOW);
    }

    private static long hour(long age) {
        return Accesses.hourOf(NOW) - age;
    }

    private static Accesses once(long age) {
        return Accesses.of(Map.of(hour(age), 1L));
    }

    private static Accesses perHour(long count, int hours) {
        Map<Long, Long> accesses = new HashMap<>();
        for (int age = 0; age < hours; age++) {
            accesses.put(hour(age), count);
        }
        return Accesses.of(accesses);
    }

    /** Single accesses, one every six days, the last five days ago. */
    private static Accesses spread(int count) {
        Map<Long, Long> accesses = new HashMap<>();
        for (int access = 0; access < count; access++) {
            accesses.put(hour(5 * 24 + access * 6L * 24), 1L);
        }
        return Accesses.of(accesses);
    }

    private static Case warm() {
        return new Case(
                FileTier.WARM, Serving.NOT_SERVED, 1L << 30, Duration.ofDays(120), Optional.empty(), Accesses.NONE);
    }

    private static Case hot() {
        return warm().serving(Serving.CURRENT);
    }

    private static Case cold() {
        return new Case(
                FileTier.COLD, Serving.NOT_SERVED, 1L << 30, Duration.ofDays(120), Optional.empty(), Accesses.NONE);
    }

    private static Case mixed() {
        return new Case(
                FileTier.MIXED, Serving.NOT_SERVED, 1L << 30, Duration.ofDays(120), Optional.empty(), Accesses.NONE);
    }

    private record Case(
            FileTier files,
            Serving serving,
            long bytes,
            Duration sinceWrite,
            Optional<Duration> sinceMove,
            Accesses accesses) {
        Case serving(Serving value) {
            return new Case(files, value, bytes, sinceWrite, sinceMove, accesses);
        }

        Case bytes(long value) {
            return new Case(files, serving, value, sinceWrite, sinceMove, accesses);
        }

        Case written(Duration value) {
            return new Case(files, serving, bytes, value, sinceMove, accesses);
        }

        Case moved(Duration value) {
            return new Case(files, serving, bytes, sinceWrite, Optional.of(value), accesses);
        }

        Case accesses(Accesses value) {
            return new Case(files, serving, bytes, sinceWrite, sinceMove, value);
        }

        PartitionFacts facts() {
            return new PartitionFacts(
                    PartitionName.parse("user_data.activity/month=2025-11"),
                    files,
                    serving,
                    bytes,
                    NOW.minus(sinceWrite),
                    sinceMove.map(NOW::minus),
                    accesses);
        }
    }
}
