package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableOverwrite;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Brings one table of a lake, or one partition of it, back to what a restore point has, as a new version of the table: the
 * versions in between stay readable for the table's retention. Not while anything moves, nor where a legal hold may protect
 * the rows that would go.
 */
public final class RestoreInPlaceJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public RestoreInPlaceJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /** @param version of the table that has the rows */
    public record Report(PointName point, DatasetName dataset, long version, RowChecksum rows) {}

    /** @throws LakeException where another job is under way, or a hold stands against it */
    public Report run(RestoreBackupJob.Request request, Progress progress) {
        DatasetName dataset = request.selection()
                .dataset()
                .orElseThrow(() -> LakeException.usage(
                        "a whole lake is not restored in place",
                        "half of it would be gone if that failed",
                        "restore it to a new place with --to, then move that; or name one table with --dataset"));
        List<String> holds = new HoldStore(home)
                .read().stream()
                        .filter(hold -> hold.mayProtect(dataset))
                        .map(Hold::id)
                        .toList();
        if (!holds.isEmpty()) {
            throw LakeException.failed(
                    "nothing was restored in place of " + dataset,
                    "legal holds may protect rows that it has now: " + holds,
                    "restore it to a new place with --to, or release the holds");
        }
        Leases leases = new Leases(home);
        try (JobLease moving = leases.acquire(Leases.TIERING);
                JobLease backing = leases.acquire(Backups.JOB)) {
            return LakeSession.internal(spark, () -> restore(request, dataset, progress));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the table " + dataset + " was not restored",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "the table is as it was; check the location, and run the command again",
                    e);
        }
    }

    private Report restore(RestoreBackupJob.Request request, DatasetName dataset, Progress progress)
            throws IOException {
        BackupRepository repository = new Backups(config).forReading(request.from());
        RestorePoint point = request.selection().point(repository);
        StoredTable table = request.selection().tables(point).get(0);
        if (repository.isErased(table)) {
            throw LakeException.failed(
                    "nothing was restored in place of " + dataset,
                    "an erasure took it out of the restore point " + point.name(),
                    "name a later one with --point");
        }
        new KeyAudit(config, home, Backups.JOB, request.now()).using(point.name(), "restore", "points", 1);
        LakeHome aside = new LakeHome(home.root() + "/staging/restore-" + point.name(), home.staging("restore"));
        delete(aside);
        try (Workers workers = new Workers(config.backup().jobs());
                Progress.Stage stage = progress.begin("restoring", table.bytes(), "bytes")) {
            TableRestore restore = new TableRestore(
                    repository,
                    workers,
                    stage,
                    aside,
                    stores,
                    request.selection().partition());
            restore.write(table);
            RowChecksum rows = restore.finish(spark, table);
            new BackupAudit(config, home, request.now())
                    .append(
                            "backup.restore-in-place",
                            dataset.toString(),
                            Map.of(
                                    "point",
                                    point.name(),
                                    "scope",
                                    request.selection().scope().strip(),
                                    "before",
                                    Long.toString(new TableLog(home, stores)
                                            .snapshot(dataset)
                                            .map(snapshot -> snapshot.version())
                                            .orElse(-1L))));
            long version = new TableOverwrite(spark, home)
                    .overwrite(
                            dataset,
                            aside.tablePath(dataset),
                            request.selection().partition(),
                            rows);
            return new Report(point.pointName(), dataset, version, rows);
        } finally {
            delete(aside);
        }
    }

    private void delete(LakeHome aside) throws IOException {
        Path root = new Path(aside.root());
        root.getFileSystem(stores).delete(root, true);
    }
}
