package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.postgres.HotPreflight;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.RefusedPartitions.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The lake as its Delta logs and its PostgreSQL show it. Needs no Spark. */
public final class StoredLake implements LakeView {
    private final TableLog tables;
    private final PinStore pins;
    private final Supplier<HotCopies> look;
    private HotCopies found;

    private StoredLake(TableLog tables, PinStore pins, Supplier<HotCopies> look) {
        this.tables = tables;
        this.pins = pins;
        this.look = look;
    }

    /** With a PostgreSQL that is in use: for plan and apply. */
    public static StoredLake of(LakeConfig config, LakeHome home, PostgresConnection server) {
        Duration timeout = config.postgres().connectTimeout();
        return new StoredLake(TableLog.of(config, home), new PinStore(home), () -> HotCopies.of(server, timeout));
    }

    /** With what PostgreSQL was found to serve: for status. */
    public static StoredLake of(LakeConfig config, LakeHome home, HotCopies found) {
        return new StoredLake(TableLog.of(config, home), new PinStore(home), () -> found);
    }

    @Override
    public List<DatasetName> datasets() {
        return Survey.datasets(tables);
    }

    @Override
    public Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return tables.snapshot(dataset);
    }

    @Override
    public Optional<String> hotObstacle(TableShape table, PartitionFiles files) {
        return HotPreflight.obstacle(table, files.partition()).or(() -> remembered(files));
    }

    /** Other files than those that were tried are tried anew. */
    private Optional<String> remembered(PartitionFiles files) {
        return Optional.ofNullable(lastLook().refused().get(files.partition()))
                .filter(refusal -> refusal.fileSetHash().equals(files.fileSetHash()))
                .map(Refusal::reason);
    }

    @Override
    public Map<PartitionName, Tier> pins() {
        return pins.read();
    }

    @Override
    public synchronized Optional<Map<PartitionName, HotCopy>> served() {
        found = look.get();
        return found.served();
    }

    private synchronized HotCopies lastLook() {
        if (found == null) {
            found = look.get();
        }
        return found;
    }
}
