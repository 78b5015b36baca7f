package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.lake.config.BackupConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ArchiveDrillsTable;
import io.datapunk.lake.postgres.PostgresCopy;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Restores the newest restore point into a lake for trial, compares every table, asks it and its PostgreSQL, and writes down
 * how long that took. A backup that was never restored is a hope.
 */
public final class DrillJob {
    private static final String JOB = "backup-drill";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public DrillJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /** @param from the locations; of several, the first that has it */
    public record Request(List<String> from, Instant now) {}

    /**
     * How it went.
     *
     * @param age of the restore point
     * @param findings what differed, or took too long; none where it passed
     */
    public record Report(
            String id,
            PointName point,
            int tables,
            long rows,
            long bytes,
            double seconds,
            double allowedSeconds,
            Duration age,
            boolean postgres,
            List<String> findings) {}

    /** @throws LakeException where there is no restore point, or another drill is under way */
    public Report run(Request request, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB)) {
            return LakeSession.internal(spark, () -> drill(request, progress));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the drill was not held",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check the location, and that the home's disk has room for the lake once more",
                    e);
        }
    }

    private Report drill(Request request, Progress progress) throws IOException {
        PointName point = newest(request);
        String id = "%08x".formatted(new SecureRandom().nextInt());
        new BackupAudit(config, home, request.now())
                .append("backup.drill", point.text(), Map.of("drill", id, "from", "" + request.from()));
        new KeyAudit(config, home, Backups.JOB, request.now()).using(point.text(), "drill", "points", 1);
        Path scratch = home.staging(JOB);
        FolderTree.delete(scratch);
        try {
            Report report = restore(request, point, id, scratch, progress);
            write(report, request);
            return report;
        } finally {
            FolderTree.delete(scratch);
        }
    }

    private PointName newest(Request request) throws IOException {
        BackupRepository repository = new Backups(config).forReading(request.from());
        return Selection.NEWEST.point(repository).pointName();
    }

    private Report restore(Request request, PointName point, String id, Path scratch, Progress progress) {
        LakeConfig trial = config.withHome(scratch.toString());
        Duration age = Duration.between(point.createdAt(), request.now());
        List<String> findings = new ArrayList<>();
        long begin = System.nanoTime();
        Optional<RestoreBackupJob.Report> restored = Optional.empty();
        try {
            restored = Optional.of(new RestoreBackupJob(
                            () -> spark, trial, RestoreBackupJob.Purpose.COPY, AfterRestore.NOTHING)
                    .run(new RestoreBackupJob.Request(request.from(), Selection.NEWEST, request.now()), progress));
            ask(restored.get(), LakeHome.of(trial), findings);
        } catch (LakeException e) {
            findings.add(e.problem() + ": " + e.reason());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long bytes = restored.map(RestoreBackupJob.Report::bytes).orElse(0L);
        double allowed = allowedSeconds(config.backup().drill(), bytes);
        if (seconds > allowed) {
            findings.add(
                    "the restore took %.1f s, and %.1f s are allowed for %d bytes".formatted(seconds, allowed, bytes));
        }
        if (age.compareTo(config.backup().drill().age()) > 0) {
            findings.add("the newest restore point is " + age.toHours() + " h old, and "
                    + config.backup().drill().age().toHours() + " h are allowed");
        }
        return new Report(
                id,
                point,
                restored.map(report -> report.tables().size()).orElse(0),
                restored.map(RestoreBackupJob.Report::rows).orElse(0L),
                bytes,
                seconds,
                allowed,
                age,
                restored.map(RestoreBackupJob.Report::postgres).orElse(false),
                findings);
    }

    /** How long a restore of so many bytes may take. */
    static double allowedSeconds(BackupConfig.Drill drill, long bytes) {
        return drill.timeToRecover().toMillis() / 1e3 * Math.max(1, (double) bytes / drill.referenceBytes());
    }

    /** As somebody would who takes the lake into use. */
    private void ask(RestoreBackupJob.Report restored, LakeHome trial, List<String> findings) {
        long rows = 0;
        for (String table : restored.tables()) {
            rows += spark.read()
                    .format("delta")
                    .load(trial.tablePath(DatasetName.parse(table)))
                    .count();
        }
        if (rows != restored.rows()) {
            findings.add("a count of all tables gives " + rows + " rows, and " + restored.rows() + " were restored");
        }
        if (restored.postgres()) {
            PostgresCopy.tryOut(config.postgres(), trial);
        }
    }

    private void write(Report report, Request request) {
        DeltaTables.ensure(spark, home, ArchiveDrillsTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        ArchiveDrillsTable.DEFINITION,
                        spark.createDataFrame(
                                List.of(RowFactory.create(
                                        report.id(),
                                        request.now(),
                                        report.point().text(),
                                        String.join(", ", request.from()),
                                        (long) report.tables(),
                                        report.rows(),
                                        report.bytes(),
                                        report.seconds(),
                                        report.allowedSeconds(),
                                        (double) report.age().toSeconds(),
                                        report.findings().isEmpty(),
                                        String.join("\n", report.findings()),
                                        request.now())),
                                DeltaSchemas.structType(ArchiveDrillsTable.DEFINITION)));
    }
}
