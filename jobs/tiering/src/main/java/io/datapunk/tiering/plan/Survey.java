package io.datapunk.tiering.plan;

import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.policy.Observation;
import io.datapunk.tiering.policy.PartitionFacts;
import io.datapunk.tiering.policy.Serving;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One look at all partitions that tiers are about: those of the {@code user_data} and {@code ops} tables, and of tables that
 * others made.
 *
 * @param versions the version of each table that was read
 * @param observation when accesses were observed
 */
public record Survey(Map<DatasetName, Long> versions, List<SurveyedPartition> partitions, Observation observation) {
    private static final Set<String> TIERED_SCHEMAS = Set.of("user_data", "ops");

    /** The lake's own datasets whose partitions have tiers, in the order of the catalogue. */
    public static List<DatasetName> datasets() {
        return LakeTables.all().stream()
                .filter(table -> table.partitionColumn().isPresent())
                .map(TableDefinition::name)
                .filter(name -> TIERED_SCHEMAS.contains(name.schema()))
                .toList();
    }

    /** These, and the tables in a lake that others made. */
    public static List<DatasetName> datasets(TableLog tables) {
        return Stream.concat(datasets().stream(), tables.foreignTables().stream())
                .toList();
    }

    /** Looks at every tiered dataset. */
    public static Survey of(LakeView lake, HeatSummary heat) {
        return of(lake, heat, lake.datasets());
    }

    /** Looks at these datasets. */
    public static Survey of(LakeView lake, HeatSummary heat, List<DatasetName> datasets) {
        Optional<Map<PartitionName, HotCopy>> served = lake.served();
        Map<PartitionName, Tier> pins = lake.pins();
        Map<DatasetName, Long> versions = new TreeMap<>();
        List<SurveyedPartition> partitions = new ArrayList<>();
        for (DatasetName dataset : datasets) {
            Optional<TableSnapshot> snapshot = lake.snapshot(dataset);
            if (snapshot.isEmpty()) {
                continue;
            }
            versions.put(dataset, snapshot.get().version());
            TableShape shape = snapshot.get().shape();
            for (PartitionFiles files : snapshot.get().partitions()) {
                Optional<Tier> pin = Optional.ofNullable(pins.get(files.partition()));
                partitions.add(partition(files, served, pin, lake.hotObstacle(shape, files), heat));
            }
        }
        return new Survey(versions, partitions, heat.observation());
    }

    private static SurveyedPartition partition(
            PartitionFiles files,
            Optional<Map<PartitionName, HotCopy>> served,
            Optional<Tier> pin,
            Optional<String> hotObstacle,
            HeatSummary heat) {
        Optional<HotCopy> hot = served.map(copies -> copies.get(files.partition()));
        Instant lastWritten = Instant.EPOCH;
        Optional<Instant> lastMoved = Optional.empty();
        for (DataFile file : files.files()) {
            Instant written = FileTags.writtenAt(file);
            lastWritten = written.isAfter(lastWritten) ? written : lastWritten;
            Optional<Instant> moved = FileTags.movedAt(file);
            if (moved.isPresent()
                    && lastMoved.filter(last -> !last.isBefore(moved.get())).isEmpty()) {
                lastMoved = moved;
            }
        }
        return new SurveyedPartition(
                files,
                hot,
                new PartitionFacts(
                        files.partition(),
                        files.tier(),
                        serving(files, served.isPresent(), hot),
                        files.bytes(),
                        lastWritten,
                        lastMoved,
                        pin,
                        hotObstacle,
                        heat.of(files.partition())));
    }

    private static Serving serving(PartitionFiles files, boolean reachable, Optional<HotCopy> hot) {
        if (!reachable) {
            return Serving.UNKNOWN;
        }
        return hot.map(copy -> copy.fileSetHash().equals(files.fileSetHash()) ? Serving.CURRENT : Serving.STALE)
                .orElse(Serving.NOT_SERVED);
    }
}
