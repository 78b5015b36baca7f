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
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.WritableDataset;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.tiering.FaultPoint;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

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

    /** Brings everything, finishes what a killed run left half done, and makes places for the months to come. */
    public List<DatasetSync> syncAll(Instant now) {
        LakeTables.all().stream()
                .filter(definition -> config.tiering(definition.name()).hot().writes())
                .forEach(store.writable()::allow);
        finishLeaving(now);
        List<DatasetSync> synced = new ArrayList<>();
        for (WritableDataset dataset : store.writable().datasets()) {
            synced.add(sync(dataset));
            dataset.partitionColumn().ifPresent(column -> openLeaves(dataset, now));
        }
        return synced;
    }

    /** A partition that a killed run had closed stays, or leaves where it was on its way out already. */
    private void finishLeaving(Instant now) {
        List<PartitionName> closed = store.writable().closed();
        if (closed.isEmpty()) {
            return;
        }
        Map<PartitionName, Served> served = store.served();
        for (PartitionName partition : closed) {
            boolean stays = Optional.ofNullable(served.get(partition))
                    .map(copy -> copy.state() == Served.State.SERVING)
                    .orElse(false);
            if (stays) {
                store.writable().reopen(partition);
            } else {
                store.unserve(partition, now);
            }
        }
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
        // What a killed run has left comes first, and alone.
        while (!store.outbox().isEmpty(dataset)) {
            synced = plus(synced, syncBatch(dataset));
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

    private DatasetSync syncBatch(WritableDataset dataset) {
        TableDefinition definition = LakeTables.find(dataset.name()).orElseThrow();
        SparkSession session = spark.get();
        DeltaTables.ensure(session, home, definition);
        DeltaMerge delta = new DeltaMerge(session, home);
        long last = delta.lastVersion(definition, APPLICATION);
        OptionalLong batch = store.outbox().take(dataset, last + 1);
        fault.reached("sync.marked");
        DatasetSync synced = new DatasetSync(dataset.name(), 0, 0, 0, 0);
        if (batch.isPresent() && batch.getAsLong() > last) {
            synced = merge(dataset, definition, delta, session, batch.getAsLong());
        }
        fault.reached("sync.merged");
        batch.ifPresent(number -> store.outbox().remove(dataset, number));
        fault.reached("sync.removed");
        return synced;
    }

    private DatasetSync merge(
            WritableDataset dataset, TableDefinition definition, DeltaMerge delta, SparkSession session, long batch) {
        Map<PartitionName, PartitionFiles> before = partitions(dataset);
        long version = snapshot(dataset).orElseThrow().version();
        return LakeSession.internal(session, () -> {
            // Kept, so that PostgreSQL reads it once; what does not fit into memory goes to the disk.
            Dataset<Row> changes =
                    store.outbox().rows(session, dataset, definition, batch).persist(StorageLevel.MEMORY_AND_DISK());
            try {
                long changed = changes.count();
                Merged merged = delta.merge(definition, changes, new Once(APPLICATION, batch));
                fault.reached("sync.committed");
                dataset.partitionColumn()
                        .ifPresent(column -> follow(dataset, before, version, values(changes, column)));
                return new DatasetSync(
                        dataset.name(),
                        merged.inserted(),
                        merged.updated(),
                        merged.deleted(),
                        changed - merged.inserted() - merged.updated() - merged.deleted());
            } catch (RuntimeException e) {
                if (delta.lastVersion(definition, APPLICATION) < batch) {
                    store.outbox().giveBack(dataset, batch);
                }
                throw e instanceof LakeException ? e : unreadable(dataset, e);
            } finally {
                changes.unpersist();
            }
        });
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

    private static List<String> values(Dataset<Row> changes, String column) {
        return changes.select(functions.col(column)).distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** What PostgreSQL serves holds these writes already, so it is as fresh as before. */
    private void follow(
            WritableDataset dataset, Map<PartitionName, PartitionFiles> before, long version, List<String> changed) {
        TableSnapshot after = snapshot(dataset).orElseThrow();
        if (after.version() != version + 1) {
            // Somebody else has committed as well: the next plan sees a stale copy, and loads it anew.
            return;
        }
        for (String value : changed) {
            PartitionName partition = dataset.partition(value);
            PartitionFiles none = new PartitionFiles(partition, version, List.of());
            store.writable()
                    .follow(
                            before.getOrDefault(partition, none).fileSetHash(),
                            after.partition(partition)
                                    .orElse(new PartitionFiles(partition, after.version(), List.of())));
        }
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
        PartitionFiles files = Optional.ofNullable(partitions(dataset).get(partition))
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

    private Map<PartitionName, PartitionFiles> partitions(WritableDataset dataset) {
        return snapshot(dataset).map(TableSnapshot::partitions).orElse(List.of()).stream()
                .collect(Collectors.toMap(PartitionFiles::partition, Function.identity()));
    }

    private Optional<TableSnapshot> snapshot(WritableDataset dataset) {
        return TableLog.of(config, home).snapshot(dataset.name());
    }
}
