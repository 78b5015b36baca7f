package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredPostgres;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresRecovery;
import io.datapunk.lake.postgres.PostgresRecovery.Recovered;
import io.datapunk.lake.postgres.WalArchive;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Brings the embedded PostgreSQL back by a restore point and the log that was archived since: in its place as far as the log
 * goes, so that what applications wrote and Delta has not yet is there; or elsewhere as of any moment, to look at. In its
 * place not as of a moment: Delta would have rows that PostgreSQL has not, and nobody would know which are right.
 */
public final class RestorePostgresJob {
    private static final String SCOPE = " postgres";

    private final LakeConfig config;
    private final LakeHome home;
    private final AfterRestore afterwards;
    private final Configuration stores;

    /** @param home the lake whose PostgreSQL it is, or the new place */
    public RestorePostgresJob(LakeConfig config, LakeHome home, AfterRestore afterwards) {
        this.config = config;
        this.home = home;
        this.afterwards = afterwards;
        this.stores = Stores.configuration(config);
    }

    /** @param until the moment to bring it to; empty: the end of the log */
    public record Request(List<String> from, Optional<PointName> point, Optional<Instant> until, Instant now) {}

    /** What was restored; the server runs. */
    public record Report(PointName point, Recovered recovered) {}

    /** @throws LakeException where another job or command is under way, or the log does not reach so far */
    public Report inPlace(Request request, Progress progress) {
        if (request.until().isPresent()) {
            throw LakeException.usage(
                    "PostgreSQL was not restored",
                    "in its place it is brought to the end of its log, for Delta has rows from after "
                            + request.until().get(),
                    "leave --at out, or look at it elsewhere with --to");
        }
        try {
            BackupRepository repository = new Backups(config).forReading(request.from());
            RestorePoint point = point(request, repository);
            Leases leases = new Leases(home);
            Report report;
            try (JobLease moving = leases.acquire(Leases.TIERING);
                    JobLease backing = leases.acquire(Backups.JOB)) {
                report = restore(request, repository, point, progress);
            }
            // It takes the leases itself.
            afterwards.replay(home, point);
            return report;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Makes a home with nothing else in it. Killed, the same again goes on. */
    public Report elsewhere(Request request, Progress progress) {
        try {
            BackupRepository repository = new Backups(config).forReading(request.from());
            RestorePoint point = point(request, repository);
            RestoreMarker marker = new RestoreMarker(
                    home,
                    point.name()
                            + SCOPE
                            + request.until().map(time -> " " + time).orElse(""));
            marker.place();
            Report report = restore(request, repository, point, progress);
            RestoreBackupJob.copyKeys(repository.locations().get(0), home, stores);
            afterwards.replay(home, point);
            marker.remove();
            LakeHome.open(config);
            return report;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private RestorePoint point(Request request, BackupRepository repository) throws IOException {
        RestorePoint point = Selection.ofTime(request.point(), request.until()).point(repository);
        if (point.postgres() == null || repository.isErased(point.postgres())) {
            throw LakeException.failed(
                    "PostgreSQL was not restored",
                    "the restore point " + point.name()
                            + (point.postgres() == null
                                    ? " has none: there was none yet, or it was a server of your own"
                                    : " has lost it to an erasure, and its log went as well"),
                    "name another with --point");
        }
        return point;
    }

    private Report restore(Request request, BackupRepository repository, RestorePoint point, Progress progress)
            throws IOException {
        StoredPostgres copy = point.postgres();
        WalArchive archive = copy.archivedTo()
                .flatMap(name -> WalArchive.named(config.postgres().wal(), name))
                .orElseThrow(() -> LakeException.failed(
                        "PostgreSQL was not restored",
                        copy.archivedTo().isPresent()
                                ? "lake.postgres.wal.archive does not say where its log was archived"
                                : "its log was not archived when the restore point " + point.name() + " was made",
                        "without the log move the folder postgres away: Delta has every row but those written since the"
                                + " last sync, and `lake tier apply` loads what is hot"));
        new BackupAudit(config, home, request.now())
                .append("backup.restore", point.name(), Map.of("scope", SCOPE.strip()));
        new KeyAudit(config, home, Backups.JOB, request.now()).using(point.name(), "restore", "points", 1);
        PostgresRecovery recovery = new PostgresRecovery(config.postgres(), home);
        recovery.begin();
        for (String folder : copy.folders()) {
            Files.createDirectories(recovery.folder().resolve(folder));
        }
        long bytes = copy.files().stream().mapToLong(file -> file.bytes()).sum();
        Path root = new Path(recovery.folder().toString());
        try (Workers workers = new Workers(config.backup().jobs());
                Progress.Stage stage = progress.begin("restoring", bytes, "bytes")) {
            new FileRestore(repository, workers, stage, root.getFileSystem(stores), root).files(copy.files());
        }
        return new Report(
                point.pointName(), recovery.finish(archive, copy.lastSegment(), request.until(), request.now()));
    }

    private LakeException failure(IOException e) {
        return LakeException.failed(
                "PostgreSQL was not restored",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check the location of the backups and that " + home.postgresDirectory()
                        + " is writable and has room for two copies, and run the command again",
                e);
    }
}
