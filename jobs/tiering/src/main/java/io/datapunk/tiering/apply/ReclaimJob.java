package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.delta.UnreferencedFiles;
import io.datapunk.lake.delta.UnreferencedFiles.Found;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.apply.ReclaimReport.Held;
import io.datapunk.tiering.apply.ReclaimReport.Kind;
import io.datapunk.tiering.apply.ReclaimReport.Reclaimed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Removes what moves have left: files that no version of a table within its retention refers to, and copies in PostgreSQL
 * that were retired longer ago than the grace period. Each stands in the audit log before it goes. Files of tables that a
 * legal hold may protect rows of stay: older versions have rows that newer ones may lack. Not beside a run of {@code apply},
 * whose copies nothing refers to yet.
 */
public final class ReclaimJob {
    private final LakeConfig config;
    private final LakeHome home;
    private final SparkSession spark;
    private final PostgresConnection server;
    private final Progress progress;
    private final AuditLog audit;

    public ReclaimJob(
            LakeConfig config, LakeHome home, SparkSession spark, PostgresConnection server, Progress progress) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
        this.progress = progress;
        this.audit = AuditLog.of(config, home);
    }

    /**
     * @param now for copies; files are as old as the store says
     * @param dryRun only tells what would be removed
     * @throws io.datapunk.lake.model.LakeException where a run of {@code apply} is under way, or something cannot be
     *     removed; the next run takes up what is left
     */
    public ReclaimReport run(Instant now, boolean dryRun) {
        try (JobLease lease = new Leases(home).acquire(Leases.TIERING)) {
            List<Reclaimed> reclaimed = new ArrayList<>();
            List<Held> held = new ArrayList<>();
            files(now, dryRun, reclaimed, held);
            reclaimed.addAll(copies(HotStore.open(server, lease.epoch()), now, dryRun));
            return new ReclaimReport(reclaimed, held);
        }
    }

    private void files(Instant now, boolean dryRun, List<Reclaimed> reclaimed, List<Held> held) {
        List<Hold> holds = new HoldStore(home).read();
        TableLog log = new TableLog(home, spark.sparkContext().hadoopConfiguration());
        UnreferencedFiles files = new UnreferencedFiles(spark, home, log);
        List<DatasetName> datasets = datasets(log);
        try (Progress.Stage stage = progress.begin("looking for files", datasets.size(), "tables")) {
            for (DatasetName dataset : datasets) {
                Found found = files.find(dataset);
                List<String> protecting = holds.stream()
                        .filter(hold -> hold.mayProtect(dataset))
                        .map(Hold::id)
                        .toList();
                if (!found.paths().isEmpty() && !protecting.isEmpty()) {
                    held.add(new Held(dataset, found.paths().size(), protecting));
                } else if (!found.paths().isEmpty()) {
                    if (!dryRun) {
                        audit.append(new AuditEvent(
                                now, MoveAudit.ACTOR, "tiering.remove-files", dataset.toString(), details(found)));
                        files.remove(dataset);
                    }
                    reclaimed.add(new Reclaimed(
                            Kind.FILES, dataset.toString(), found.paths().size(), found.bytes()));
                }
                stage.advance(1);
            }
        }
    }

    /** The lake's own tables, and those of others that have partitions which moved: nothing is left of moves elsewhere. */
    private static List<DatasetName> datasets(TableLog log) {
        Stream<DatasetName> own = LakeTables.all().stream()
                .map(TableDefinition::name)
                .filter(dataset -> log.snapshot(dataset).isPresent());
        Stream<DatasetName> others = log.foreignTables().stream()
                .filter(dataset ->
                        log.snapshot(dataset).filter(ReclaimJob::hasMoved).isPresent());
        return Stream.concat(own, others).toList();
    }

    private static boolean hasMoved(TableSnapshot table) {
        return table.partitions().stream()
                .flatMap(partition -> partition.files().stream())
                .anyMatch(file -> FileTags.movedAt(file).isPresent());
    }

    private static Map<String, String> details(Found found) {
        return Map.of(
                "files", Integer.toString(found.paths().size()),
                "bytes", Long.toString(found.bytes()),
                "first", found.paths().get(0),
                "last", found.paths().get(found.paths().size() - 1));
    }

    private List<Reclaimed> copies(HotStore store, Instant now, boolean dryRun) {
        Duration grace = config.tiering().grace();
        List<Served> due = dryRun
                ? store.reclaimable(now, grace)
                : PostgresHotMover.reclaim(store, now, grace, MoveAudit.ofLeaves(audit::append, now, grace));
        return due.stream()
                .map(copy -> new Reclaimed(Kind.COPY, copy.partition().toString(), 1, copy.bytes()))
                .toList();
    }
}
