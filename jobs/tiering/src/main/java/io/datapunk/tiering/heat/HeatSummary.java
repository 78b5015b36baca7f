package io.datapunk.tiering.heat;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The accesses of the last window by partition and hour: what plan and status read, so that neither starts Spark. They
 * stay packed in memory, because a partition is asked for once; see {@link PackedAccesses}.
 */
public final class HeatSummary {
    /** Nothing was ever taken in. */
    public static final HeatSummary NONE = new HeatSummary(-1, Observation.NONE, Map.of());

    private final long accessHoursVersion;
    private final Observation observation;
    private final Map<String, byte[]> packed;

    HeatSummary(long accessHoursVersion, Observation observation, Map<String, byte[]> packed) {
        this.accessHoursVersion = accessHoursVersion;
        this.observation = observation;
        this.packed = packed;
    }

    /**
     * Reads the summary beside a spool; {@link #NONE} where there is none yet.
     *
     * @throws LakeException (failed) where a file of it is damaged
     */
    public static HeatSummary read(Path spool) {
        HeatFiles files = new HeatFiles(spool);
        Optional<HeatFiles.Manifest> manifest = files.manifest();
        return manifest.map(
                        found -> new HeatSummary(found.accessHoursVersion(), found.observation(), files.read(found)))
                .orElse(NONE);
    }

    /** The version of {@code lake.access_hours} that it was derived from; -1 where nothing was ever taken in. */
    public long accessHoursVersion() {
        return accessHoursVersion;
    }

    /** When accesses were recorded and taken in. */
    public Observation observation() {
        return observation;
    }

    public Accesses of(PartitionName partition) {
        byte[] found = packed.get(partition.toString());
        return found == null ? Accesses.NONE : known(found);
    }

    /** How many partitions have accesses. */
    public int partitions() {
        return packed.size();
    }

    /** Calls back for each partition that has accesses, in no order. */
    public void forEach(BiConsumer<PartitionName, Accesses> consumer) {
        packed.forEach((partition, packedAccesses) -> {
            Accesses accesses = known(packedAccesses);
            if (accesses.buckets() > 0) {
                consumer.accept(PartitionName.parse(partition), accesses);
            }
        });
    }

    /**
     * Without the hours that had not begun at the last take-in. An earlier one had a later clock where they are there: then
     * this is a back-fill, which decides as it would have on time.
     */
    private Accesses known(byte[] accesses) {
        return PackedAccesses.unpack(accesses)
                .upTo(Accesses.hourOf(observation.through().minusNanos(1)));
    }

    /** All of it unpacked, which takes many times the memory. */
    public Map<PartitionName, Accesses> accesses() {
        Map<PartitionName, Accesses> accesses = new HashMap<>();
        forEach(accesses::put);
        return accesses;
    }

    static Map<String, byte[]> pack(Map<PartitionName, Accesses> accesses) {
        return accesses.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toString(), entry -> PackedAccesses.pack(entry.getValue())));
    }
}
