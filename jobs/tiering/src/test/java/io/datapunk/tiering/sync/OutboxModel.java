package io.datapunk.tiering.sync;

import io.datapunk.tiering.sync.ModelChecker.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One month of a dataset whose rows applications write in PostgreSQL, and how the writes come to Delta while the month
 * leaves the hot tier and comes back. What the steps assume of PostgreSQL: a writer holds its rows' locks until it ends, a
 * row of the outbox is seen when its transaction has committed, and each is numbered after its row was locked.
 *
 * @param programs what each application's transaction writes, in that order
 * @param moves how often the month leaves or comes back
 * @param crashes how often the lake is killed
 */
record OutboxModel(List<List<Write>> programs, int moves, int crashes, Set<Flaw> flaws)
        implements ModelChecker.Model<OutboxModel.State> {
    /** Ways to build it that look right. */
    enum Flaw {
        /** Takes only rows of transactions that are older than every running one, as a reader with a cursor must. */
        TAKES_BELOW_OLDEST_RUNNING,
        /** Reads the outbox again when it removes what was merged, instead of marking the rows before. */
        REMOVES_WHAT_IT_SEES,
        /** Merges a batch again that Delta has already. */
        MERGES_TWICE,
        /** Compares a month with Delta without a last sync. */
        COMPARES_WITHOUT_LAST_SYNC,
        /** Serves a month without waiting for those that write in its inbox. */
        SERVES_BESIDE_WRITERS,
        /** Serves what was loaded, without what stands in the outbox since. */
        SERVES_AN_EARLIER_LOAD,
        /** Lets a sync take out of the outbox what a load lacks. */
        SYNCS_BETWEEN_LOAD_AND_SWAP
    }

    /** @param value null where the row is deleted */
    record Write(String key, Integer value) {}

    enum Status {
        RUNNING,
        COMMITTED,
        ABORTED
    }

    /** @param xid 0 before the first write */
    record Transaction(Status status, int done, int xid) {}

    /**
     * A row of the outbox.
     *
     * @param leaf which of the month's leaves the write went to
     * @param batch 0 before a sync has taken it
     */
    record Entry(int number, int transaction, int leaf, Write write, int batch) {}

    /** What a running sync keeps in memory. */
    enum Sync {
        IDLE,
        MARKED,
        MERGED
    }

    /** What a running move keeps in memory. */
    enum Move {
        NONE,
        LOADED,
        CLOSED
    }

    /** Everything that is; changed only while it is new. */
    static final class State {
        List<Transaction> transactions;
        List<Entry> outbox = List.of();
        int nextXid = 1;
        int nextEntry = 1;
        /** Even leaves serve the month, odd ones are inboxes: they take rows for a month that is not hot. */
        int leaf;

        boolean closed;
        SortedMap<String, Integer> rows;
        SortedMap<String, Integer> delta;
        int deltaBatch;
        /** What applications have committed, in that order. */
        SortedMap<String, Integer> truth;

        boolean isFoundDifferent;

        Sync sync = Sync.IDLE;
        Move move = Move.NONE;
        SortedMap<String, Integer> loaded = new TreeMap<>();
        int crashes;

        private List<Object> parts() {
            return List.of(
                    transactions,
                    outbox,
                    nextXid,
                    nextEntry,
                    leaf,
                    closed,
                    rows,
                    delta,
                    deltaBatch,
                    truth,
                    isFoundDifferent,
                    sync,
                    move,
                    loaded,
                    crashes);
        }

        State with(Consumer<State> change) {
            State next = new State();
            next.transactions = new ArrayList<>(transactions);
            next.outbox = outbox;
            next.nextXid = nextXid;
            next.nextEntry = nextEntry;
            next.leaf = leaf;
            next.closed = closed;
            next.rows = new TreeMap<>(rows);
            next.delta = new TreeMap<>(delta);
            next.deltaBatch = deltaBatch;
            next.truth = new TreeMap<>(truth);
            next.isFoundDifferent = isFoundDifferent;
            next.sync = sync;
            next.move = move;
            next.loaded = loaded;
            next.crashes = crashes;
            change.accept(next);
            return next;
        }

        boolean isServing() {
            return leaf % 2 == 0;
        }

        boolean isRunning(int who) {
            return transactions.get(who).status() == Status.RUNNING;
        }

        boolean isWritten() {
            return transactions.stream().anyMatch(each -> each.status() == Status.RUNNING && each.done() > 0);
        }

        boolean isCommitted(Entry entry) {
            return transactions.get(entry.transaction()).status() == Status.COMMITTED;
        }

        Stream<Entry> of(int who) {
            return outbox.stream().filter(entry -> entry.transaction() == who);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State state && parts().equals(state.parts());
        }

        @Override
        public int hashCode() {
            return Objects.hash(parts());
        }
    }

    @Override
    public State initial() {
        State state = new State();
        state.transactions = Collections.nCopies(programs.size(), new Transaction(Status.RUNNING, 0, 0));
        state.rows = new TreeMap<>(Map.of("a", 0));
        state.delta = state.rows;
        state.truth = state.rows;
        return state;
    }

    @Override
    public Optional<String> violation(State state) {
        if (state.isServing() && !state.rows.equals(state.truth)) {
            return Optional.of("applications wrote " + state.truth + " and read " + state.rows);
        }
        if (state.isFoundDifferent) {
            return Optional.of("PostgreSQL and Delta were compared while they differed");
        }
        boolean isSynced = state.outbox.isEmpty() && state.sync == Sync.IDLE;
        if (isSynced && !state.delta.equals(state.truth)) {
            return Optional.of("applications wrote " + state.truth + " and Delta holds " + state.delta);
        }
        return Optional.empty();
    }

    @Override
    public List<Step<State>> steps(State state) {
        List<Step<State>> steps = new ArrayList<>();
        for (int who = 0; who < programs.size(); who++) {
            if (state.isRunning(who)) {
                application(steps, state, who);
            }
        }
        sync(steps, state);
        if (state.isServing()) {
            demote(steps, state);
        } else {
            promote(steps, state);
        }
        boolean isAtWork = state.sync != Sync.IDLE || state.move != Move.NONE;
        if (isAtWork && state.crashes < crashes) {
            // What was in memory is gone; a closed month stays closed.
            add(steps, "the lake is killed", state, next -> {
                next.sync = Sync.IDLE;
                next.move = Move.NONE;
                next.loaded = new TreeMap<>();
                next.crashes++;
            });
        }
        return steps;
    }

    private void application(List<Step<State>> steps, State state, int who) {
        Transaction transaction = state.transactions.get(who);
        List<Write> program = programs.get(who);
        String name = "T" + (who + 1);
        if (transaction.done() > 0) {
            add(steps, name + " gives up", state, next -> abort(next, who));
        }
        if (transaction.done() == program.size()) {
            add(steps, name + " commits", state, next -> commit(next, who));
            return;
        }
        Write write = program.get(transaction.done());
        boolean isRefused = state.closed || !state.isServing() && write.value() == null;
        boolean isLocked = state.outbox.stream()
                .anyMatch(entry -> entry.transaction() != who
                        && entry.write().key().equals(write.key())
                        && state.isRunning(entry.transaction()));
        if (isRefused) {
            add(steps, name + " is refused", state, next -> abort(next, who));
        } else if (!isLocked) {
            add(steps, name + " writes " + write.key() + "=" + write.value(), state, next -> write(next, who, write));
        }
    }

    private static void write(State next, int who, Write write) {
        Transaction before = next.transactions.get(who);
        int xid = before.xid() == 0 ? next.nextXid++ : before.xid();
        next.transactions.set(who, new Transaction(Status.RUNNING, before.done() + 1, xid));
        next.outbox = Stream.concat(
                        next.outbox.stream(), Stream.of(new Entry(next.nextEntry++, who, next.leaf, write, 0)))
                .toList();
    }

    private static void commit(State next, int who) {
        Transaction before = next.transactions.get(who);
        next.transactions.set(who, new Transaction(Status.COMMITTED, before.done(), before.xid()));
        next.of(who).forEach(entry -> {
            apply(entry.write(), next.truth);
            if (entry.leaf() == next.leaf) {
                apply(entry.write(), next.rows);
            }
        });
    }

    private static void abort(State next, int who) {
        Transaction before = next.transactions.get(who);
        next.transactions.set(who, new Transaction(Status.ABORTED, before.done(), before.xid()));
        next.outbox =
                next.outbox.stream().filter(entry -> entry.transaction() != who).toList();
    }

    private void sync(List<Step<State>> steps, State state) {
        switch (state.sync) {
            case IDLE -> {
                // What a killed sync has marked comes first, and alone.
                if (state.move == Move.LOADED && !flaws.contains(Flaw.SYNCS_BETWEEN_LOAD_AND_SWAP)) {
                    return;
                }
                boolean isLeft = state.outbox.stream().anyMatch(entry -> entry.batch() > 0);
                if (isLeft || state.outbox.stream().anyMatch(entry -> isTaken(state, entry))) {
                    add(steps, isLeft ? "sync takes its batch up again" : "sync marks a batch", state, next -> {
                        next.outbox = isLeft ? next.outbox : marked(state);
                        next.sync = Sync.MARKED;
                    });
                }
            }
            case MARKED -> add(steps, "sync merges", state, this::merge);
            case MERGED ->
                add(steps, "sync removes what it merged", state, next -> {
                    next.outbox = next.outbox.stream()
                            .filter(entry -> !isRemoved(state, entry))
                            .toList();
                    next.sync = Sync.IDLE;
                });
        }
    }

    private List<Entry> marked(State state) {
        return state.outbox.stream()
                .map(entry -> isTaken(state, entry)
                        ? new Entry(
                                entry.number(), entry.transaction(), entry.leaf(), entry.write(), state.deltaBatch + 1)
                        : entry)
                .toList();
    }

    private boolean isTaken(State state, Entry entry) {
        int oldestRunning = state.transactions.stream()
                .filter(each -> each.status() == Status.RUNNING && each.xid() > 0)
                .mapToInt(Transaction::xid)
                .min()
                .orElse(state.nextXid);
        return state.isCommitted(entry)
                && (!flaws.contains(Flaw.TAKES_BELOW_OLDEST_RUNNING)
                        || state.transactions.get(entry.transaction()).xid() < oldestRunning);
    }

    /** In the order of their numbers, which is that of the commits for each row. */
    private void merge(State next) {
        int batch = next.outbox.stream().mapToInt(Entry::batch).max().orElseThrow();
        if (batch > next.deltaBatch || flaws.contains(Flaw.MERGES_TWICE)) {
            next.outbox.stream()
                    .filter(entry -> entry.batch() == batch)
                    .forEach(entry -> apply(entry.write(), next.delta));
            next.deltaBatch = batch;
        }
        next.sync = Sync.MERGED;
    }

    private boolean isRemoved(State state, Entry entry) {
        return flaws.contains(Flaw.REMOVES_WHAT_IT_SEES) ? state.isCommitted(entry) : entry.batch() > 0;
    }

    private void demote(List<Step<State>> steps, State state) {
        if (state.closed && state.move == Move.NONE) {
            add(steps, "what a killed run has closed is opened", state, next -> next.closed = false);
        } else if (state.move == Move.NONE && state.leaf < moves) {
            close(steps, state);
        } else if (state.move == Move.CLOSED && isDrained(state)) {
            add(steps, "the month is compared and leaves, its inbox opens", state, next -> {
                next.isFoundDifferent = !state.rows.equals(state.delta);
                swap(next, new TreeMap<>());
            });
        }
    }

    private void promote(List<Step<State>> steps, State state) {
        boolean isLeft = state.outbox.stream().anyMatch(entry -> entry.batch() > 0);
        if (state.move == Move.NONE && state.leaf < moves && state.sync == Sync.IDLE && !isLeft) {
            add(steps, "the month is loaded", state, next -> {
                next.move = Move.LOADED;
                next.loaded = state.delta;
            });
        } else if (state.move == Move.LOADED && (!state.isWritten() || flaws.contains(Flaw.SERVES_BESIDE_WRITERS))) {
            add(steps, "the month is served with what came since", state, next -> {
                SortedMap<String, Integer> rows = new TreeMap<>(state.loaded);
                if (!flaws.contains(Flaw.SERVES_AN_EARLIER_LOAD)) {
                    state.outbox.stream().filter(state::isCommitted).forEach(entry -> apply(entry.write(), rows));
                }
                swap(next, rows);
            });
        }
    }

    private void close(List<Step<State>> steps, State state) {
        if (!state.isWritten()) {
            add(steps, "the month is closed", state, next -> {
                next.closed = true;
                next.move = Move.CLOSED;
            });
        }
    }

    private boolean isDrained(State state) {
        return flaws.contains(Flaw.COMPARES_WITHOUT_LAST_SYNC)
                || state.sync == Sync.IDLE && state.outbox.stream().noneMatch(state::isCommitted);
    }

    private static void swap(State next, SortedMap<String, Integer> rows) {
        next.leaf++;
        next.rows = new TreeMap<>(rows);
        next.closed = false;
        next.move = Move.NONE;
        next.loaded = new TreeMap<>();
    }

    private static void apply(Write write, SortedMap<String, Integer> rows) {
        if (write.value() == null) {
            rows.remove(write.key());
        } else {
            rows.put(write.key(), write.value());
        }
    }

    private static void add(List<Step<State>> steps, String name, State state, Consumer<State> change) {
        steps.add(new Step<>(name, state.with(change)));
    }
}
