package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables of a lake as their logs tell them, without Spark. */
record TablesListing(List<Table> tables) {
    /**
     * One table.
     *
     * @param rows null where its files carry no count
     * @param warm partitions whose files are all warm
     * @param cold partitions whose files are all cold
     * @param mixed partitions that have both
     */
    record Table(
            String dataset,
            long deltaVersion,
            Instant committedAt,
            Long rows,
            long bytes,
            int files,
            int partitions,
            long warm,
            long cold,
            long mixed,
            String comment) {
        private static Table of(TableDefinition definition, TableSnapshot snapshot) {
            return new Table(
                    snapshot.dataset().toString(),
                    snapshot.version(),
                    snapshot.committedAt(),
                    snapshot.rows() == DataFile.ROWS_UNKNOWN ? null : snapshot.rows(),
                    snapshot.bytes(),
                    snapshot.files(),
                    snapshot.partitions().size(),
                    count(snapshot, FileTier.WARM),
                    count(snapshot, FileTier.COLD),
                    count(snapshot, FileTier.MIXED),
                    definition.comment());
        }

        private static long count(TableSnapshot snapshot, FileTier tier) {
            return snapshot.partitions().stream()
                    .filter(partition -> partition.tier() == tier)
                    .count();
        }
    }

    static TablesListing read(LakeConfig config) {
        LakeHome home = LakeHome.openExisting(config);
        TableLog log = TableLog.of(config, home);
        return new TablesListing(LakeTables.all().stream()
                .flatMap(definition -> {
                    Optional<TableSnapshot> snapshot = log.snapshot(definition.name());
                    return snapshot.map(found -> Table.of(definition, found)).stream();
                })
                .toList());
    }

    Outcome toOutcome() {
        return Outcome.of(tables, out -> {
            if (tables.isEmpty()) {
                out.println("This lake has no tables yet; `lake ingest EXPORT --user NAME` makes them.");
                return;
            }
            TextTable table = new TextTable(
                    List.of("TABLE", "ROWS", "SIZE", "FILES", "PARTITIONS", "WARM", "COLD", "MIXED"),
                    Set.of("ROWS", "SIZE", "FILES", "PARTITIONS", "WARM", "COLD", "MIXED"));
            tables.forEach(row -> table.add(
                    row.dataset(),
                    row.rows() == null ? "?" : Amounts.count(row.rows()),
                    Amounts.bytes(row.bytes()),
                    Amounts.count(row.files()),
                    Amounts.count(row.partitions()),
                    Amounts.count(row.warm()),
                    Amounts.count(row.cold()),
                    Amounts.count(row.mixed())));
            table.print(out);
        });
    }
}
