package io.datapunk.archive.backup.create;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.point.StoredPostgres;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupErasure;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.ObjectWriter;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.archive.backup.retention.PruneBackups;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresCopy;
import io.datapunk.lake.postgres.WalArchive;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StoreFolder;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a restore point: the lake as it is, of which only what is new is stored. The versions of all tables and PostgreSQL are
 * taken while nothing moves between them, so that they agree. The point is written last; killed before, nothing of it is seen,
 * and the next run takes up what was stored.
 */
public final class CreateBackupJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public CreateBackupJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * @param compliance whether it is kept as long as compliance asks for
     * @param readAll read also what an older restore point has, in the lake and in the locations
     */
    public record Request(boolean compliance, boolean readAll, Instant now) {}

    /**
     * What was made.
     *
     * @param bytes what a restore of it writes
     * @param newBytes contents that no older restore point has
     * @param storedBytes what these take in each location
     * @param pruned restore points that went
     * @param problems one for each location that lacks it
     */
    public record Report(
            PointName point,
            List<String> locations,
            int tables,
            long rows,
            boolean postgres,
            long bytes,
            long newObjects,
            long newBytes,
            long storedBytes,
            List<PointName> pruned,
            List<String> warnings,
            List<LakeException> problems) {}

    /** @throws LakeException where the keys cannot be had, tiering or another backup is under way, or no location is left */
    public Report run(Request request, Progress progress) {
        Path staging = home.staging(Backups.JOB);
        try (JobLease lease = new Leases(home).acquire(Backups.JOB)) {
            FolderTree.delete(staging);
            Files.createDirectories(staging);
            return LakeSession.internal(spark, () -> create(request, staging, progress));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the backup was not made",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the locations are reachable and have room, run `lake backup verify`, then the command"
                            + " again",
                    e);
        } finally {
            discard(staging);
        }
    }

    private Report create(Request request, Path staging, Progress progress) throws IOException {
        Backups.Opened opened = new Backups(config).forWriting(home, request.now());
        BackupRepository repository = opened.repository();
        BackupAudit audit = new BackupAudit(config, home, request.now());
        PointName name = PointName.of(request.now(), new SecureRandom().nextInt(), request.compliance());
        audit.append("backup.create", name.text(), Map.of("locations", "" + repository.locations()));
        BackupErasure.finish(repository, audit);
        audit.makeUp(repository);
        Optional<RestorePoint> before = newest(repository);
        ObjectWriter objects =
                new ObjectWriter(repository, staging, config.backup().level(), name.text(), request.readAll());
        RestorePoint point;
        try (Workers workers = new Workers(config.backup().jobs());
                Progress.Stage stage = progress.begin("backing up", Progress.UNKNOWN_TOTAL, "bytes")) {
            point = point(request, name, repository, objects, workers, before, stage);
        }
        String sha256 = repository.write(point);
        long rows = point.tables().stream()
                .flatMap(table -> table.data().stream())
                .mapToLong(file -> file.rows())
                .sum();
        audit.made(
                name,
                sha256,
                Map.of(
                        "tables", Integer.toString(point.tables().size()),
                        "rows", Long.toString(rows),
                        "bytes", Long.toString(point.bytes()),
                        "new_bytes", Long.toString(objects.newBytes())));
        Optional<WalArchive> wal = WalArchive.of(config.postgres(), home);
        if (wal.isPresent()) {
            wal.get().removeBefore(request.now().minus(config.postgres().wal().keep()));
        }
        List<String> warnings = warnings();
        List<PointName> pruned = List.of();
        if (config.backup().prune()) {
            PruneBackups.Pruned result = new PruneBackups(config, home, audit).run(repository, request.now());
            pruned = result.points();
            warnings.addAll(result.warnings());
        }
        return new Report(
                name,
                repository.locations().stream().map(StoreFolder::name).toList(),
                point.tables().size(),
                rows,
                point.postgres() != null,
                point.bytes(),
                objects.newObjects(),
                objects.newBytes(),
                objects.storedBytes(),
                pruned,
                warnings,
                Stream.concat(opened.problems().stream(), repository.problems().stream())
                        .toList());
    }

    private RestorePoint point(
            Request request,
            PointName name,
            BackupRepository repository,
            ObjectWriter objects,
            Workers workers,
            Optional<RestorePoint> before,
            Progress.Stage stage)
            throws IOException {
        HomeFiles homeFiles = new HomeFiles(home, config.archive(), stores);
        FileBackup files = new FileBackup(objects, workers, stage);
        List<TableSnapshot> snapshots;
        StoredPostgres postgres;
        try (JobLease moving = new Leases(home).acquire(Leases.TIERING)) {
            snapshots = snapshots();
            postgres = postgres(new PostgresBackup(files, homeFiles.localStore(), home), name, request.now());
        }
        objects.flush();
        TableBackup tables = new TableBackup(
                spark,
                home,
                stores,
                objects,
                workers,
                before.map(RestorePoint::tables).orElse(List.of()),
                request.readAll());
        List<StoredTable> stored = new ArrayList<>();
        for (TableSnapshot snapshot : snapshots) {
            stored.add(tables.store(snapshot, stage));
        }
        List<StoredFile> rootFiles = files.store(
                homeFiles.rootStore(),
                homeFiles.root(),
                homeFiles.ofRoot(),
                request.readAll()
                        ? Map.of()
                        : before.map(CreateBackupJob::rootFiles).orElse(Map.of()));
        List<StoredFile> localFiles =
                files.store(homeFiles.localStore(), homeFiles.local(), homeFiles.ofLocal(), Map.of());
        objects.flush();
        Map<String, String> configuration = new TreeMap<>();
        config.settings().stream()
                .filter(setting -> !setting.source().equals("default"))
                .forEach(setting -> configuration.put(setting.key(), setting.value()));
        Set<String> needed = RestorePoint.objects(stored, rootFiles, localFiles, postgres);
        return new RestorePoint(
                RestorePoint.FORMAT,
                name.text(),
                request.compliance(),
                home.root(),
                configuration,
                stored,
                rootFiles,
                localFiles,
                postgres,
                repository.batchesOf(needed),
                repository.homeKeys());
    }

    private List<TableSnapshot> snapshots() {
        TableLog log = new TableLog(home, stores);
        return log.tables().stream()
                .flatMap(name -> log.snapshot(name).stream())
                .toList();
    }

    private StoredPostgres postgres(PostgresBackup backup, PointName name, Instant now) throws IOException {
        Optional<PostgresCopy> begun = PostgresCopy.begin(config.postgres(), home, name.text());
        if (begun.isEmpty()) {
            return null;
        }
        try (PostgresCopy copy = begun.get()) {
            return backup.store(copy, now.toEpochMilli());
        }
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (config.backup().areInHome(home)) {
            warnings.add("the backups lie in the lake's own folder and are lost together with it: name other places in"
                    + " lake.backup.locations");
        }
        if (!config.postgres().embedded()) {
            warnings.add("PostgreSQL at lake.postgres.url is not part of the backup: back it up with its own tools, as"
                    + " pg_basebackup; Delta has every row but those written since the last sync");
        }
        return warnings;
    }

    private static Map<String, StoredFile> rootFiles(RestorePoint before) {
        Map<String, StoredFile> files = new HashMap<>();
        before.rootFiles().forEach(file -> files.put(file.path(), file));
        return files;
    }

    private static Optional<RestorePoint> newest(BackupRepository repository) throws IOException {
        List<PointName> points = repository.points();
        return points.isEmpty() ? Optional.empty() : Optional.of(repository.read(points.get(points.size() - 1)));
    }

    private static void discard(Path staging) {
        try {
            FolderTree.delete(staging);
        } catch (IOException leftBehind) {
            // It holds encrypted objects alone, and the next run removes it.
        }
    }
}
