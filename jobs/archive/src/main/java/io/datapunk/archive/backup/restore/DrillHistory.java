package io.datapunk.archive.backup.restore;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.KernelReader;
import io.datapunk.lake.model.table.ArchiveDrillsTable;
import io.datapunk.lake.storage.Stores;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The drills that were held, without Spark. */
public final class DrillHistory {
    private DrillHistory() {}

    /** @param findings what was not as it has to be, one a line */
    public record Held(Instant at, boolean passed, String findings) {}

    /**
     * All of them, in order of their times.
     *
     * @throws io.datapunk.lake.model.LakeException where their table cannot be read
     */
    public static List<Held> read(LakeConfig config, LakeHome home) {
        return new KernelReader(home, Stores.configuration(config))
                .rows(ArchiveDrillsTable.DEFINITION.name()).stream()
                        .map(row -> new Held(
                                (Instant) row.get(ArchiveDrillsTable.AT),
                                (boolean) row.get(ArchiveDrillsTable.PASSED),
                                (String) row.get(ArchiveDrillsTable.FINDINGS)))
                        .sorted(Comparator.comparing(Held::at))
                        .toList();
    }
}
