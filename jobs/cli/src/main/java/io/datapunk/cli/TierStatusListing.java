package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.StorageConfig;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.tiering.plan.HotCopies;
import io.datapunk.tiering.plan.StoredLake;
import io.datapunk.tiering.status.PartitionStatus;
import io.datapunk.tiering.status.TierStatus;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where every partition is, without Spark.
 *
 * @param warnings that PostgreSQL or a place for copies is out of reach, or that copies are missing, and what to do
 */
record TierStatusListing(List<Partition> partitions, List<String> warnings) {
    /**
     * One partition.
     *
     * @param tier {@code HOT}, {@code WARM}, {@code COLD}, {@code MIXED}, {@code STALE} or {@code UNKNOWN}
     * @param files where its files lie, whether PostgreSQL serves it or not
     * @param rows null where its files carry no count
     * @param copies verified copies that each of its cold files has, the table's own among them; null without cold files
     * @param hotBytes null where PostgreSQL serves nothing of it
     * @param lastMoved null where its files never moved
     */
    record Partition(
            String partition,
            String tier,
            String files,
            Long rows,
            long bytes,
            Integer copies,
            Long hotBytes,
            PartitionHeat heat,
            Instant lastWritten,
            Instant lastMoved,
            String reason) {
        private static Partition of(PartitionStatus status, ColdCopies.Found copies) {
            return new Partition(
                    status.partition().toString(),
                    status.placement().name(),
                    status.files().name(),
                    status.rows() == DataFile.ROWS_UNKNOWN ? null : status.rows(),
                    status.bytes(),
                    copies.copies().get(status.partition()),
                    status.hotBytes().isPresent() ? status.hotBytes().getAsLong() : null,
                    PartitionHeat.of(status.heat()),
                    status.lastWritten(),
                    status.lastMoved().orElse(null),
                    status.reason());
        }
    }

    static TierStatusListing read(Invocation invocation) {
        LakeHome home = LakeHome.openExisting(invocation.config());
        HotCopies hot = HotCopies.read(invocation.config(), home);
        TierStatus status = new TierStatus(invocation.config(), home, StoredLake.of(invocation.config(), home, hot));
        List<PartitionStatus> partitions = status.partitions(invocation.now());
        ColdCopies.Found copies = ColdCopies.of(invocation.config(), home)
                .find(partitions.stream().map(PartitionStatus::live).toList());
        StorageConfig.Cold cold = invocation.config().storage().cold();
        List<String> warnings = new ArrayList<>(
                hot.outOfReach().map(LakeException::getMessage).stream().toList());
        warnings.addAll(
                ColdCopyWarnings.of(copies, cold.copies(), cold.locations().size()));
        return new TierStatusListing(
                partitions.stream()
                        .map(partition -> Partition.of(partition, copies))
                        .toList(),
                warnings);
    }

    Outcome toOutcome() {
        return new Outcome(partitions, this::print, warnings, Optional.empty());
    }

    private void print(PrintWriter out) {
        if (partitions.isEmpty()) {
            out.println("No table of this lake has partitions yet.");
            return;
        }
        TextTable table = new TextTable(
                List.of("PARTITION", "TIER", "ROWS", "SIZE", "COPIES", "HOT/H", "WHY"),
                Set.of("ROWS", "SIZE", "COPIES", "HOT/H"));
        partitions.forEach(row -> table.add(
                row.partition(),
                row.tier(),
                row.rows() == null ? "?" : Amounts.count(row.rows()),
                Amounts.bytes(row.bytes()),
                row.copies() == null ? "" : row.copies().toString(),
                Amounts.rate(row.heat().hotPerHour()),
                row.reason()));
        table.print(out);
    }
}
