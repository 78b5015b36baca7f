package io.datapunk.tiering.sync;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.WritableDataset;
import io.datapunk.tiering.FaultPoint;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Readies a month that applications write to leave PostgreSQL, so that Delta alone has all of it. */
public final class MonthDeparture {
    private final LakeHome home;
    private final TableLog log;
    private final Supplier<SparkSession> spark;
    private final HotStore store;
    private final HotSync sync;
    private final FaultPoint fault;

    public MonthDeparture(
            LakeHome home, TableLog log, Supplier<SparkSession> spark, HotStore store, HotSync sync, FaultPoint fault) {
        this.home = home;
        this.log = log;
        this.spark = spark;
        this.store = store;
        this.sync = sync;
        this.fault = fault;
    }

    /**
     * Lets no more writes in, brings the last ones, and compares the two sides. Where that fails, the partition stays and
     * takes writes again. Does nothing for one that applications do not write.
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
            sync.sync(dataset.get());
            fault.reached("drain.synced");
            verify(partition);
            fault.reached("drain.verified");
        } catch (RuntimeException e) {
            store.writable().reopen(partition);
            throw e;
        }
    }

    private void verify(PartitionName partition) {
        PartitionFiles files = log.snapshot(partition.dataset())
                .map(found -> found.filesOf(partition))
                .orElseGet(() -> PartitionFiles.none(partition, 0));
        Served served = store.served().get(partition);
        if (served == null || !served.fileSetHash().equals(files.fileSetHash())) {
            // Delta has other rows besides, of an import or a deletion: there is nothing to compare with.
            return;
        }
        TableDefinition definition = LakeTables.find(partition.dataset()).orElseThrow();
        RowChecksum inPostgres = store.writable().checksum(partition, definition);
        RowChecksum inDelta = files.files().isEmpty()
                ? RowChecksum.ZERO
                : DeltaChecksum.of(PartitionRows.of(spark.get(), home, files));
        if (!new Verification(inPostgres, inDelta).matches()) {
            throw LakeException.gate(
                    partition + " does not leave PostgreSQL",
                    "it holds " + inPostgres + " there, and " + inDelta + " in Delta",
                    "it stays where it is; run `lake doctor`, then `lake tier sync`");
        }
    }
}
