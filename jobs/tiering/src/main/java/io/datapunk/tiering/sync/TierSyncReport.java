package io.datapunk.tiering.sync;

import java.util.List;

/** What a sync has brought to Delta, by dataset; those without any writes too. */
public record TierSyncReport(List<DatasetSync> datasets) {
    public TierSyncReport {
        datasets = List.copyOf(datasets);
    }
}
