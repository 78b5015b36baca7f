package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.archive.hold.HoldJob;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.postgres.PostgresCopy;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.StoreFolder;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a new lake, or one table in a new lake, from a restore point. Every object is compared with its hash, every table's
 * rows with their recorded checksum. The lake can be opened when all of that is done; killed before, the same restore run
 * again ends it.
 */
public final class RestoreBackupJob {
    private static final String AUDIT = "audit/";
    private static final String AUDIT_LOG = AUDIT + "log.ndjson";
    private static final String VERSION = "lake.version";

    private final Supplier<SparkSession> spark;
    private final LakeConfig config;
    private final LakeHome target;
    private final Purpose purpose;
    private final AfterRestore afterwards;
    private final Configuration stores;

    /** What the new lake is to the one that was backed up. */
    public enum Purpose {
        /** It is lost, and this one goes on for it: with the rest of its audit log, as places outside have it. */
        REPLACEMENT,
        /** It goes on itself. */
        COPY
    }

    /** @param config of the new lake */
    public RestoreBackupJob(Supplier<SparkSession> spark, LakeConfig config, Purpose purpose, AfterRestore afterwards) {
        this.spark = spark;
        this.config = config;
        this.target = LakeHome.of(config);
        this.purpose = purpose;
        this.afterwards = afterwards;
        this.stores = Stores.configuration(config);
    }

    /**
     * What is wanted.
     *
     * @param from locations that hold it; one that is damaged is helped out by the next
     */
    public record Request(List<String> from, Selection selection, Instant now) {}

    /**
     * What was restored.
     *
     * @param rows of its tables
     * @param warnings what is not as it was
     */
    public record Report(
            PointName point,
            String home,
            List<String> tables,
            long rows,
            long bytes,
            boolean postgres,
            List<String> warnings) {}

    /** @throws LakeException where there is no such point, it is damaged, or the target holds something */
    public Report run(Request request, Progress progress) {
        try {
            BackupRepository repository = new Backups(config).forReading(request.from());
            RestorePoint point = request.selection().point(repository);
            Map<Boolean, List<StoredTable>> wanted =
                    request.selection().tables(point).stream().collect(Collectors.partitioningBy(repository::isErased));
            List<StoredTable> tables = wanted.get(false);
            RestoreMarker marker =
                    new RestoreMarker(target, point.name() + request.selection().scope());
            marker.place();
            try (Workers workers = new Workers(config.backup().jobs());
                    Progress.Stage stage = progress.begin("restoring", bytes(request, point, tables), "bytes")) {
                return restore(request, repository, point, tables, wanted.get(true), marker, workers, stage);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the backup was not restored",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check the location and that " + target.root() + " is writable and has room, and run the command"
                            + " again: it goes on where it was",
                    e);
        }
    }

    private Report restore(
            Request request,
            BackupRepository repository,
            RestorePoint point,
            List<StoredTable> tables,
            List<StoredTable> erased,
            RestoreMarker marker,
            Workers workers,
            Progress.Stage stage)
            throws IOException {
        boolean whole = request.selection().isWhole();
        Path localRoot = new Path(target.local().toString());
        FileRestore local = new FileRestore(repository, workers, stage, localRoot.getFileSystem(stores), localRoot);
        List<String> warnings = new ArrayList<>();
        if (whole) {
            restoreAuditLog(local, point).forEach(problem -> warnings.add(problem.getMessage()));
        }
        BackupAudit audit = new BackupAudit(config, target, request.now());
        audit.append(
                "backup.restore",
                point.name(),
                Map.of("scope", request.selection().scope()));
        audit.adopt(repository);
        new KeyAudit(config, target, Backups.JOB, request.now()).using(point.name(), "restore", "points", 1);
        TableRestore restore = new TableRestore(
                repository, workers, stage, target, stores, request.selection().partition());
        for (StoredTable table : tables) {
            restore.write(table);
        }
        copyKeys(repository.locations().get(0), target, stores);
        erased.forEach(
                table -> warnings.add("table " + table.dataset() + " is not restored: an erasure took it out of this"
                        + " restore point, because its log quotes values of its rows; later points have it"));
        boolean postgres = false;
        if (whole) {
            Path root = new Path(target.root());
            new FileRestore(repository, workers, stage, root.getFileSystem(stores), root).files(point.rootFiles());
            local.files(point.localFiles().stream()
                    .filter(file ->
                            !file.path().startsWith(AUDIT) && !file.path().equals(VERSION))
                    .toList());
            postgres = restorePostgres(repository, point, workers, stage, warnings);
            Set<String> indexes = IndexStore.collections(target, stores);
            if (!indexes.isEmpty()) {
                warnings.add("the indexes of " + String.join(", ", indexes)
                        + " have no shards, for these are made again: run `lake vectors build "
                        + String.join(" ", indexes) + "`");
            }
        }
        long rows = LakeSession.internal(spark.get(), () -> finish(restore, tables));
        if (whole) {
            new HoldJob(config, target).replay();
        }
        afterwards.replay(target, point);
        local.files(point.localFiles().stream()
                .filter(file -> file.path().equals(VERSION))
                .toList());
        marker.remove();
        if (whole) {
            warnings.add("the configuration is not restored: the restore point was made with "
                    + point.configuration().keySet());
        }
        return new Report(
                point.pointName(),
                target.root(),
                tables.stream().map(StoredTable::dataset).toList(),
                rows,
                bytes(request, point, tables),
                postgres,
                warnings);
    }

    /** Not again where that was done before: the log may have grown since. */
    private List<LakeException> restoreAuditLog(FileRestore local, RestorePoint point) throws IOException {
        Predicate<StoredFile> isLog = file -> file.path().equals(AUDIT_LOG);
        Optional<StoredFile> log = point.localFiles().stream().filter(isLog).findAny();
        if (log.isPresent() && !isThere(log.get())) {
            local.files(point.localFiles().stream()
                    .filter(isLog.negate().and(file -> file.path().startsWith(AUDIT)))
                    .toList());
            local.files(List.of(log.get()));
        }
        return purpose == Purpose.REPLACEMENT ? AuditTrail.of(config, target).goOnFromOutside() : List.of();
    }

    private boolean isThere(StoredFile log) throws IOException {
        java.nio.file.Path file = target.local().resolve(log.path());
        return Files.exists(file) && Files.size(file) >= log.bytes();
    }

    private long finish(TableRestore restore, List<StoredTable> tables) {
        long rows = 0;
        for (StoredTable table : tables) {
            RowChecksum found = restore.finish(spark.get(), table);
            rows += found.rows();
        }
        return rows;
    }

    private boolean restorePostgres(
            BackupRepository repository,
            RestorePoint point,
            Workers workers,
            Progress.Stage stage,
            List<String> warnings)
            throws IOException {
        if (point.postgres() == null) {
            return false;
        }
        if (repository.isErased(point.postgres())) {
            warnings.add(
                    "PostgreSQL is not restored: an erasure took it out of this restore point; Delta has its rows, and"
                            + " `lake tier apply` loads what is hot");
            return false;
        }
        for (String folder : point.postgres().folders()) {
            Files.createDirectories(target.postgresDirectory().resolve(folder));
        }
        Path root = new Path(target.postgresDirectory().toString());
        new FileRestore(repository, workers, stage, root.getFileSystem(stores), root)
                .files(point.postgres().files());
        PostgresCopy.adopt(target);
        return true;
    }

    static void copyKeys(StoreFolder location, LakeHome target, Configuration stores) throws IOException {
        StoreFolder keys = StoreFolder.of(target.keysPath(), stores);
        for (String file : location.tree(BackupKeys.FOLDER).keySet()) {
            keys.write(file, location.read(BackupKeys.FOLDER + "/" + file));
        }
    }

    private static long bytes(Request request, RestorePoint point, List<StoredTable> tables) {
        return request.selection().isWhole()
                ? point.bytes()
                : tables.stream()
                        .mapToLong(table -> table.data().stream()
                                        .filter(file -> request.selection()
                                                .partition()
                                                .map(PartitionName::toString)
                                                .map(file.partition()::equals)
                                                .orElse(true))
                                        .mapToLong(file -> file.bytes())
                                        .sum()
                                + table.log().stream()
                                        .mapToLong(StoredFile::bytes)
                                        .sum())
                        .sum();
    }
}
