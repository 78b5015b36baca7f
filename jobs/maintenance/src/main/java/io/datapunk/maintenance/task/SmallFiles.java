package io.datapunk.maintenance.task;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileMoves;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.StagedMove;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Makes one file of the many small ones of a partition, and sorts its rows where they should lie otherwise: copied, read back,
 * compared, and switched over in a commit that changes no row. A copy that PostgreSQL serves stays what it is.
 */
final class SmallFiles {
    /** Sorted once and not at each import. [ours] */
    private static final Duration QUIET = Duration.ofDays(1);

    /** So many partitions are written and verified together. */
    private static final int BATCH = 16;

    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final Supplier<Optional<PostgresConnection>> server;
    private final TableLog log;
    private final AuditLog audit;

    SmallFiles(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            Supplier<Optional<PostgresConnection>> server) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
        this.log = TableLog.of(config, home);
        this.audit = AuditLog.of(config, home);
    }

    Work.Done run(Instant now, boolean dryRun, Progress progress) {
        List<Figure> figures = new ArrayList<>();
        List<LakeException> problems = new ArrayList<>();
        // Moves write the same tables; a run that was replaced must not tell PostgreSQL anything.
        try (JobLease lease = new Leases(home).acquire(Leases.TIERING);
                Progress.Stage stage = progress.begin("merging small files", Progress.UNKNOWN_TOTAL, "partitions")) {
            for (DatasetName dataset : log.tables()) {
                List<PartitionFiles> partitions = untidy(dataset, now);
                if (dryRun) {
                    partitions.forEach(partition -> figures.add(Figure.found(
                            partition.partition().toString(),
                            Quantity.FILES,
                            partition.files().size())));
                    continue;
                }
                for (int from = 0; from < partitions.size(); from += BATCH) {
                    List<PartitionFiles> batch = partitions.subList(from, Math.min(partitions.size(), from + BATCH));
                    try {
                        figures.addAll(merge(dataset, batch, lease.epoch(), now));
                    } catch (LakeException e) {
                        problems.add(e);
                    }
                    stage.advance(batch.size());
                }
            }
        }
        return new Work.Done(figures, List.of(), problems);
    }

    private List<PartitionFiles> untidy(DatasetName dataset, Instant now) {
        // Heat is summed up at a version of this table: another one would have to be summed up anew.
        if (dataset.equals(AccessHoursTable.DEFINITION.name())) {
            return List.of();
        }
        return log.snapshot(dataset).map(TableSnapshot::partitions).orElse(List.of()).stream()
                .filter(partition -> FileMoves.small(partition)
                                >= config.maintenance().smallFiles()
                        || isQuiet(partition, now) && FileMoves.isDisordered(partition, config.tiering(dataset)))
                .toList();
    }

    private static boolean isQuiet(PartitionFiles partition, Instant now) {
        return partition.files().stream()
                .allMatch(file -> FileTags.writtenAt(file).plus(QUIET).isBefore(now));
    }

    private List<Figure> merge(DatasetName dataset, List<PartitionFiles> partitions, long epoch, Instant now) {
        FileMoves moves = new FileMoves(
                spark.get(), home, config.tiering(dataset), new KeyAudit(config, home, MaintenanceJob.ACTOR, now));
        List<StagedMove> staged = moves.merge(partitions);
        if (staged.isEmpty()) {
            return List.of();
        }
        List<Verification> verifications = moves.verify(staged);
        List<StagedMove> verified = new ArrayList<>();
        for (int i = 0; i < staged.size(); i++) {
            if (verifications.get(i).matches()) {
                verified.add(staged.get(i));
            } else {
                moves.discard(staged.get(i));
                throw LakeException.failed(
                        "the small files of " + staged.get(i).partition() + " were not merged",
                        "what was written is not what was read: " + verifications.get(i),
                        "check the disk and the memory of the machine, then run `lake doctor --deep`");
            }
        }
        verified.forEach(move -> audit.append(new AuditEvent(
                now,
                MaintenanceJob.ACTOR,
                "maintenance.merge",
                move.partition().toString(),
                Map.of("files", move.toString()))));
        moves.commit(verified, now);
        TableSnapshot after = log.snapshot(dataset).orElseThrow();
        server.get().ifPresent(connection -> {
            HotStore store = HotStore.open(connection, epoch);
            partitions.forEach(partition ->
                    store.writable().follow(partition.fileSetHash(), after.filesOf(partition.partition())));
        });
        List<Figure> figures = new ArrayList<>();
        for (PartitionFiles before : partitions) {
            PartitionFiles merged = after.filesOf(before.partition());
            String subject = before.partition().toString();
            figures.add(Figure.of(
                    subject,
                    Quantity.FILES,
                    before.files().size(),
                    merged.files().size()));
            figures.add(Figure.of(subject, Quantity.BYTES, before.bytes(), merged.bytes()));
        }
        return figures;
    }
}
