package io.datapunk.tiering.sync;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaMerge;
import io.datapunk.lake.delta.DeltaMerge.Merged;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.Outbox.Batch;
import io.datapunk.lake.postgres.Outbox.Extent;
import io.datapunk.lake.postgres.WritableDataset;
import io.datapunk.tiering.FaultPoint;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * Brings what applications wrote in PostgreSQL to Delta: marks a batch, merges it in one commit that carries the batch's
 * number, removes it. Killed anywhere and run again, each write is in Delta once. {@code OutboxModelTest} goes through the
 * orders in which this and the applications can meet.
 */
public final class HotSync {
    private static final String APPLICATION = "lake.sync";
    private static final int FORBID_ATTEMPTS = 10;

    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final HotStore store;
    private final FaultPoint fault;

    /** @param store of a run that holds the lease */
    public HotSync(LakeConfig config, LakeHome home, Supplier<SparkSession> spark, HotStore store, FaultPoint fault) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.store = store;
        this.fault = fault;
    }

    /**
     * Brings everything, opens what a killed run had closed, makes places for the months to come, and lets applications
     * write what the configuration says, no less and no more.
     */
    public List<DatasetSync> syncAll(Instant now) {
        LakeTables.all().stream()
                .filter(definition -> isWritten(definition.name()))
                .forEach(store.writable()::allow);
        store.writable().closed().forEach(store.writable()::reopen);
        List<DatasetSync> synced = new ArrayList<>();
        for (WritableDataset dataset : store.writable().datasets()) {
            DatasetSync brought = sync(dataset);
            if (dataset.born() || isWritten(dataset.name())) {
                dataset.partitionColumn().ifPresent(column -> openLeaves(dataset, now));
            } else {
                brought = brought.plus(forbid(dataset));
            }
            synced.add(brought);
        }
        return synced;
    }

    private boolean isWritten(DatasetName dataset) {
        return config.tiering(dataset).hot().writes();
    }

    private DatasetSync forbid(WritableDataset dataset) {
        DatasetSync brought = DatasetSync.nothing(dataset.name());
        for (int attempt = 1; !store.writable().forbid(dataset); attempt++) {
            if (attempt == FORBID_ATTEMPTS) {
                throw LakeException.failed(
                        "writes in " + dataset.name() + " could not be switched off",
                        "applications wrote between each of " + FORBID_ATTEMPTS + " syncs and the lock that followed",
                        "stop them, then run the command again; nothing was lost");
            }
            brought = brought.plus(sync(dataset));
        }
        return brought;
    }

    private void openLeaves(WritableDataset dataset, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        Set<String> inDelta = snapshot(dataset)
                .map(found -> found.partitions().stream()
                        .map(files -> files.partition().value().orElseThrow().value())
                        .filter(value -> !value.equals(PartitionValue.NO_VALUE))
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        List<String> ahead = IntStream.rangeClosed(
                        0, config.tiering(dataset.name()).hot().monthsAhead())
                .mapToObj(months -> month.plusMonths(months).toString())
                .toList();
        store.writable().openLeaves(dataset, inDelta, ahead);
    }

    /**
     * Brings what was written in one dataset.
     *
     * @throws LakeException where Delta cannot take it; it stays where it is
     */
    public DatasetSync sync(WritableDataset dataset) {
        DatasetSync synced = DatasetSync.nothing(dataset.name());
        if (store.outbox().isEmpty(dataset)) {
            return synced;
        }
        TableDefinition definition = LakeTables.find(dataset.name()).orElseThrow();
        DeltaTables.ensure(spark.get(), home, definition);
        DeltaMerge delta = new DeltaMerge(spark.get(), home);
        // What a killed run has left comes first, and alone; then one batch, for writers need not ever stop.
        boolean isLast = false;
        while (!isLast) {
            long last = delta.lastVersion(definition, APPLICATION);
            Optional<Batch> batch = store.outbox().take(dataset, last + 1);
            fault.reached("sync.marked");
            if (batch.isPresent() && batch.get().number() > last) {
                synced = synced.plus(
                        merge(dataset, definition, delta, batch.get().number()));
            }
            fault.reached("sync.merged");
            batch.ifPresent(brought -> store.outbox().remove(dataset, brought.number()));
            fault.reached("sync.removed");
            isLast = batch.isEmpty() || !batch.get().isLeft();
        }
        return synced;
    }

    private DatasetSync merge(WritableDataset dataset, TableDefinition definition, DeltaMerge delta, long batch) {
        TableSnapshot before = snapshot(dataset).orElseThrow();
        Extent extent = store.outbox().extent(dataset, batch);
        try {
            Merged merged = delta.merge(
                    definition,
                    store.outbox().rows(spark.get(), dataset, definition, batch, extent),
                    extent.values(),
                    new Once(APPLICATION, batch));
            fault.reached("sync.committed");
            follow(dataset, before, extent.values());
            return new DatasetSync(
                    dataset.name(),
                    merged.inserted(),
                    merged.updated(),
                    merged.deleted(),
                    extent.rows() - merged.inserted() - merged.updated() - merged.deleted());
        } catch (RuntimeException e) {
            if (delta.lastVersion(definition, APPLICATION) < batch) {
                store.outbox().giveBack(dataset, batch);
            }
            throw e instanceof LakeException ? e : unreadable(dataset, e);
        }
    }

    private static LakeException unreadable(WritableDataset dataset, RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return LakeException.failed(
                "what applications wrote in " + dataset.name() + " could not be brought to Delta",
                String.valueOf(cause.getMessage()),
                "correct the row in PostgreSQL and run the command again; every write is kept in its outbox",
                e);
    }

    /** What PostgreSQL serves holds these writes already, so it is as fresh as before. */
    private void follow(WritableDataset dataset, TableSnapshot before, List<String> changed) {
        TableSnapshot after = snapshot(dataset).orElseThrow();
        if (after.version() != before.version() + 1) {
            // Somebody else has committed as well: the next plan sees a stale copy, and loads it anew.
            return;
        }
        for (String value : changed) {
            PartitionName partition = dataset.partition(value);
            store.writable().follow(before.filesOf(partition).fileSetHash(), after.filesOf(partition));
        }
    }

    private Optional<TableSnapshot> snapshot(WritableDataset dataset) {
        return TableLog.of(config, home).snapshot(dataset.name());
    }
}
