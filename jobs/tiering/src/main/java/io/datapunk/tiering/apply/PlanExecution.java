package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One carrying out of a plan. Every move goes by itself: what fails is noted and the others go on.
 *
 * <p>Order: leave PostgreSQL; load what has warm files; copy files; commit the copies of a dataset together, at most one
 * commit each interval, for each costs about a second and conflicts with transactions that read the whole table; load what
 * became warm by that. Copies and loads run on several threads; everything else, and all bookkeeping, on the calling one.
 */
final class PlanExecution {
    private static final String ACTOR = "tiering";

    private final TierPlan plan;
    private final Instant now;
    private final Tools tools;
    private final Map<PartitionName, MoveResult> results = new TreeMap<>();
    private final Map<DatasetName, Commits> commits = new TreeMap<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final long begin = System.nanoTime();
    private int underWay;
    private volatile boolean stopped;

    /**
     * What an execution works with.
     *
     * @param hot belongs to this run's lease
     * @param concurrent copies and loads at a time
     * @param commitInterval shortest time between two commits to a dataset
     */
    record Tools(
            LakeView lake,
            FileMover files,
            HotMover hot,
            Audit audit,
            int concurrent,
            Duration commitInterval,
            FaultPoint fault,
            Progress progress) {}

    /** Where an act is written down before it is done. */
    @FunctionalInterface
    interface Audit {
        void append(AuditEvent event);
    }

    PlanExecution(TierPlan plan, Instant now, Tools tools) {
        this.plan = plan;
        this.now = now;
        this.tools = tools;
    }

    /** One result for each planned move, sorted by partition. */
    List<MoveResult> run() {
        List<PlannedPartition> moves = plan.moves();
        if (moves.isEmpty()) {
            return List.of();
        }
        ExecutorService workers = Executors.newFixedThreadPool(tools.concurrent());
        try (Progress.Stage stage = tools.progress().begin("moving partitions", moves.size(), "partitions")) {
            start(moves, workers);
            int reported = 0;
            while (underWay > 0 || commits.values().stream().anyMatch(Commits::hasStaged)) {
                Outcome outcome = await();
                if (outcome != null) {
                    settle(outcome);
                }
                for (Commits dataset : commits.values()) {
                    if (dataset.isDue()) {
                        commit(dataset, workers);
                    }
                }
                stage.advance(results.size() - reported);
                reported = results.size();
            }
        } finally {
            stopped = true;
            workers.shutdownNow();
        }
        return List.copyOf(results.values());
    }

    /** A move under way, with the partition as it was found. */
    private record Move(PlannedPartition planned, PartitionFiles files) {
        Tier target() {
            return planned.decision().to().orElseThrow();
        }

        /** The tier that its files have to be in. */
        Tier fileTarget() {
            return target() == Tier.COLD ? Tier.COLD : Tier.WARM;
        }

        boolean hasFilesInPlace() {
            return files.tier() == (fileTarget() == Tier.COLD ? FileTier.COLD : FileTier.WARM);
        }
    }

    private record Staged(Move move, FileMover.Copy copy, RowChecksum checksum) {}

    /** What a worker reports. */
    private sealed interface Outcome {
        Move move();
    }

    private record Copied(Move move, FileMover.Copy copy, RowChecksum checksum) implements Outcome {}

    private record Loaded(Move move, RowChecksum checksum) implements Outcome {}

    private record Broken(Move move, boolean copying, LakeException problem) implements Outcome {}

    /** The process is dying; nothing may go on. */
    private record Died(Move move, Error error) implements Outcome {}

    /** The copies of one dataset that wait for its next commit. */
    private final class Commits {
        private final List<Staged> staged = new ArrayList<>();
        private int copying;
        private long firstStaged;
        private long lastCommit;
        private boolean committed;

        boolean hasStaged() {
            return !staged.isEmpty();
        }

        void stage(Staged copy) {
            if (staged.isEmpty()) {
                firstStaged = System.nanoTime();
            }
            staged.add(copy);
        }

        boolean isDue() {
            return hasStaged() && nanosUntilDue() <= 0;
        }

        long nanosUntilDue() {
            long interval = tools.commitInterval().toNanos();
            if (committed) {
                return lastCommit + interval - System.nanoTime();
            }
            return copying == 0 ? 0 : firstStaged + interval - System.nanoTime();
        }
    }

    private void start(List<PlannedPartition> moves, ExecutorService workers) {
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
        copies.forEach(move -> commits(move).copying++);
        loads.forEach(move -> submit(workers, move, false));
        copies.forEach(move -> submit(workers, move, true));
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

    private boolean unserve(Move move) {
        PartitionName partition = move.planned().partition();
        try {
            tools.audit().append(event("tiering.unserve", move.planned(), Map.of()));
            tools.fault().reached("unserve.audited");
            tools.hot().unserve(partition, now);
            tools.fault().reached("unserve.done");
            return true;
        } catch (RuntimeException e) {
            finish(move.planned(), State.FAILED, Optional.empty(), Optional.of(problem(move, "leave PostgreSQL", e)));
            return false;
        }
    }

    private void submit(ExecutorService workers, Move move, boolean copying) {
        underWay++;
        workers.execute(() -> {
            if (stopped) {
                return;
            }
            Outcome outcome;
            try {
                outcome = copying ? copy(move) : load(move);
            } catch (RuntimeException e) {
                outcome = new Broken(move, copying, problem(move, copying ? "be copied" : "be loaded", e));
            } catch (Error e) {
                outcome = new Died(move, e);
            }
            outcomes.add(outcome);
        });
    }

    private Outcome copy(Move move) {
        FileMover.Copy copy = tools.files().copy(move.files(), move.fileTarget());
        fault("move.copied");
        Verification verification = tools.files().verify(copy);
        if (!verification.matches()) {
            tools.files().discard(copy);
            throw mismatch(move, verification);
        }
        fault("move.verified");
        return new Copied(move, copy, verification.found());
    }

    private Outcome load(Move move) {
        HotMover.Load load = tools.hot().load(move.files());
        fault("hot.loaded");
        Verification verification = tools.hot().verify(load);
        if (!verification.matches()) {
            throw mismatch(move, verification);
        }
        fault("hot.verified");
        tools.hot().serve(load, now);
        fault("hot.served");
        return new Loaded(move, verification.found());
    }

    /** A worker whose run is over does nothing lasting any more. */
    private void fault(String step) {
        if (stopped) {
            throw new IllegalStateException("the run is over");
        }
        tools.fault().reached(step);
    }

    private static LakeException mismatch(Move move, Verification verification) {
        return LakeException.gate(
                "the copy of " + move.planned().partition() + " for " + move.target() + " is not its source",
                "the source has " + verification.expected() + ", the copy reads back as " + verification.found(),
                "nothing was switched and the source is untouched; run `lake tier apply` again, and `lake doctor` if it"
                        + " happens again");
    }

    private Outcome await() {
        long wait = Math.min(TimeUnit.SECONDS.toNanos(1), nanosUntilNextCommit());
        try {
            return underWay > 0 ? outcomes.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS) : sleep(Math.max(wait, 0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "plan " + plan.id() + " was interrupted",
                    "the thread was asked to end",
                    "run `lake tier apply` again: it takes up where this run stopped",
                    e);
        }
    }

    private static Outcome sleep(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
        return null;
    }

    private long nanosUntilNextCommit() {
        return commits.values().stream()
                .filter(Commits::hasStaged)
                .mapToLong(Commits::nanosUntilDue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void settle(Outcome outcome) {
        underWay--;
        if (outcome instanceof Died died) {
            throw died.error();
        } else if (outcome instanceof Copied copied) {
            Commits dataset = commits(copied.move());
            dataset.copying--;
            dataset.stage(new Staged(copied.move(), copied.copy(), copied.checksum()));
        } else if (outcome instanceof Loaded loaded) {
            finish(loaded.move().planned(), State.DONE, Optional.of(loaded.checksum()), Optional.empty());
        } else if (outcome instanceof Broken broken) {
            if (broken.copying()) {
                commits(broken.move()).copying--;
            }
            finish(broken.move().planned(), State.FAILED, Optional.empty(), Optional.of(broken.problem()));
        }
    }

    private Commits commits(Move move) {
        return commits.computeIfAbsent(move.planned().partition().dataset(), dataset -> new Commits());
    }

    private void commit(Commits dataset, ExecutorService workers) {
        List<Staged> staged = List.copyOf(dataset.staged);
        dataset.staged.clear();
        List<Staged> switched = new ArrayList<>();
        try {
            commit(staged);
            switched.addAll(staged);
        } catch (RuntimeException e) {
            switched.addAll(commitWithoutDrifted(staged, e));
        }
        dataset.committed = true;
        dataset.lastCommit = System.nanoTime();
        for (Staged copy : switched) {
            if (copy.move().target() != Tier.HOT) {
                finish(copy.move().planned(), State.DONE, Optional.of(copy.checksum()), Optional.empty());
            }
        }
        loadFromNewFiles(
                switched.stream()
                        .map(Staged::move)
                        .filter(move -> move.target() == Tier.HOT)
                        .toList(),
                workers);
    }

    /** What became warm on its way from cold to hot. */
    private void loadFromNewFiles(List<Move> moves, ExecutorService workers) {
        if (moves.isEmpty()) {
            return;
        }
        DatasetName dataset = moves.get(0).planned().partition().dataset();
        Map<PartitionName, PartitionFiles> live = new HashMap<>();
        try {
            tools.lake()
                    .snapshot(dataset)
                    .orElseThrow()
                    .partitions()
                    .forEach(files -> live.put(files.partition(), files));
        } catch (RuntimeException e) {
            moves.forEach(move -> finish(
                    move.planned(), State.FAILED, Optional.empty(), Optional.of(problem(move, "be found again", e))));
            return;
        }
        for (Move move : moves) {
            PartitionFiles files = live.get(move.planned().partition());
            if (files == null) {
                finish(
                        move.planned(),
                        State.REFUSED,
                        Optional.empty(),
                        CurrentState.drift(move.planned(), Optional.empty()));
            } else {
                submit(workers, new Move(move.planned(), files), false);
            }
        }
    }

    private void commit(List<Staged> staged) {
        for (Staged copy : staged) {
            tools.audit()
                    .append(event(
                            "tiering.retire-files",
                            copy.move().planned(),
                            Map.of(
                                    "files",
                                            Integer.toString(
                                                    copy.move().files().files().size()),
                                    "rows", Long.toString(copy.checksum().rows()),
                                    "checksum", copy.checksum().hex())));
        }
        tools.fault().reached("move.audited");
        tools.files().commit(staged.stream().map(Staged::copy).toList(), now);
        tools.fault().reached("move.committed");
    }

    /** Somebody rewrote the source of some: the others need not suffer. */
    private List<Staged> commitWithoutDrifted(List<Staged> staged, RuntimeException failure) {
        List<Staged> rest = staged;
        RuntimeException reason = failure;
        try {
            List<FileMover.Copy> drifted =
                    tools.files().drifted(staged.stream().map(Staged::copy).toList());
            List<Staged> refused = staged.stream()
                    .filter(copy -> drifted.contains(copy.copy()))
                    .toList();
            rest = staged.stream()
                    .filter(copy -> !drifted.contains(copy.copy()))
                    .toList();
            for (Staged copy : refused) {
                tools.files().discard(copy.copy());
                finish(
                        copy.move().planned(),
                        State.REFUSED,
                        Optional.empty(),
                        Optional.of(LakeException.gate(
                                copy.move().planned().partition() + " was not moved to "
                                        + copy.move().target(),
                                "its files were rewritten while they were copied",
                                "make a new plan with `lake tier plan`; the copy that was made was deleted")));
            }
            if (refused.isEmpty()) {
                throw failure;
            }
            if (!rest.isEmpty()) {
                commit(rest);
            }
            return rest;
        } catch (RuntimeException again) {
            reason = again;
        }
        for (Staged copy : rest) {
            finish(
                    copy.move().planned(),
                    State.FAILED,
                    Optional.empty(),
                    Optional.of(problem(copy.move(), "be committed", reason)));
        }
        return List.of();
    }

    private void finish(
            PlannedPartition planned, State state, Optional<RowChecksum> checksum, Optional<LakeException> problem) {
        Instant ended = now.plusNanos(System.nanoTime() - begin);
        results.put(planned.partition(), new MoveResult(planned, state, checksum, problem, ended));
    }

    private AuditEvent event(String action, PlannedPartition planned, Map<String, String> more) {
        Map<String, String> details = new HashMap<>(more);
        details.put("plan", plan.id());
        details.put("to", planned.decision().to().orElseThrow().name());
        details.put("file_set", planned.fileSetHash());
        details.put("bytes", Long.toString(planned.bytes()));
        return new AuditEvent(now, ACTOR, action, planned.partition().toString(), details);
    }

    private static LakeException problem(Move move, String verb, RuntimeException e) {
        return e instanceof LakeException known
                ? known
                : LakeException.failed(
                        move.planned().partition() + " could not " + verb,
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "its source is untouched; run `lake tier apply` again",
                        e);
    }
}
