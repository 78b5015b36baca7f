package io.datapunk.archive.backup.verify;

import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.WholeFiles;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StoreFolder;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies back what one location of backups has damaged or lacks and another has whole. What no location has whole only the
 * lake still has, and {@code lake backup create --full-read} stores it anew.
 */
public final class RepairBackupsJob {
    private final LakeConfig config;
    private final LakeHome home;

    public RepairBackupsJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /**
     * Repairs damages, each in the audit log first.
     *
     * @param damages of which another location has the file whole
     * @throws LakeException where backups are made or removed meanwhile, or a location is out of reach
     */
    public void run(List<BackupDamage> damages, Instant now) {
        try (JobLease lease = new Leases(home).acquire(Backups.JOB)) {
            BackupAudit audit = new BackupAudit(config, home, now);
            // Anew: since it was verified, keys may have been destroyed, which must not come back.
            WholeFiles files = new WholeFiles(
                    new Backups(config).forReading(config.backup().locations(home), Optional.of(home)),
                    Optional.of(audit.expected()));
            for (BackupDamage damage : damages) {
                audit.append(
                        "backup.copy-back",
                        damage.file(),
                        Map.of("location", damage.location(), "found", damage.what()));
                files.copyTo(StoreFolder.open(damage.location(), Stores.configuration(config)), damage.file());
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the backups could not be repaired",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that you may write to the locations, and run the command again",
                    e);
        }
    }
}
