package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import io.datapunk.tiering.apply.MoveResult.State;
import io.datapunk.tiering.heat.HeatSummaries;
import io.datapunk.tiering.plan.PlanStore;
import io.datapunk.tiering.plan.TierPlan;
import io.datapunk.tiering.plan.TierPlanJob;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Placement;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierApplyJobTest {
    private static final Instant NOW = Instant.parse("2026-06-25T10:15:00Z");
    private static final Duration GRACE = Duration.ofHours(1);
    private static final String COLD_TO_HOT = "user_data.activity/month=2025-01";
    private static final String COLD_TO_WARM = "user_data.activity/month=2025-02";
    private static final String WARM_TO_COLD = "user_data.activity/month=2025-03";
    private static final String WARM_TO_HOT = "user_data.activity/month=2025-04";
    private static final String HOT_TO_WARM = "user_data.activity/month=2025-05";
    private static final String HOT_TO_COLD = "user_data.activity/month=2025-06";
    private static final String STALE_TO_HOT = "user_data.activity/month=2025-07";
    private static final String MIXED_TO_COLD = "user_data.messages/month=2025-08";
    private static final String STAYS = "user_data.messages/month=2025-09";

    private static final List<String> AFTER = List.of(
            COLD_TO_HOT + " WARM [a, b] served [a, b]",
            COLD_TO_WARM + " WARM [c]",
            WARM_TO_COLD + " COLD [d]",
            WARM_TO_HOT + " WARM [e] served [e]",
            HOT_TO_WARM + " WARM [f]",
            HOT_TO_COLD + " COLD [g]",
            STALE_TO_HOT + " WARM [h, i] served [h, i]",
            MIXED_TO_COLD + " COLD [j, k]",
            STAYS + " WARM [l]");

    @TempDir
    private Path folder;

    @Test
    void everyKindOfMoveEndsWhereThePlanWantsIt() {
        Fixture lake = new Fixture("lake");
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        assertThat(lake.memory.describe()).containsExactlyElementsOf(AFTER);
        assertThat(report.failure()).isEmpty();
        assertThat(report.resumed()).isFalse();
        assertThat(report.results())
                .extracting(result -> result.partition().toString(), MoveResult::target, MoveResult::state)
                .containsExactly(
                        tuple(COLD_TO_HOT, Tier.HOT, State.DONE),
                        tuple(COLD_TO_WARM, Tier.WARM, State.DONE),
                        tuple(WARM_TO_COLD, Tier.COLD, State.DONE),
                        tuple(WARM_TO_HOT, Tier.HOT, State.DONE),
                        tuple(HOT_TO_WARM, Tier.WARM, State.DONE),
                        tuple(HOT_TO_COLD, Tier.COLD, State.DONE),
                        tuple(STALE_TO_HOT, Tier.HOT, State.DONE),
                        tuple(MIXED_TO_COLD, Tier.COLD, State.DONE));
        // Four moves of files in activity are one commit.
        assertThat(lake.memory.commits)
                .containsExactlyInAnyOrder(
                        List.of(COLD_TO_HOT, COLD_TO_WARM, WARM_TO_COLD, HOT_TO_COLD), List.of(MIXED_TO_COLD));
    }

    @Test
    void applyingAgainFindsNothingToDo() {
        Fixture lake = new Fixture("lake");
        lake.apply(FaultPoint.NONE);
        TierApplyReport again = lake.apply(FaultPoint.NONE);
        assertThat(again.results()).isEmpty();
        assertThat(lake.memory.describe()).containsExactlyElementsOf(AFTER);
    }

    @Test
    void whatIsRetiredStandsInTheAuditLogBefore() {
        Fixture lake = new Fixture("lake");
        lake.apply(FaultPoint.NONE);
        assertThat(lake.memory.audit)
                .extracting(AuditEvent::action, AuditEvent::subject)
                .contains(
                        tuple("tiering.serve", WARM_TO_HOT),
                        tuple("tiering.serve", COLD_TO_HOT),
                        tuple("tiering.serve", STALE_TO_HOT),
                        tuple("tiering.unserve", HOT_TO_WARM),
                        tuple("tiering.unserve", HOT_TO_COLD),
                        tuple("tiering.retire-files", COLD_TO_HOT),
                        tuple("tiering.retire-files", COLD_TO_WARM),
                        tuple("tiering.retire-files", WARM_TO_COLD),
                        tuple("tiering.retire-files", HOT_TO_COLD),
                        tuple("tiering.retire-files", MIXED_TO_COLD));
        List<String> noted = new ArrayList<>();
        Fixture crashed = new Fixture("crashed");
        assertThatThrownBy(() -> crashed.apply(SimulatedCrash.at("move.audited", 1)))
                .isInstanceOf(SimulatedCrash.class);
        crashed.memory.audit.forEach(event -> noted.add(event.action()));
        assertThat(noted).contains("tiering.retire-files");
        assertThat(crashed.memory.commits).isEmpty();
    }

    @Test
    void killedAtAnyStepAndRunAgainItEndsAsIfUndisturbed() {
        Fixture undisturbed = new Fixture("undisturbed");
        List<String> steps = new ArrayList<>();
        undisturbed.apply(SimulatedCrash.recording(steps));
        assertThat(new TreeSet<>(steps))
                .containsExactly(
                        "apply.begun",
                        "apply.journalled",
                        "apply.moved",
                        "apply.reclaimed",
                        "hot.loaded",
                        "hot.served",
                        "hot.verified",
                        "move.audited",
                        "move.committed",
                        "move.copied",
                        "move.verified",
                        "unserve.audited",
                        "unserve.done");
        for (String numbered : SimulatedCrash.numbered(steps)) {
            String step = numbered.substring(0, numbered.indexOf('#'));
            int occurrence = Integer.parseInt(numbered.substring(numbered.indexOf('#') + 1));
            Fixture lake = new Fixture("crash-" + step + "-" + occurrence);
            assertThatThrownBy(() -> lake.apply(SimulatedCrash.at(step, occurrence)))
                    .as(numbered)
                    .isInstanceOf(SimulatedCrash.class);
            TierApplyReport rerun = lake.apply(FaultPoint.NONE);
            assertThat(rerun.failure()).as(numbered).isEmpty();
            assertThat(rerun.resumed()).as(numbered).isTrue();
            assertThat(lake.memory.describe()).as(numbered).containsExactlyElementsOf(AFTER);
            assertThat(lake.memory.journal)
                    .as(numbered)
                    .containsExactlyInAnyOrderElementsOf(undisturbed.memory.journal);
        }
    }

    @Test
    void killedTwiceItStillEndsAsIfUndisturbed() {
        Fixture lake = new Fixture("lake");
        for (String step : List.of("unserve.done", "move.committed", "hot.loaded", "hot.served", "apply.moved")) {
            assertThatThrownBy(() -> lake.apply(SimulatedCrash.at(step, 1))).isInstanceOf(SimulatedCrash.class);
        }
        lake.apply(FaultPoint.NONE);
        assertThat(lake.memory.describe()).containsExactlyElementsOf(AFTER);
    }

    @Test
    void leavesOfDeadRunsAndRetiredOnesAreDroppedAfterTheGracePeriodOnly() {
        Fixture lake = new Fixture("lake");
        assertThatThrownBy(() -> lake.apply(SimulatedCrash.at("hot.loaded", 1))).isInstanceOf(SimulatedCrash.class);
        lake.apply(FaultPoint.NONE);
        // Two left PostgreSQL and one was replaced a moment ago; the dead run's leaf went at once.
        assertThat(lake.memory.hiddenLeaves()).isEqualTo(3);
        lake.applyAt(NOW.plus(GRACE), FaultPoint.NONE);
        assertThat(lake.memory.hiddenLeaves()).isZero();
        assertThat(lake.memory.audit).extracting(AuditEvent::action).contains("tiering.drop-leaf");
    }

    @Test
    void oneFailureDoesNotStopTheOthersButTheJobFails() {
        Fixture lake = new Fixture("lake");
        lake.memory.failing.add(PartitionName.parse(WARM_TO_COLD));
        lake.memory.failing.add(PartitionName.parse(WARM_TO_HOT));
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        assertThat(report.count(State.DONE)).isEqualTo(6);
        assertThat(lake.memory.describe())
                .contains(WARM_TO_COLD + " WARM [d]", WARM_TO_HOT + " WARM [e]", HOT_TO_COLD + " COLD [g]");
        LakeException failure = report.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(LakeException.Kind.FAILED);
        assertThat(failure.problem())
                .isEqualTo("2 of 8 moves of plan " + report.plan().id() + " were not made");
        assertThat(failure.reason()).isEqualTo("the disk is full: no byte is left; and 1 more, see the report");
        assertThat(failure.remedy()).isEqualTo("make room");

        lake.memory.failing.clear();
        assertThat(lake.apply(FaultPoint.NONE).failure()).isEmpty();
        assertThat(lake.memory.describe()).containsExactlyElementsOf(AFTER);
    }

    @Test
    void filesOfADatasetOnTheirWayIntoATierAreCopiedTogether() {
        Fixture lake = new Fixture("lake");
        lake.apply(FaultPoint.NONE);
        assertThat(lake.memory.batches)
                .containsExactlyInAnyOrder(
                        List.of(COLD_TO_HOT, COLD_TO_WARM), List.of(WARM_TO_COLD, HOT_TO_COLD), List.of(MIXED_TO_COLD));
    }

    @Test
    void aPartitionThatCannotBeCopiedDoesNotTakeThoseAlongThatAreCopiedWithIt() {
        Fixture lake = new Fixture("lake");
        lake.memory.failing.add(PartitionName.parse(HOT_TO_COLD));
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        assertThat(lake.memory.batches)
                .containsSubsequence(List.of(WARM_TO_COLD, HOT_TO_COLD), List.of(WARM_TO_COLD), List.of(HOT_TO_COLD));
        assertThat(lake.memory.describe()).contains(WARM_TO_COLD + " COLD [d]", HOT_TO_COLD + " WARM [g]");
        assertThat(failed(report)).containsExactly(HOT_TO_COLD);
    }

    @Test
    void aCopyThatCannotBeReadBackDoesNotTakeThoseAlongThatAreReadWithIt() {
        Fixture lake = new Fixture("lake");
        lake.memory.unreadable.add(PartitionName.parse(COLD_TO_HOT));
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        // Nothing is copied twice for it.
        assertThat(lake.memory.batches).doesNotContain(List.of(COLD_TO_WARM), List.of(COLD_TO_HOT));
        assertThat(lake.memory.describe()).contains(COLD_TO_WARM + " WARM [c]", COLD_TO_HOT + " COLD [a, b]");
        assertThat(failed(report)).containsExactly(COLD_TO_HOT);
    }

    @Test
    void killedWhileItTriesABatchOneByOneItStillEndsAsIfUndisturbed() {
        List<String> steps = new ArrayList<>();
        Fixture undisturbed = new Fixture("undisturbed");
        undisturbed.memory.failing.add(PartitionName.parse(HOT_TO_COLD));
        undisturbed.apply(SimulatedCrash.recording(steps));
        for (String numbered : SimulatedCrash.numbered(steps)) {
            int hash = numbered.indexOf('#');
            Fixture lake = new Fixture("crash-" + numbered.replace('#', '-'));
            lake.memory.failing.add(PartitionName.parse(HOT_TO_COLD));
            assertThatThrownBy(() -> lake.apply(SimulatedCrash.at(
                            numbered.substring(0, hash), Integer.parseInt(numbered.substring(hash + 1)))))
                    .as(numbered)
                    .isInstanceOf(SimulatedCrash.class);
            lake.memory.failing.clear();
            assertThat(lake.apply(FaultPoint.NONE).failure()).as(numbered).isEmpty();
            // A run that had ended as far as its plan goes leaves the rest to the next plan.
            if (numbered.startsWith("apply.")) {
                lake.apply(FaultPoint.NONE);
            }
            assertThat(lake.memory.describe()).as(numbered).containsExactlyElementsOf(AFTER);
        }
    }

    private static List<String> failed(TierApplyReport report) {
        return report.results().stream()
                .filter(result -> result.state() == State.FAILED)
                .map(result -> result.partition().toString())
                .toList();
    }

    @Test
    void aCopyThatIsNotItsSourceIsNeverSwitchedTo() {
        Fixture lake = new Fixture("lake");
        lake.memory.corrupting.add(PartitionName.parse(COLD_TO_WARM));
        lake.memory.corrupting.add(PartitionName.parse(WARM_TO_HOT));
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        assertThat(lake.memory.describe()).contains(COLD_TO_WARM + " COLD [c]", WARM_TO_HOT + " WARM [e]");
        LakeException failure = report.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(LakeException.Kind.GATE);
        assertThat(failure.reason())
                .startsWith("the copy of " + COLD_TO_WARM + " for WARM is not its source: the source has 1 rows, ");
    }

    @Test
    void aPartitionThatIsRewrittenDuringItsCopyIsRefusedAndTheOthersAreCommitted() {
        Fixture lake = new Fixture("lake");
        lake.memory.rewrittenDuringCopy.add(PartitionName.parse(WARM_TO_COLD));
        TierApplyReport report = lake.apply(FaultPoint.NONE);

        assertThat(lake.memory.describe()).contains(WARM_TO_COLD + " WARM [d]", COLD_TO_WARM + " WARM [c]");
        assertThat(report.results())
                .filteredOn(result -> result.state() == State.REFUSED)
                .extracting(result -> result.partition().toString())
                .containsExactly(WARM_TO_COLD);
    }

    @Test
    void aStoredPlanRefusesWhatHasDrifted() {
        Fixture lake = new Fixture("lake");
        TierPlan plan = lake.planner().run(NOW);
        lake.memory.rewrite(PartitionName.parse(WARM_TO_COLD));
        lake.memory.write(COLD_TO_WARM, Tier.WARM, NOW, 4, "new");
        lake.memory.serve(MIXED_TO_COLD);
        TierApplyReport report = lake.job(FaultPoint.NONE).run(plan.id(), NOW);

        assertThat(report.results())
                .filteredOn(result -> result.state() == State.REFUSED)
                .extracting(
                        result -> result.partition().toString(),
                        result -> result.problem().orElseThrow().reason())
                .containsExactly(
                        tuple(COLD_TO_WARM, "it was COLD when it was planned and is MIXED"),
                        tuple(WARM_TO_COLD, "its files changed since the plan"),
                        tuple(MIXED_TO_COLD, "it was MIXED when it was planned and is HOT"));
        assertThat(report.failure().orElseThrow().kind()).isEqualTo(LakeException.Kind.GATE);
        assertThat(lake.memory.describe())
                .contains(
                        WARM_TO_COLD + " WARM [d]",
                        HOT_TO_COLD + " COLD [g]",
                        COLD_TO_HOT + " WARM [a, b] served [a, b]");
    }

    @Test
    void aStoredPlanReadsBackAsItWasPrinted() {
        Fixture lake = new Fixture("lake");
        TierPlan plan = lake.planner().run(NOW);
        assertThat(new PlanStore(lake.home).read(plan.id())).isEqualTo(plan);
        assertThat(lake.planner().run(NOW).id()).isEqualTo(plan.id());
        assertThat(plan.lines())
                .contains("move    " + WARM_TO_COLD + "  WARM -> COLD  4,194,304 bytes  "
                        + "no access and no write for 200 d (warm goes cold after 90 d)")
                .last()
                .isEqualTo("8 to move, 0 to wait, 1 stay");
    }

    @Test
    void withoutPostgresNothingIsMoved() {
        Fixture lake = new Fixture("lake");
        TierPlan plan = lake.planner().run(NOW);
        lake.memory.stopPostgres();
        assertThatThrownBy(() -> lake.job(FaultPoint.NONE).run(plan.id(), NOW))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("PostgreSQL is out of reach");
        assertThat(lake.memory.commits).isEmpty();
    }

    @Test
    void twoAppliersDoNotRunAtOnce() {
        Fixture lake = new Fixture("lake");
        try (JobLease lease = new Leases(lake.home).acquire("tier-apply")) {
            assertThat(lease.epoch()).isEqualTo(1);
            assertThatThrownBy(() -> lake.apply(FaultPoint.NONE))
                    .isInstanceOf(LakeException.class)
                    .hasMessageStartingWith("'tier-apply' is already running");
        }
        assertThat(lake.memory.commits).isEmpty();
    }

    @Test
    void anInterruptedPlanThatIsOlderThanADayGivesWayToANewOne() {
        Fixture lake = new Fixture("lake");
        assertThatThrownBy(() -> lake.apply(SimulatedCrash.at("apply.begun", 1)))
                .isInstanceOf(SimulatedCrash.class);
        Instant later = NOW.plus(Duration.ofDays(2));
        lake.heat(later);
        TierApplyReport report = lake.applyAt(later, FaultPoint.NONE);
        assertThat(report.resumed()).isFalse();
        assertThat(report.plan().now()).isEqualTo(later);
        assertThat(new PlanStore(lake.home).interrupted()).isEmpty();
    }

    @Test
    void anUnknownPlanIsAUsageError() {
        Fixture lake = new Fixture("lake");
        assertThatThrownBy(() -> lake.job(FaultPoint.NONE).run("20260101T000000Z-00000000", NOW))
                .hasMessageStartingWith("there is no plan 20260101T000000Z-00000000: ");
        assertThatThrownBy(() -> lake.job(FaultPoint.NONE).run("../../etc/passwd", NOW))
                .hasMessageStartingWith("'../../etc/passwd' is not a plan's id: ");
    }

    /** A lake in memory with one partition for each kind of move. */
    private final class Fixture {
        private final InMemoryLake memory = new InMemoryLake();
        private final LakeConfig config = LakeConfig.load(null, Map.of(), Map.of());
        private final LakeHome home;

        Fixture(String name) {
            Path root = folder.resolve(name);
            home = new LakeHome(root.toString(), root);
            Instant old = NOW.minus(Duration.ofDays(200));
            memory.write(COLD_TO_HOT, Tier.COLD, old, 4, "a");
            memory.write(COLD_TO_HOT, Tier.COLD, old, 4, "b");
            memory.write(COLD_TO_WARM, Tier.COLD, old, 4, "c");
            memory.write(WARM_TO_COLD, Tier.WARM, old, 4, "d");
            memory.write(WARM_TO_HOT, Tier.WARM, old, 4, "e");
            memory.write(HOT_TO_WARM, Tier.WARM, NOW.minus(Duration.ofDays(20)), 4, "f");
            memory.serve(HOT_TO_WARM);
            memory.write(HOT_TO_COLD, Tier.WARM, old, 4, "g");
            memory.serve(HOT_TO_COLD);
            memory.write(STALE_TO_HOT, Tier.WARM, old, 4, "h");
            memory.serve(STALE_TO_HOT);
            memory.write(STALE_TO_HOT, Tier.WARM, old, 4, "i");
            memory.write(MIXED_TO_COLD, Tier.COLD, old, 4, "j");
            memory.write(MIXED_TO_COLD, Tier.WARM, old, 4, "k");
            memory.write(STAYS, Tier.WARM, NOW.minus(Duration.ofDays(3)), 4, "l");
            heat(NOW);
        }

        void heat(Instant now) {
            Map<PartitionName, Accesses> accesses = new HashMap<>();
            accesses.put(PartitionName.parse(COLD_TO_HOT), perHour(20));
            accesses.put(PartitionName.parse(COLD_TO_WARM), perHour(2));
            accesses.put(PartitionName.parse(WARM_TO_HOT), perHour(15));
            accesses.put(PartitionName.parse(STALE_TO_HOT), perHour(12));
            HeatSummaries.write(home, NOW.minus(Duration.ofDays(400)), now, accesses);
        }

        TierPlanJob planner() {
            return new TierPlanJob(config, home, memory);
        }

        TierApplyJob job(FaultPoint fault) {
            return new TierApplyJob(
                    new Leases(home),
                    planner(),
                    new PlanStore(home),
                    (epoch, now) -> new PlanExecution.Tools(
                            memory,
                            memory,
                            memory,
                            memory::appendAudit,
                            2,
                            Duration.ofMinutes(1),
                            fault,
                            Progress.NONE),
                    this::journal,
                    fault,
                    GRACE);
        }

        TierApplyReport apply(FaultPoint fault) {
            return applyAt(NOW, fault);
        }

        TierApplyReport applyAt(Instant now, FaultPoint fault) {
            return job(fault).run(now);
        }

        private void journal(TierPlan plan, List<MoveResult> results) {
            for (MoveResult result : results) {
                String id = plan.id() + " " + result.partition() + " " + result.target() + " ";
                // Of a mixed partition only the files that moved were summed up, and afterwards nobody knows which.
                boolean isComparable = result.planned().decision().from() != Placement.MIXED;
                if (result.state().isThere() && memory.journal.stream().noneMatch(line -> line.startsWith(id))) {
                    memory.journal.add(id + (isComparable ? result.checksum() : ""));
                }
            }
        }

        private static Accesses perHour(long count) {
            Map<Long, Long> counts = new HashMap<>();
            for (int age = 0; age < 24; age++) {
                counts.put(Accesses.hourOf(NOW) - age, count);
            }
            return Accesses.of(counts);
        }
    }
}
