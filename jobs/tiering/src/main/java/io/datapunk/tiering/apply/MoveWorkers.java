package io.datapunk.tiering.apply;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Verification;
import io.datapunk.tiering.FaultPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Copies and loads on several threads. Each move has one outcome, whatever became of those that were copied together with
 * it: a batch that fails is tried once more partition by partition.
 */
final class MoveWorkers implements AutoCloseable {
    private final FileMover files;
    private final HotMover hot;
    private final FaultPoint fault;
    private final Instant now;
    private final ExecutorService threads;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private int underWay;
    private volatile boolean stopped;

    MoveWorkers(PlanExecution.Tools tools, Instant now) {
        this.files = tools.files();
        this.hot = tools.hot();
        this.fault = tools.fault();
        this.now = now;
        this.threads = Executors.newFixedThreadPool(tools.concurrent());
    }

    /** @param batch partitions of one dataset on their way into one tier */
    void copy(List<Move> batch) {
        underWay += batch.size();
        submit(() -> copyTogether(batch));
    }

    void load(Move move) {
        underWay++;
        submit(() -> outcomes.add(loaded(move)));
    }

    /** Whether outcomes are to come. */
    boolean areBusy() {
        return underWay > 0;
    }

    /** The next outcome, empty where there is none within this time. */
    Optional<Outcome> await(long nanos) throws InterruptedException {
        Outcome outcome = outcomes.poll(nanos, TimeUnit.NANOSECONDS);
        if (outcome != null) {
            underWay--;
        }
        return Optional.ofNullable(outcome);
    }

    /** Nothing lasting is done any more from now on. */
    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }

    private void submit(Runnable work) {
        threads.execute(() -> {
            try {
                if (!stopped) {
                    work.run();
                }
            } catch (Error e) {
                outcomes.add(new Outcome.Died(e));
            }
        });
    }

    private void copyTogether(List<Move> batch) {
        List<FileMover.Copy> copies;
        try {
            copies = files.copy(
                    batch.stream().map(Move::files).toList(), batch.get(0).fileTarget());
            reached("move.copied");
        } catch (RuntimeException e) {
            oneByOne(batch, e, (move, ordinal) -> () -> copyTogether(List.of(move)));
            return;
        }
        verifyTogether(batch, copies);
    }

    private void verifyTogether(List<Move> batch, List<FileMover.Copy> copies) {
        List<Outcome> found = new ArrayList<>();
        try {
            List<Verification> verifications = files.verify(copies);
            for (int i = 0; i < batch.size(); i++) {
                found.add(compared(batch.get(i), copies.get(i), verifications.get(i)));
            }
            if (found.stream().anyMatch(outcome -> outcome instanceof Outcome.Copied)) {
                reached("move.verified");
            }
        } catch (RuntimeException e) {
            oneByOne(batch, e, (move, ordinal) -> () -> verifyTogether(List.of(move), List.of(copies.get(ordinal))));
            return;
        }
        outcomes.addAll(found);
    }

    /** One that is bad must not take its neighbours along. */
    private void oneByOne(List<Move> batch, RuntimeException problem, BiFunction<Move, Integer, Runnable> again) {
        if (batch.size() == 1) {
            outcomes.add(new Outcome.NotCopied(batch.get(0), batch.get(0).problem("be copied", problem)));
            return;
        }
        for (int i = 0; i < batch.size() && !stopped; i++) {
            again.apply(batch.get(i), i).run();
        }
    }

    private Outcome compared(Move move, FileMover.Copy copy, Verification verification) {
        if (verification.matches()) {
            return new Outcome.Copied(move, copy, verification.found());
        }
        LakeException mismatch = mismatch(move, verification);
        try {
            files.discard(copy);
        } catch (RuntimeException e) {
            // No table refers to it; that it is wrong is what has to be told.
            mismatch.addSuppressed(e);
        }
        return new Outcome.NotCopied(move, mismatch);
    }

    private Outcome loaded(Move move) {
        try {
            HotMover.Load load = hot.load(move.files());
            reached("hot.loaded");
            Verification verification = hot.verify(load);
            if (!verification.matches()) {
                return new Outcome.NotLoaded(move, mismatch(move, verification));
            }
            reached("hot.verified");
            hot.serve(load, now);
            reached("hot.served");
            return new Outcome.Loaded(move, verification.found());
        } catch (RuntimeException e) {
            return new Outcome.NotLoaded(move, move.problem("be loaded", e));
        }
    }

    /** A worker whose run is over does nothing lasting any more. */
    private void reached(String step) {
        if (stopped) {
            throw new IllegalStateException("the run is over");
        }
        fault.reached(step);
    }

    private static LakeException mismatch(Move move, Verification verification) {
        return LakeException.gate(
                "the copy of " + move.partition() + " for " + move.target() + " is not its source",
                "the source has " + verification.expected() + ", the copy reads back as " + verification.found(),
                "nothing was switched and the source is untouched; run `lake tier apply` again, and `lake doctor` if it"
                        + " happens again");
    }
}
