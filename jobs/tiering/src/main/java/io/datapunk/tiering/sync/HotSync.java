package io.datapunk.tiering.sync;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaMerge;
import io.datapunk.lake.delta.DeltaMerge.Merged;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.Outbox.Batch;
import io.datapunk.lake.postgres.Outbox.Extent;
import io.datapunk.lake.postgres.Served;
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
import org.apache.spark.sql.functions;

/**
 * Brings what applications wrote in PostgreSQL to Delta: marks a batch, merges it in one commit that carries the batch's
 * number, removes it. Killed anywhere and run again, each write is in Delta once. {@code OutboxModelTest} goes through the
 * orders in which this and the applications can meet.
 */
public final class HotSync {
    private static final String APPLICATION = "lake.sync";

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

    /** Brings everything, opens what a killed run had closed, and makes places for the months to come. */
    public List<DatasetSync> syncAll(Instant now) {
        LakeTables.all().stream()
                .filter(definition -> config.tiering(definition.name()).hot().writes())
                .forEach(store.writable()::allow);
        store.writable().closed().forEach(store.writable()::reopen);
        List<DatasetSync> synced = new ArrayList<>();
        for (WritableDataset dataset : store.writable().datasets()) {
            synced.add(sync(dataset));
            dataset.partitionColumn().ifPresent(column -> openLeaves(dataset, now));
        }
        return synced;
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
        DatasetSync synced = new DatasetSync(dataset.name(), 0, 0, 0, 0);
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
                synced = plus(
                        synced, merge(dataset, definition, delta, batch.get().number()));
            }
            fault.reached("sync.merged");
            batch.ifPresent(brought -> store.outbox().remove(dataset, brought.number()));
            fault.reached("sync.removed");
            isLast = batch.isEmpty() || !batch.get().isLeft();
        }
        return synced;
    }

    private static DatasetSync plus(DatasetSync one, DatasetSync other) {
        return new DatasetSync(
                one.dataset(),
                one.inserted() + other.inserted(),
                one.updated() + other.updated(),
                one.deleted() + other.deleted(),
                one.leftOut() + other.leftOut());
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
            store.writable().follow(files(before, partition).fileSetHash(), files(after, partition));
        }
    }

    private static PartitionFiles files(TableSnapshot snapshot, PartitionName partition) {
        return snapshot.partition(partition)
                .orElseGet(() -> new PartitionFiles(partition, snapshot.version(), List.of()));
    }

    /**
     * Readies a partition to leave PostgreSQL: lets no more writes in, brings the last ones, and compares the two. Where
     * that fails, it stays and takes writes again. Does nothing for one that applications do not write.
     *
     * @throws LakeException where Delta lacks something that PostgreSQL has
     */
    public void drain(PartitionName partition) {
        Optional<WritableDataset> dataset = store.writable().datasets().stream()
                .filter(written -> written.name().equals(partition.dataset()))
                .findFirst();
        if (dataset.isEmpty()) {
            return;
        }
        store.writable().close(partition);
        try {
            fault.reached("drain.closed");
            sync(dataset.get());
            fault.reached("drain.synced");
            verify(dataset.get(), partition);
            fault.reached("drain.verified");
        } catch (RuntimeException e) {
            store.writable().reopen(partition);
            throw e;
        }
    }

    private void verify(WritableDataset dataset, PartitionName partition) {
        PartitionFiles files = snapshot(dataset)
                .map(found -> files(found, partition))
                .orElseGet(() -> new PartitionFiles(partition, 0, List.of()));
        Served served = store.served().get(partition);
        if (served == null || !served.fileSetHash().equals(files.fileSetHash())) {
            // Delta has other rows besides, of an import or a deletion: there is nothing to compare with.
            return;
        }
        TableDefinition definition = LakeTables.find(dataset.name()).orElseThrow();
        RowChecksum inPostgres = store.writable().checksum(partition, definition);
        PartitionValue value = partition.value().orElseThrow();
        SparkSession session = spark.get();
        RowChecksum inDelta = files.files().isEmpty()
                ? RowChecksum.ZERO
                : DeltaChecksum.of(session.read()
                        .format("delta")
                        .option("versionAsOf", files.deltaVersion())
                        .load(home.tablePath(dataset.name()))
                        .where(functions.col(value.column()).equalTo(value.value())));
        if (!new Verification(inPostgres, inDelta).matches()) {
            throw LakeException.gate(
                    partition + " does not leave PostgreSQL",
                    "it holds " + inPostgres + " there, and " + inDelta + " in Delta",
                    "it stays where it is; run `lake doctor`, then `lake tier sync`");
        }
    }

    private Optional<TableSnapshot> snapshot(WritableDataset dataset) {
        return TableLog.of(config, home).snapshot(dataset.name());
    }
}
