package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.plan.PlanStore;
import io.datapunk.tiering.plan.StoredLake;
import io.datapunk.tiering.plan.TierPlan;
import io.datapunk.tiering.plan.TierPlanJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Carries a plan out. One run at a time; a run that was killed is finished by the next one, which takes up its plan before
 * any other, so that the end is the one that an unbroken run would have reached.
 */
public final class TierApplyJob {
    /** An interrupted plan that is older has outlived its reasons; a new plan then begins from what the lake is. */
    private static final Duration RESUMABLE = Duration.ofDays(1);

    /** A commit costs about a second and conflicts with every transaction that read the whole table. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMinutes(1);

    private final Leases leases;
    private final TierPlanJob planner;
    private final PlanStore plans;
    private final Toolbox tools;
    private final FaultPoint fault;
    private final MoveJournal journal;
    private final Duration grace;

    /** What a run works with. */
    @FunctionalInterface
    interface Toolbox {
        /** @param epoch of the run's lease: with it, a run that was replaced can change nothing any more */
        PlanExecution.Tools open(long epoch, Instant now);
    }

    /** @param tools of each run */
    TierApplyJob(
            Leases leases,
            TierPlanJob planner,
            PlanStore plans,
            Toolbox tools,
            MoveJournal journal,
            FaultPoint fault,
            Duration grace) {
        this.leases = leases;
        this.planner = planner;
        this.plans = plans;
        this.tools = tools;
        this.journal = journal;
        this.fault = fault;
        this.grace = grace;
    }

    /**
     * The job of a lake.
     *
     * @param spark opened at the first move that needs it
     * @param server in use until the job has ended
     */
    public static TierApplyJob of(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            PostgresConnection server,
            Progress progress) {
        return of(config, home, spark, server, progress, FaultPoint.ofSystem());
    }

    static TierApplyJob of(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            PostgresConnection server,
            Progress progress,
            FaultPoint fault) {
        StoredLake lake = StoredLake.of(config, home, server);
        AuditLog audit = AuditLog.of(config, home);
        return new TierApplyJob(
                new Leases(home),
                new TierPlanJob(config, home, lake),
                new PlanStore(home),
                (epoch, now) -> new PlanExecution.Tools(
                        lake,
                        new DeltaFileMover(config, home, spark, now),
                        PostgresHotMover.open(config, home, spark, server, epoch, fault),
                        audit::append,
                        config.tiering().budget().concurrent(),
                        COMMIT_INTERVAL,
                        fault,
                        progress),
                new DeltaMoveJournal(home, spark),
                fault,
                config.tiering().grace());
    }

    /**
     * Makes a plan and carries it out; finishes an interrupted one instead where there is one.
     *
     * @return what was done; its {@link TierApplyReport#failure()} says how the command has to end
     * @throws LakeException where another run is under way, or nothing could be begun
     */
    public TierApplyReport run(Instant now) {
        try (JobLease lease = leases.acquire(Leases.TIERING)) {
            Optional<TierPlan> interrupted = interrupted(now);
            PlanExecution.Tools opened = open(lease, now);
            return carryOut(interrupted.orElseGet(() -> planner.run(now)), interrupted.isPresent(), now, opened);
        }
    }

    /**
     * Carries out a stored plan. Partitions that are not any more what the plan was made for are refused.
     *
     * @throws LakeException as {@link #run(Instant)}; (usage) where there is no such plan
     */
    public TierApplyReport run(String planId, Instant now) {
        try (JobLease lease = leases.acquire(Leases.TIERING)) {
            TierPlan plan = plans.read(planId);
            boolean resumed =
                    plans.interrupted().stream().anyMatch(begun -> begun.id().equals(planId));
            PlanExecution.Tools opened = open(lease, now);
            return carryOut(plan, resumed, now, opened);
        }
    }

    /** What applications have written comes to Delta before anything moves. */
    private PlanExecution.Tools open(JobLease lease, Instant now) {
        PlanExecution.Tools opened = tools.open(lease.epoch(), now);
        opened.hot().catchUp(now);
        return opened;
    }

    private Optional<TierPlan> interrupted(Instant now) {
        for (TierPlan plan : plans.interrupted()) {
            if (Duration.between(plan.now(), now).abs().compareTo(RESUMABLE) <= 0) {
                return Optional.of(plan);
            }
            plans.end(plan);
        }
        return Optional.empty();
    }

    private TierApplyReport carryOut(TierPlan plan, boolean resumed, Instant now, PlanExecution.Tools tools) {
        List<MoveResult> results = List.of();
        if (!plan.moves().isEmpty()) {
            plans.begin(plan);
            fault.reached("apply.begun");
            results = new PlanExecution(plan, now, tools).run();
            fault.reached("apply.moved");
            journal.add(plan, results);
            fault.reached("apply.journalled");
        }
        tools.hot().reclaim(now, grace, MoveAudit.ofLeaves(tools.audit(), now, grace));
        fault.reached("apply.reclaimed");
        plans.end(plan);
        return new TierApplyReport(plan, resumed, results);
    }
}
