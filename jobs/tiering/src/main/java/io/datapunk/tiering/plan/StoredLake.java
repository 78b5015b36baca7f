package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.ServedPartitions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
        return new StoredLake(new TableLog(home), () -> read(server, timeout));
    }

    /**
     * With PostgreSQL as it is, started by nobody: for status. An embedded server that was never started serves nothing;
     * one that is stopped is out of reach.
     */
    public static StoredLake asItRuns(LakeConfig config, LakeHome home) {
        return new StoredLake(new TableLog(home), () -> {
            Optional<PostgresConnection> server = PostgresServer.running(config.postgres(), home);
            if (server.isPresent()) {
                return read(server.get(), config.postgres().connectTimeout());
            }
            return PostgresServer.embedded(config.postgres(), home).exists() ? Optional.empty() : Optional.of(Map.of());
        });
    }

    @Override
    public Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return tables.snapshot(dataset);
    }

    @Override
    public Optional<Map<PartitionName, HotCopy>> served() {
        return served.get();
    }

    private static Optional<Map<PartitionName, HotCopy>> read(PostgresConnection server, Duration timeout) {
        try {
            Map<PartitionName, HotCopy> copies = new TreeMap<>();
            ServedPartitions.read(server, timeout).forEach((partition, found) -> {
                if (found.state() == Served.State.SERVING) {
                    copies.put(partition, new HotCopy(found.fileSetHash(), found.bytes(), found.rows()));
                }
            });
            return Optional.of(copies);
        } catch (HotStoreUnavailableException outOfReach) {
            return Optional.empty();
        }
    }
}
