package io.datapunk.airflow;

import java.time.Instant;
import java.util.List;

/**
 * News of an asset, as Airflow has noted it.
 *
 * @param waiting DAGs that are scheduled by the asset
 */
public record AssetEvent(String asset, Instant at, List<String> waiting) {
    public AssetEvent {
        waiting = List.copyOf(waiting);
    }
}
