package io.datapunk.tiering.plan;

import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import java.util.Map;
import java.util.Optional;

/** What the lake says of itself; nothing here is remembered from an earlier look. */
public interface LakeView {
    /** The table's newest version, empty where there is no table. */
    Optional<TableSnapshot> snapshot(DatasetName dataset);

    /** What PostgreSQL serves to readers; empty where it is out of reach. */
    Optional<Map<PartitionName, HotCopy>> served();
}
