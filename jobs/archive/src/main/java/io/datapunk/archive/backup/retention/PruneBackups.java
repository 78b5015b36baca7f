package io.datapunk.archive.backup.retention;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.hold.HoldStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes the restore points that no rule keeps, then the objects that no point needs, their keys first. Call it under the
 * lease of backups: an object of a backup under way belongs to no point yet.
 */
public final class PruneBackups {
    private final LakeConfig config;
    private final LakeHome home;
    private final BackupAudit audit;

    public PruneBackups(LakeConfig config, LakeHome home, BackupAudit audit) {
        this.config = config;
        this.home = home;
        this.audit = audit;
    }

    /** @param points that went */
    public record Pruned(List<PointName> points, int objects, List<String> warnings) {}

    public Pruned run(BackupRepository repository, Instant now) throws IOException {
        List<PointName> all = repository.points();
        List<PointName> expired = new PointRetention(config.backup().keep()).expired(all, now);
        if (!expired.isEmpty() && !new HoldStore(home).read().isEmpty()) {
            return new Pruned(
                    List.of(),
                    0,
                    List.of(expired.size()
                            + " restore points would go, and stay: a legal hold may protect what only they"
                            + " have; `lake archive hold` lists the holds"));
        }
        for (PointName point : expired) {
            audit.pruning(point);
            repository.remove(point);
        }
        Set<String> unneeded = new TreeSet<>(repository.known());
        for (PointName point : all) {
            if (!expired.contains(point)) {
                repository.read(point).objects().forEach(id -> repository
                        .resolve(id)
                        .ifPresent(unneeded::remove));
            }
        }
        if (!unneeded.isEmpty()) {
            audit.destroy(repository, unneeded, "prune");
        }
        return new Pruned(expired, unneeded.size(), List.of());
    }
}
