package io.datapunk.tiering.plan;

import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.postgres.HotPreflight;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the lake says of itself; nothing here is remembered from an earlier look. */
public interface LakeView {
    /** The table's newest version, empty where there is no table. */
    Optional<TableSnapshot> snapshot(DatasetName dataset);

    /** The datasets whose partitions have tiers. */
    default List<DatasetName> datasets() {
        return Survey.datasets();
    }

    /** Why PostgreSQL cannot hold a partition's rows exactly, empty where nothing is known against it. */
    default Optional<String> hotObstacle(TableShape table, PartitionFiles files) {
        return HotPreflight.obstacle(table, files.partition());
    }

    /** Tiers that people have chosen. */
    default Map<PartitionName, Tier> pins() {
        return Map.of();
    }

    /** What PostgreSQL serves to readers; empty where it is out of reach. */
    Optional<Map<PartitionName, HotCopy>> served();
}
