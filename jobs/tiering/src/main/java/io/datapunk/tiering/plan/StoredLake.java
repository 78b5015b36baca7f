package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.postgres.PostgresConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The lake as its Delta logs and its PostgreSQL show it. Needs no Spark. */
public final class StoredLake implements LakeView {
    private final TableLog tables;
    private final Supplier<Optional<Map<PartitionName, HotCopy>>> served;

    private StoredLake(TableLog tables, Supplier<Optional<Map<PartitionName, HotCopy>>> served) {
        this.tables = tables;
        this.served = served;
    }

    /** With a PostgreSQL that is in use: for plan and apply. */
    public static StoredLake of(LakeConfig config, LakeHome home, PostgresConnection server) {
        Duration timeout = config.postgres().connectTimeout();
        return new StoredLake(
                TableLog.of(config, home), () -> HotCopies.of(server, timeout).served());
    }

    /** With what PostgreSQL was found to serve: for status. */
    public static StoredLake of(LakeConfig config, LakeHome home, HotCopies found) {
        return new StoredLake(TableLog.of(config, home), found::served);
    }

    @Override
    public Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return tables.snapshot(dataset);
    }

    @Override
    public Optional<Map<PartitionName, HotCopy>> served() {
        return served.get();
    }
}
