package io.datapunk.tiering.heat;

import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the logs of the tables say about the partitions that were touched; each table is asked once. */
final class TableFacts {
    private final TableLog tables;
    private final Map<DatasetName, Optional<TableSnapshot>> snapshots = new HashMap<>();
    private final Map<PartitionName, PartitionFiles> partitions = new HashMap<>();

    TableFacts(TableLog tables) {
        this.tables = tables;
    }

    /** The partitions of a table, none where there is no such table. */
    Collection<PartitionName> of(DatasetName dataset) {
        return snapshot(dataset)
                .map(snapshot -> snapshot.partitions().stream()
                        .map(PartitionFiles::partition)
                        .toList())
                .orElse(List.of());
    }

    /** The tier that answered, where it can be told: Spark reads files, and these have not moved since. */
    Optional<Tier> tier(AccessLine line) {
        if (line.origin().equals("postgres")) {
            return Optional.of(Tier.HOT);
        }
        if (!line.origin().equals("spark") || line.wholeTable().isPresent()) {
            return Optional.empty();
        }
        snapshot(line.dataset());
        return Optional.ofNullable(partitions.get(PartitionName.parse(line.partition())))
                .filter(found -> lastMoved(found).isBefore(line.at()))
                .flatMap(found -> switch (found.tier()) {
                    case WARM -> Optional.of(Tier.WARM);
                    case COLD -> Optional.of(Tier.COLD);
                    case MIXED -> Optional.empty();
                });
    }

    private static Instant lastMoved(PartitionFiles partition) {
        Instant last = Instant.MIN;
        for (DataFile file : partition.files()) {
            Instant moved = FileTags.movedAt(file).orElse(Instant.MIN);
            last = moved.isAfter(last) ? moved : last;
        }
        return last;
    }

    private Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return snapshots.computeIfAbsent(dataset, name -> {
            Optional<TableSnapshot> found = tables.snapshot(name);
            found.ifPresent(
                    snapshot -> snapshot.partitions().forEach(files -> partitions.put(files.partition(), files)));
            return found;
        });
    }
}
