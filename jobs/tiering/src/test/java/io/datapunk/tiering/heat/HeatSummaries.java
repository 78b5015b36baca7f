package io.datapunk.tiering.heat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/** Writes the summary that a take-in would leave, for tests that need heat and no Spark. */
public final class HeatSummaries {
    private HeatSummaries() {}

    public static void write(LakeHome home, Instant since, Instant through, Map<PartitionName, Accesses> accesses) {
        try {
            new HeatSummary(-1, new Observation(since, through), accesses).write(home.spool());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
