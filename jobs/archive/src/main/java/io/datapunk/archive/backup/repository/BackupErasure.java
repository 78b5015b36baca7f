package io.datapunk.archive.backup.repository;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredDataFile;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StoreFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Takes rows out of backups that exist. A table's file is replaced by one without the rows, for all restore points at once;
 * then its key is destroyed, which no copy of the object outlives, and the object goes. Killed at any point, the next run, or
 * the next backup, ends what was begun.
 */
public final class BackupErasure implements AutoCloseable {
    private static final String WHY = "erasure";

    private final LakeConfig config;
    private final LakeHome home;
    private final JobLease lease;
    private final BackupRepository repository;
    private final BackupAudit audit;
    private final Instant now;

    private BackupErasure(LakeConfig config, LakeHome home, JobLease lease, BackupRepository repository, Instant now) {
        this.config = config;
        this.home = home;
        this.lease = lease;
        this.repository = repository;
        this.audit = new BackupAudit(config, home, now);
        this.now = now;
    }

    /**
     * Begins, and keeps everybody else from changing the backups until it is closed.
     *
     * @throws LakeException where a location is out of reach: what is erased has to be erased in all
     */
    public static BackupErasure open(LakeConfig config, LakeHome home, Instant now) throws IOException {
        JobLease lease = new Leases(home).acquire(Backups.JOB);
        try {
            Backups.Opened opened = new Backups(config).forWriting(home, now);
            if (!opened.problems().isEmpty()) {
                throw opened.problems().get(0);
            }
            BackupErasure erasure = new BackupErasure(config, home, lease, opened.repository(), now);
            finish(opened.repository(), erasure.audit);
            return erasure;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** Ends what a killed run has begun: what was replaced has no key any more. */
    public static void finish(BackupRepository repository, BackupAudit audit) throws IOException {
        Set<String> left = new TreeSet<>(repository.replacements().keySet());
        left.retainAll(repository.known());
        if (!left.isEmpty()) {
            audit.destroy(repository, left, WHY);
        }
    }

    /**
     * A table's file in backups.
     *
     * @param id of its object
     * @param tables where it lies: paths by the names of the datasets
     * @param masked whether a restore point masks some of its rows by a deletion vector, which counts them; such a file can
     *     only be replaced by nothing
     */
    public record ParquetObject(String id, Map<String, String> tables, boolean masked) {}

    /** All of them, over all restore points; what was replaced is followed to what is there now. */
    public List<ParquetObject> parquetObjects() throws IOException {
        Map<String, Map<String, String>> tables = new TreeMap<>();
        Set<String> masked = new TreeSet<>();
        for (PointName name : repository.points()) {
            for (StoredTable table : repository.read(name).tables()) {
                for (StoredDataFile file : table.data()) {
                    repository.resolve(file.object()).ifPresent(id -> {
                        tables.computeIfAbsent(id, any -> new HashMap<>()).put(table.dataset(), file.path());
                        if (!file.deletionVector().isEmpty()) {
                            masked.add(id);
                        }
                    });
                }
            }
        }
        List<ParquetObject> objects = new ArrayList<>();
        tables.forEach((id, places) -> objects.add(new ParquetObject(id, Map.copyOf(places), masked.contains(id))));
        return objects;
    }

    /** Writes a file's content to a new file, to look for rows in it. */
    public void copyTo(String id, Path target) throws IOException {
        IOException problem = null;
        for (StoreFolder location : repository.locations()) {
            try (InputStream in = repository.open(location, id)) {
                Files.copy(in, target);
                return;
            } catch (IOException e) {
                Files.deleteIfExists(target);
                problem = e;
            }
        }
        throw problem;
    }

    /**
     * Replaces a table's file in all restore points.
     *
     * @param id of the object
     * @param file with the rows that stay
     * @param rows of it
     */
    public void replace(String id, Path file, RowChecksum rows) throws IOException {
        replace(id, file, rows.rows(), rows.hex());
    }

    /**
     * As {@link #replace(String, Path, RowChecksum)} where the checksum of its rows is not known: of a table that has it a
     * restore compares bytes only.
     *
     * @param rows how many
     */
    public void replace(String id, Path file, long rows) throws IOException {
        replace(id, file, rows, "");
    }

    private void replace(String id, Path file, long rows, String checksum) throws IOException {
        audit.append("backup.replace", id, Map.of("rows", Long.toString(rows)));
        Path staging = home.staging("backup-erasure");
        FolderTree.delete(staging);
        Files.createDirectories(staging);
        try {
            ObjectWriter writer = new ObjectWriter(
                    repository,
                    staging,
                    config.backup().level(),
                    "erasure-" + PointName.of(now, id.hashCode(), false),
                    false);
            String replacement = writer.storeCompressed(() -> Files.newInputStream(file));
            writer.flush();
            requireAllLocations();
            repository.replace(id, new Replacement(replacement, rows, checksum));
        } finally {
            FolderTree.delete(staging);
        }
        end(Set.of(id));
    }

    /** Takes a table's file out of all restore points: none of its rows stays. */
    public void remove(String id) throws IOException {
        audit.append("backup.replace", id, Map.of("rows", "0"));
        repository.replace(id, Replacement.NOTHING);
        end(Set.of(id));
    }

    /**
     * Takes a table out of all restore points whose log quotes values of its rows, which only a new log does not: one that the
     * lake does not define.
     *
     * @return how many objects went
     */
    public int removeTable(String dataset) throws IOException {
        Set<String> logs = new TreeSet<>();
        Set<String> data = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        for (PointName name : repository.points()) {
            RestorePoint point = repository.read(name);
            for (StoredTable table : point.tables()) {
                boolean its = table.dataset().equals(dataset);
                table.data().forEach(file -> (its ? data : others).add(file.object()));
                table.log().forEach(file -> file.pieces().forEach(piece -> (its ? logs : others).add(piece.object())));
            }
            Stream.concat(point.rootFiles().stream(), point.localFiles().stream())
                    .forEach(file -> file.pieces().forEach(piece -> others.add(piece.object())));
        }
        // Killed between, a run finds the table again by its data.
        return removeAll(logs, others, "backup.remove-table", dataset)
                + removeAll(data, others, "backup.remove-table", dataset);
    }

    /**
     * Takes the copies of PostgreSQL out of all restore points: pages hold rows of many persons. Delta has every row; the
     * next backup has a copy again.
     *
     * @return how many objects went
     */
    public int removePostgres() throws IOException {
        Set<String> pages = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        for (PointName name : repository.points()) {
            RestorePoint point = repository.read(name);
            if (point.postgres() != null) {
                point.postgres().files().forEach(file -> file.pieces().forEach(piece -> pages.add(piece.object())));
            }
            point.tables().forEach(table -> table.data().forEach(file -> others.add(file.object())));
            point.rootFiles().forEach(file -> file.pieces().forEach(piece -> others.add(piece.object())));
            point.localFiles().forEach(file -> file.pieces().forEach(piece -> others.add(piece.object())));
        }
        return removeAll(pages, others, "backup.remove-postgres", "all restore points");
    }

    /** @param others what something else has a part in, and so stays */
    private int removeAll(Set<String> objects, Set<String> others, String action, String subject) throws IOException {
        Set<String> removed = new TreeSet<>(objects);
        removed.removeAll(others);
        removed.retainAll(repository.known());
        if (!removed.isEmpty()) {
            audit.append(action, subject, Map.of("objects", "" + removed.size()));
            for (String id : removed) {
                repository.replace(id, Replacement.NOTHING);
            }
            end(removed);
        }
        return removed.size();
    }

    /** Destroys beside the backups what keys were destroyed in the lake. */
    public void syncKeys() throws IOException {
        for (StoreFolder location : repository.locations()) {
            new BackupKeys(config, home).sync(location);
        }
    }

    private void end(Set<String> ids) throws IOException {
        requireAllLocations();
        audit.destroy(repository, ids, WHY);
        requireAllLocations();
    }

    private void requireAllLocations() {
        repository.problems().stream().findFirst().ifPresent(problem -> {
            throw problem;
        });
    }

    @Override
    public void close() {
        lease.close();
    }
}
