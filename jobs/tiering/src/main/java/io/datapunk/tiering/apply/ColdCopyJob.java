package io.datapunk.tiering.apply;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.plan.Survey;
import java.util.List;

/** Copies the cold files of the tiered tables to further locations, as far as copies are missing there. */
public final class ColdCopyJob {

    private final Leases leases;
    private final TableLog tables;
    private final ColdCopies copies;

    private ColdCopyJob(Leases leases, TableLog tables, ColdCopies copies) {
        this.leases = leases;
        this.tables = tables;
        this.copies = copies;
    }

    public static ColdCopyJob of(LakeConfig config, LakeHome home) {
        return new ColdCopyJob(new Leases(home), TableLog.of(config, home), ColdCopies.of(config, home));
    }

    /** @throws io.datapunk.lake.model.LakeException where another run copies, or a table's log cannot be read */
    public ColdCopies.Made run(Progress progress) {
        try (JobLease lease = leases.acquire(Leases.COPIES)) {
            List<PartitionFiles> partitions = Survey.datasets(tables).stream()
                    .flatMap(dataset -> tables.snapshot(dataset).stream())
                    .map(TableSnapshot::partitions)
                    .flatMap(List::stream)
                    .toList();
            return copies.makeUp(partitions, progress);
        }
    }
}
