package io.datapunk.tiering.apply;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.apply.MoveResult.State;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.plan.LakeView;
import io.datapunk.tiering.plan.PlannedPartition;
import io.datapunk.tiering.plan.Survey;
import io.datapunk.tiering.plan.SurveyedPartition;
import io.datapunk.tiering.plan.TierPlan;
import io.datapunk.tiering.policy.Serving;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One carrying out of a plan. Every move goes by itself: what fails is noted and the others go on.
 *
 * <p>Order: leave PostgreSQL; load what has warm files; copy files, the small ones of a dataset together; commit the copies
 * of a dataset together, at most one commit each interval, for each costs about a second and conflicts with transactions
 * that read the whole table; load what became warm by that. Copies and loads run on several threads; everything else, and
 * all bookkeeping, on the calling one.
 */
final class PlanExecution {
    private final TierPlan plan;
    private final Instant now;
    private final Tools tools;
    private final MoveAudit audit;
    private final CopyCommit commit;
    private final Map<PartitionName, MoveResult> results = new TreeMap<>();
    private final Map<DatasetName, StagedCopies> staged = new TreeMap<>();
    private final long begin = System.nanoTime();

    /**
     * What an execution works with.
     *
     * @param hot belongs to this run's lease
     * @param concurrent batches of copies, and loads, at a time
     * @param commitInterval shortest time between two commits to a dataset
     */
    record Tools(
            LakeView lake,
            FileMover files,
            HotMover hot,
            MoveAudit.Log audit,
            int concurrent,
            Duration commitInterval,
            FaultPoint fault,
            Progress progress) {}

    PlanExecution(TierPlan plan, Instant now, Tools tools) {
        this.plan = plan;
        this.now = now;
        this.tools = tools;
        this.audit = new MoveAudit(plan.id(), now, tools.audit());
        this.commit = new CopyCommit(
                tools,
                audit,
                now,
                (move, state, problem) -> finish(move.planned(), state, Optional.empty(), Optional.of(problem)));
    }

    /** One result for each planned move, sorted by partition. */
    List<MoveResult> run() {
        List<PlannedPartition> moves = plan.moves();
        if (moves.isEmpty()) {
            return List.of();
        }
        try (Progress.Stage stage = tools.progress().begin("moving partitions", moves.size(), "partitions");
                MoveWorkers workers = new MoveWorkers(tools, now)) {
            start(moves, workers);
            int reported = 0;
            while (workers.areBusy() || staged.values().stream().anyMatch(dataset -> !dataset.isEmpty())) {
                await(workers).ifPresent(this::settle);
                for (StagedCopies dataset : staged.values()) {
                    if (dataset.isDue()) {
                        commit(dataset, workers);
                    }
                }
                stage.advance(results.size() - reported);
                reported = results.size();
            }
        }
        return List.copyOf(results.values());
    }

    private void start(List<PlannedPartition> moves, MoveWorkers workers) {
        Map<PartitionName, SurveyedPartition> found = survey(moves);
        List<Move> loads = new ArrayList<>();
        List<Move> copies = new ArrayList<>();
        for (PlannedPartition planned : moves) {
            Optional<SurveyedPartition> partition = Optional.ofNullable(found.get(planned.partition()));
            if (partition.isPresent()
                    && CurrentState.isThere(planned, partition.get().facts())) {
                finish(
                        planned,
                        State.FOUND_DONE,
                        checksumOf(planned, partition.get().files()),
                        Optional.empty());
                continue;
            }
            Optional<LakeException> drift = CurrentState.drift(planned, partition);
            if (drift.isPresent()) {
                finish(planned, State.REFUSED, Optional.empty(), drift);
                continue;
            }
            Move move = new Move(planned, partition.orElseThrow().files());
            boolean isServed = partition.get().facts().serving() != Serving.NOT_SERVED;
            if (isServed && move.target() != Tier.HOT && !unserve(move)) {
                continue;
            }
            if (!move.hasFilesInPlace()) {
                copies.add(move);
            } else if (move.target() == Tier.HOT) {
                loads.add(move);
            } else {
                finish(planned, State.DONE, Optional.empty(), Optional.empty());
            }
        }
        copies.forEach(move -> staged(move).expect());
        loads.forEach(move -> load(move, workers));
        CopyBatches.of(copies).forEach(workers::copy);
    }

    /** What the run that died would have noted of its copy; a journal without it is better than a run that fails. */
    private Optional<RowChecksum> checksumOf(PlannedPartition planned, PartitionFiles files) {
        if (planned.decision().bytesToCopy() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(tools.files().checksum(files));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private Map<PartitionName, SurveyedPartition> survey(List<PlannedPartition> moves) {
        List<DatasetName> datasets = moves.stream()
                .map(planned -> planned.partition().dataset())
                .distinct()
                .toList();
        Survey survey = Survey.of(tools.lake(), HeatSummary.NONE, datasets);
        boolean unknown = survey.partitions().stream()
                .anyMatch(partition -> partition.facts().serving() == Serving.UNKNOWN);
        if (unknown) {
            throw LakeException.failed(
                    "plan " + plan.id() + " was not carried out",
                    "PostgreSQL is out of reach, so nobody knows what it serves",
                    "start it and run `lake tier apply` again; nothing was changed");
        }
        return survey.partitions().stream()
                .collect(Collectors.toMap(partition -> partition.files().partition(), Function.identity()));
    }

    private void load(Move move, MoveWorkers workers) {
        try {
            audit.serving(move.planned());
        } catch (RuntimeException e) {
            finish(move.planned(), State.FAILED, Optional.empty(), Optional.of(move.problem("be loaded", e)));
            return;
        }
        workers.load(move);
    }

    private boolean unserve(Move move) {
        try {
            audit.unserving(move.planned());
            tools.fault().reached("unserve.audited");
            tools.hot().unserve(move.partition(), now);
            tools.fault().reached("unserve.done");
            return true;
        } catch (RuntimeException e) {
            finish(move.planned(), State.FAILED, Optional.empty(), Optional.of(move.problem("leave PostgreSQL", e)));
            return false;
        }
    }

    /** What a worker reports, empty where a commit is due before. */
    private Optional<Outcome> await(MoveWorkers workers) {
        try {
            return workers.await(Math.max(0, Math.min(TimeUnit.SECONDS.toNanos(1), nanosUntilNextCommit())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "plan " + plan.id() + " was interrupted",
                    "the thread was asked to end",
                    "run `lake tier apply` again: it takes up where this run stopped",
                    e);
        }
    }

    private long nanosUntilNextCommit() {
        return staged.values().stream()
                .filter(dataset -> !dataset.isEmpty())
                .mapToLong(StagedCopies::nanosUntilDue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void settle(Outcome outcome) {
        if (outcome instanceof Outcome.Died died) {
            throw died.error();
        } else if (outcome instanceof Outcome.Copied copied) {
            staged(copied.move()).stage(copied);
        } else if (outcome instanceof Outcome.NotCopied failed) {
            staged(failed.move()).expectNoMore();
            finish(failed.move().planned(), State.FAILED, Optional.empty(), Optional.of(failed.problem()));
        } else if (outcome instanceof Outcome.Loaded loaded) {
            finish(loaded.move().planned(), State.DONE, Optional.of(loaded.checksum()), Optional.empty());
        } else if (outcome instanceof Outcome.NotLoaded failed) {
            finish(failed.move().planned(), State.FAILED, Optional.empty(), Optional.of(failed.problem()));
        }
    }

    private StagedCopies staged(Move move) {
        return staged.computeIfAbsent(move.dataset(), dataset -> new StagedCopies(tools.commitInterval()));
    }

    private void commit(StagedCopies dataset, MoveWorkers workers) {
        List<Outcome.Copied> switched = commit.commit(dataset.take());
        dataset.committed();
        for (Outcome.Copied copied : switched) {
            if (copied.move().target() != Tier.HOT) {
                finish(copied.move().planned(), State.DONE, Optional.of(copied.checksum()), Optional.empty());
            }
        }
        loadFromNewFiles(
                switched.stream()
                        .map(Outcome.Copied::move)
                        .filter(move -> move.target() == Tier.HOT)
                        .toList(),
                workers);
    }

    /** What became warm on its way from cold to hot. */
    private void loadFromNewFiles(List<Move> moves, MoveWorkers workers) {
        if (moves.isEmpty()) {
            return;
        }
        DatasetName dataset = moves.get(0).dataset();
        Map<PartitionName, PartitionFiles> live = new HashMap<>();
        try {
            tools.lake()
                    .snapshot(dataset)
                    .orElseThrow()
                    .partitions()
                    .forEach(files -> live.put(files.partition(), files));
        } catch (RuntimeException e) {
            moves.forEach(move -> finish(
                    move.planned(), State.FAILED, Optional.empty(), Optional.of(move.problem("be found again", e))));
            return;
        }
        for (Move move : moves) {
            PartitionFiles files = live.get(move.partition());
            if (files == null) {
                finish(
                        move.planned(),
                        State.REFUSED,
                        Optional.empty(),
                        CurrentState.drift(move.planned(), Optional.empty()));
            } else {
                load(new Move(move.planned(), files), workers);
            }
        }
    }

    private void finish(
            PlannedPartition planned, State state, Optional<RowChecksum> checksum, Optional<LakeException> problem) {
        Instant ended = now.plusNanos(System.nanoTime() - begin);
        results.put(planned.partition(), new MoveResult(planned, state, checksum, problem, ended));
    }
}
