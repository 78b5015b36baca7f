package io.datapunk.tiering.heat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes the summary that a take-in would leave, for tests that need heat and no Spark. */
public final class HeatSummaries {
    private HeatSummaries() {}

    public static void write(LakeHome home, Instant since, Instant through, Map<PartitionName, Accesses> accesses) {
        HeatFiles files = new HeatFiles(home.spool());
        try {
            String segment = files.write("test", HeatFiles.chunks(HeatSummary.pack(accesses)));
            files.publish(new HeatFiles.Manifest(-1, new Observation(since, through), 0, List.of(segment)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
