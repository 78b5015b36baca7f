package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Decision.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final Observation SEEN_FOR_A_YEAR = new Observation(NOW.minus(Duration.ofDays(365)), NOW);
    private static final long GIB = 1L << 30;

    @Test
    void recentDataRanksFirstForHotSpaceAndTheRestWaitsWithTheReason() {
        List<Decision> decisions = plan(
                budgets(3 * GIB, 100 * GIB),
                partition("2025-01", FileTier.WARM, Serving.NOT_SERVED, 2 * GIB, 300, 500),
                partition("2026-03", FileTier.WARM, Serving.NOT_SERVED, 2 * GIB, 2, 20));
        assertThat(decisions)
                .extracting(decision -> decision.partition().toString(), Decision::outcome, Decision::to)
                .containsExactly(
                        tuple("user_data.activity/month=2025-01", Outcome.DEFER, Optional.of(Tier.HOT)),
                        tuple("user_data.activity/month=2026-03", Outcome.MOVE, Optional.of(Tier.HOT)));
        assertThat(decisions.get(0).reason())
                .startsWith("500/h over 24 h (hot from 10/h); needs about 2 GiB of hot space, "
                        + "1 GiB of 3 GiB is left by better ranked partitions; ranked by $");
    }

    @Test
    void theSmallerOfTwoEquallyHotPartitionsGainsMorePerByte() {
        List<Decision> decisions = plan(
                budgets(GIB, 100 * GIB),
                partition("2025-01", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 50),
                partition("2025-02", FileTier.WARM, Serving.NOT_SERVED, GIB / 2, 300, 50));
        assertThat(decisions).extracting(Decision::outcome).containsExactly(Outcome.DEFER, Outcome.MOVE);
    }

    @Test
    void whoIsHotOnlyByHysteresisYieldsToWhoDeservesIt() {
        List<Decision> decisions = plan(
                budgets(GIB, 100 * GIB),
                partition("2025-01", FileTier.WARM, Serving.CURRENT, GIB, 300, 3),
                partition("2025-02", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 12));
        assertThat(decisions)
                .extracting(Decision::outcome, Decision::to)
                .containsExactly(
                        tuple(Outcome.MOVE, Optional.of(Tier.WARM)), tuple(Outcome.MOVE, Optional.of(Tier.HOT)));
        assertThat(decisions.get(0).reason())
                .isEqualTo("3/h over 24 h (leaves hot below 1/day); needs about 1 GiB of hot space, "
                        + "0 B of 1 GiB is left by better ranked partitions");
    }

    @Test
    void whoDeservesItsPlaceKeepsItUnlessAnotherGainsFarMore() {
        List<Decision> equals = plan(
                budgets(GIB, 100 * GIB),
                partition("2025-01", FileTier.WARM, Serving.CURRENT, GIB, 300, 12),
                partition("2025-02", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 20));
        List<Decision> unequals = plan(
                budgets(GIB, 100 * GIB),
                partition("2025-01", FileTier.WARM, Serving.CURRENT, GIB, 300, 12),
                partition("2025-02", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 500));
        assertThat(equals).extracting(Decision::outcome).containsExactly(Outcome.STAY, Outcome.DEFER);
        assertThat(unequals)
                .extracting(Decision::outcome, Decision::to)
                .containsExactly(
                        tuple(Outcome.MOVE, Optional.of(Tier.WARM)), tuple(Outcome.MOVE, Optional.of(Tier.HOT)));
    }

    @Test
    void aColdPartitionWithoutHotSpaceComesBackToWarmAtLeast() {
        List<Decision> decisions =
                plan(budgets(0, 100 * GIB), partition("2025-01", FileTier.COLD, Serving.NOT_SERVED, GIB, 300, 12));
        assertThat(decisions)
                .extracting(Decision::outcome, Decision::to, Decision::bytesToCopy)
                .containsExactly(tuple(Outcome.MOVE, Optional.of(Tier.WARM), GIB));
    }

    @Test
    void aColdPartitionOnItsWayToHotIsCopiedTwice() {
        List<Decision> decisions = plan(
                budgets(100 * GIB, 100 * GIB), partition("2025-01", FileTier.COLD, Serving.NOT_SERVED, GIB, 300, 12));
        assertThat(decisions)
                .extracting(Decision::to, Decision::bytesToCopy)
                .containsExactly(tuple(Optional.of(Tier.HOT), 2 * GIB));
    }

    @Test
    void bytesOfARunGoToWhatGainsMostPerByteAndTheRestIsDeferred() {
        List<Decision> decisions = plan(
                budgets(GIB, GIB + GIB / 2),
                partition("2025-01", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 0),
                partition("2025-02", FileTier.COLD, Serving.NOT_SERVED, GIB, 300, 1),
                partition("2025-03", FileTier.WARM, Serving.NOT_SERVED, 2 * GIB, 300, 0));
        assertThat(decisions)
                .extracting(Decision::outcome, Decision::to)
                .containsExactly(
                        tuple(Outcome.DEFER, Optional.of(Tier.COLD)),
                        tuple(Outcome.MOVE, Optional.of(Tier.WARM)),
                        tuple(Outcome.DEFER, Optional.of(Tier.COLD)));
        assertThat(decisions.get(0).reason())
                .startsWith("no access and no write for 300 d (warm goes cold after 90 d); "
                        + "copies 1 GiB, 512 MiB of this run's 1.5 GiB is left; ranked by $");
        assertThat(decisions.get(2).reason()).contains("it never fits, raise lake.tiering.budget.moved-per-run");
    }

    @Test
    void whatPostgresCannotHoldStaysWarmWithTheReasonWhateverItsHeat() {
        List<Decision> decisions = plan(
                budgets(100 * GIB, 100 * GIB),
                obstructed(partition("2025-01", FileTier.WARM, Serving.NOT_SERVED, GIB, 300, 50)),
                obstructed(partition("2025-02", FileTier.COLD, Serving.NOT_SERVED, GIB, 300, 50)),
                obstructed(partition("2025-03", FileTier.WARM, Serving.STALE, GIB, 300, 50)),
                obstructed(partition("2025-04", FileTier.WARM, Serving.CURRENT, GIB, 300, 50)));
        assertThat(decisions)
                .extracting(Decision::outcome, Decision::to)
                .containsExactly(
                        tuple(Outcome.STAY, Optional.empty()),
                        tuple(Outcome.MOVE, Optional.of(Tier.WARM)),
                        tuple(Outcome.MOVE, Optional.of(Tier.WARM)),
                        tuple(Outcome.STAY, Optional.empty()));
        assertThat(decisions.get(0).reason())
                .isEqualTo("50/h over 24 h (hot from 10/h), but PostgreSQL cannot serve it: column x is variant");
    }

    @Test
    void aPinComesBeforeEveryPolicyAndFirstInLineForHotSpace() {
        List<Decision> decisions = plan(
                budgets(3 * GIB, 100 * GIB),
                pinned(partition("2025-01", FileTier.WARM, Serving.CURRENT, GIB, 300, 500), Tier.COLD),
                pinned(partition("2025-02", FileTier.WARM, Serving.NOT_SERVED, 2 * GIB, 300, 0), Tier.HOT),
                pinned(partition("2025-03", FileTier.COLD, Serving.NOT_SERVED, GIB, 300, 0), Tier.COLD),
                partition("2026-03", FileTier.WARM, Serving.NOT_SERVED, 2 * GIB, 2, 20));
        assertThat(decisions)
                .extracting(Decision::outcome, Decision::to)
                .containsExactly(
                        tuple(Outcome.MOVE, Optional.of(Tier.COLD)),
                        tuple(Outcome.MOVE, Optional.of(Tier.HOT)),
                        tuple(Outcome.STAY, Optional.empty()),
                        tuple(Outcome.DEFER, Optional.of(Tier.HOT)));
        assertThat(decisions)
                .extracting(Decision::reason)
                .startsWith("pinned to COLD by hand", "pinned to HOT by hand", "pinned to COLD by hand");
    }

    private static PartitionFacts pinned(PartitionFacts facts, Tier tier) {
        return with(facts, Optional.of(tier), Optional.empty());
    }

    private static PartitionFacts obstructed(PartitionFacts facts) {
        return with(facts, Optional.empty(), Optional.of("column x is variant"));
    }

    private static PartitionFacts with(PartitionFacts facts, Optional<Tier> pin, Optional<String> hotObstacle) {
        return new PartitionFacts(
                facts.partition(),
                facts.files(),
                facts.serving(),
                facts.bytes(),
                facts.lastWritten(),
                facts.lastMoved(),
                pin,
                hotObstacle,
                facts.accesses());
    }

    @Test
    void aMillionPartitionsArePlanned() {
        List<PartitionFacts> lake = new ArrayList<>();
        for (int number = 0; number < 1_000_000; number++) {
            lake.add(partition("p" + number, FileTier.WARM, Serving.NOT_SERVED, GIB, 300, number % 3 == 0 ? 12 : 0));
        }
        List<Decision> decisions = planner(budgets(1000 * GIB, 1000 * GIB)).plan(lake, SEEN_FOR_A_YEAR, NOW);
        assertThat(decisions).hasSize(1_000_000);
    }

    private static List<Decision> plan(Budgets budgets, PartitionFacts... facts) {
        return planner(budgets).plan(List.of(facts), SEEN_FOR_A_YEAR, NOW);
    }

    private static Planner planner(Budgets budgets) {
        return new Planner(dataset -> Policy.threshold(ThresholdSettings.DEFAULT), budgets, Prices.REFERENCE);
    }

    private static Budgets budgets(long hotSpace, long bytesPerRun) {
        return new Budgets(hotSpace, 1, bytesPerRun, 2, Duration.ofDays(7));
    }

    private static PartitionFacts partition(
            String month, FileTier files, Serving serving, long bytes, int daysSinceWrite, long accessesPerHour) {
        Map<Long, Long> accesses = new HashMap<>();
        for (int age = 0; age < 24 && accessesPerHour > 0; age++) {
            accesses.put(Accesses.hourOf(NOW) - age, accessesPerHour);
        }
        return new PartitionFacts(
                PartitionName.parse("user_data.activity/month=" + month),
                files,
                serving,
                bytes,
                NOW.minus(Duration.ofDays(daysSinceWrite)),
                Optional.empty(),
                Accesses.of(accesses));
    }
}
