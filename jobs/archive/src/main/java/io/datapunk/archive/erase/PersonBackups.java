package io.datapunk.archive.erase;

import io.datapunk.archive.backup.repository.BackupErasure;
import io.datapunk.archive.backup.repository.BackupErasure.ParquetObject;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.erase.ErasureReport.Store;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.Person;
import io.datapunk.lake.delta.PersonFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * What backups hold of a person: his keys beside them go, each table's file with rows of his is replaced in all restore
 * points by one without them, and copies of PostgreSQL, whose pages hold many persons', go.
 */
final class PersonBackups {
    private static final String STAGING = "erasure";

    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    PersonBackups(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * Where a location is out of reach, or holds what cannot be read, that is told as left.
     *
     * @param quoting tables whose logs quote values of his rows, whether or not a restore point still has the rows
     */
    void remove(Person person, Set<DatasetName> quoting, Instant now, ErasureReport.Builder report) {
        Path staging = home.staging(STAGING);
        try {
            FolderTree.delete(staging);
            if (!new Backups(config).any(home)) {
                return;
            }
            Files.createDirectories(staging);
            try (BackupErasure backups = BackupErasure.open(config, home, now)) {
                backups.syncKeys();
                Set<String> removed = new TreeSet<>();
                for (DatasetName dataset : quoting) {
                    removeQuoting(backups, dataset.toString(), removed, report);
                }
                for (ParquetObject object : backups.parquetObjects()) {
                    if (!removed.containsAll(object.tables().keySet())) {
                        remove(backups, object, person, staging, removed, report);
                    }
                }
                int pages = backups.removePostgres();
                if (pages > 0) {
                    report.add(
                            Store.BACKUPS,
                            "PostgreSQL",
                            0,
                            pages,
                            "its copies were removed from all restore points; the next backup has one again");
                }
            } finally {
                FolderTree.delete(staging);
            }
        } catch (IOException e) {
            report.leave(
                    "backups may hold rows of the person: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (LakeException e) {
            report.leave("backups may hold rows of the person: " + e.getMessage());
        }
    }

    /** @param removed tables, to which those are added that the object takes with it */
    private void remove(
            BackupErasure backups,
            ParquetObject object,
            Person person,
            Path staging,
            Set<String> removed,
            ErasureReport.Builder report)
            throws IOException {
        Path file = staging.resolve("file.parquet");
        Path others = staging.resolve("others.parquet");
        backups.copyTo(object.id(), file);
        try {
            Optional<PersonFile> his = PersonFile.of(file, person, stores);
            long rows = his.isPresent() ? his.get().rows() : 0;
            if (rows == 0) {
                return;
            }
            for (String dataset : object.tables().keySet()) {
                if (!LakeTables.isOwn(DatasetName.parse(dataset))) {
                    removeQuoting(backups, dataset, removed, report);
                }
            }
            if (removed.containsAll(object.tables().keySet())) {
                return;
            }
            String subject = String.join(", ", object.tables().keySet());
            long left = his.get().writeOthers(others);
            if (left == 0 || object.masked()) {
                backups.remove(object.id());
                report.add(
                        Store.BACKUPS,
                        subject,
                        rows,
                        1,
                        left == 0
                                ? "removed from all restore points"
                                : "removed from all restore points, together with " + left
                                        + " rows of others, because a deletion vector counts the rows of the file; the next"
                                        + " backup has what lives of them");
            } else {
                backups.replace(object.id(), others, left);
                report.add(Store.BACKUPS, subject, rows, 1, "replaced in all restore points by a file without them");
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(others);
        }
    }

    /** Before its data are replaced, by which a run that is killed between finds it again. */
    private static void removeQuoting(
            BackupErasure backups, String dataset, Set<String> removed, ErasureReport.Builder report)
            throws IOException {
        int objects = removed.add(dataset) ? backups.removeTable(dataset) : 0;
        if (objects > 0) {
            report.add(
                    Store.BACKUPS,
                    dataset,
                    0,
                    objects,
                    "removed from all restore points, for its log quotes values; the next backup has it again");
        }
    }
}
