package io.datapunk.tiering.heat;

import io.datapunk.lake.config.AccessConfig;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ScanCounters;
import io.datapunk.tiering.heat.AccessRows.TakenInput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads of hot partitions, from PostgreSQL's counters of scans by leaf. The lake's own scans of a leaf, for its indexes
 * and its verification, lie before it is served, and a leaf's first look counts nothing. After a failover, or on another
 * server, all counters are looked at for the first time again.
 */
public final class PostgresSource implements AccessSource {
    private final Supplier<Optional<PostgresConnection>> server;
    private final Duration timeout;

    /**
     * @param server empty where none runs: an embedded one that stands still keeps its counters
     * @param timeout how long it may take to connect and to answer
     */
    public PostgresSource(Supplier<Optional<PostgresConnection>> server, Duration timeout) {
        this.server = server;
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return AccessConfig.POSTGRES;
    }

    @Override
    public void collect(Intake intake) throws IOException {
        Optional<PostgresConnection> running = server.get();
        if (running.isEmpty()) {
            return;
        }
        List<ScanCounters.Counter> counters;
        try {
            counters = ScanCounters.read(running.get(), timeout);
        } catch (HotStoreUnavailableException e) {
            intake.counts()
                    .warn("PostgreSQL does not answer, so reads of hot partitions are counted by the next run: "
                            + e.getMessage());
            return;
        }
        if (!counters.isEmpty()) {
            take(intake, counters);
        }
    }

    private void take(Intake intake, List<ScanCounters.Counter> counters) throws IOException {
        Map<String, TakenInput> taken = intake.taken(name());
        List<AccessLine> lines = new ArrayList<>();
        List<AccessInput> inputs = new ArrayList<>();
        for (ScanCounters.Counter counter : counters) {
            Optional<TakenInput> before = Optional.ofNullable(taken.get(counter.identity()));
            Optional<Long> value = before.map(input -> input.input().position());
            if (value.equals(Optional.of(counter.scans()))) {
                continue;
            }
            long accesses = ScanCounts.accesses(
                    value, before.map(TakenInput::takenAt).orElse(intake.now()), counter.scans(), intake.now());
            inputs.add(new AccessInput(name(), counter.identity(), "", counter.scans(), accesses));
            if (accesses > 0) {
                lines.add(line(counter, accesses, intake.now()));
            }
        }
        if (!inputs.isEmpty()) {
            AccessBatch batch = intake.draft();
            batch.write(lines);
            batch.writeInputs(inputs);
            intake.fault().reached("heat.staged");
            intake.commit(batch.seal());
        }
    }

    /** All of them at the time of the last scan, which is the only one that is known. */
    private static AccessLine line(ScanCounters.Counter counter, long accesses, Instant now) {
        Instant at = counter.lastScan().filter(last -> last.isBefore(now)).orElse(now);
        return new AccessLine(
                at, counter.partition().toString(), "postgres", accesses, Optional.empty(), Optional.empty());
    }
}
