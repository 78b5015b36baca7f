package io.datapunk.tiering.apply;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotLayout;
import io.datapunk.lake.postgres.HotLoad;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.sync.HotSync;
import io.datapunk.tiering.sync.MonthDeparture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Serves partitions from PostgreSQL, read from exactly the files of the version that the plan's survey saw. */
final class PostgresHotMover implements HotMover {
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final HotStore store;
    private final HotSync sync;
    private final MonthDeparture departure;

    private PostgresHotMover(
            LakeHome home, Supplier<SparkSession> spark, HotStore store, HotSync sync, MonthDeparture departure) {
        this.home = home;
        this.spark = spark;
        this.store = store;
        this.sync = sync;
        this.departure = departure;
    }

    /** @param epoch of the run's lease: an older run can change nothing from now on */
    static PostgresHotMover open(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            PostgresConnection server,
            long epoch,
            FaultPoint fault) {
        try {
            HotStore store = HotStore.open(
                    server,
                    epoch,
                    dataset -> HotLayout.of(config.tiering(dataset).hot()));
            HotSync sync = new HotSync(config, home, spark, store, fault);
            MonthDeparture departure = new MonthDeparture(home, TableLog.of(config, home), spark, store, sync, fault);
            return new PostgresHotMover(home, spark, store, sync, departure);
        } catch (HotStoreUnavailableException e) {
            throw e.asFailure();
        }
    }

    private record PostgresLoad(HotLoad load) implements Load {
        @Override
        public PartitionName partition() {
            return load.partition();
        }
    }

    @Override
    public Load load(PartitionFiles source) {
        PartitionName partition = source.partition();
        SparkSession session = spark.get();
        return LakeSession.internal(session, () -> {
            Dataset<Row> rows = PartitionRows.of(session, home, source);
            TableDefinition definition = LakeTables.find(partition.dataset())
                    .orElseGet(() -> DeltaSchemas.foreign(
                            partition.dataset(), partition.value().orElseThrow().column(), rows.schema()));
            return new PostgresLoad(store.load(session, definition, source, rows));
        });
    }

    @Override
    public Verification verify(Load load) {
        return store.verify(loaded(load));
    }

    @Override
    public void serve(Load load, Instant now) {
        store.serve(loaded(load), now);
    }

    @Override
    public void catchUp(Instant now) {
        sync.syncAll(now);
    }

    @Override
    public void unserve(PartitionName partition, Instant now) {
        departure.drain(partition);
        store.unserve(partition, now);
    }

    @Override
    public void reclaim(Instant now, Duration grace, BeforeDrop beforeDrop) {
        reclaim(store, now, grace, beforeDrop);
    }

    /** Drops the copies that were retired longer ago than the grace period; returns them. */
    static List<Served> reclaim(HotStore store, Instant now, Duration grace, BeforeDrop beforeDrop) {
        List<Served> due = store.reclaimable(now, grace);
        if (!due.isEmpty()) {
            due.forEach(copy -> beforeDrop.dropping(copy.partition().toString()));
            store.reclaim(now, grace);
        }
        return due;
    }

    private static HotLoad loaded(Load load) {
        return ((PostgresLoad) load).load();
    }
}
