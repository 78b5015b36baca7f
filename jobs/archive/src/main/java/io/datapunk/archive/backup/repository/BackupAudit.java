package io.datapunk.archive.backup.repository;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the audit log says of backups: that a restore point was taken away, replaced, or that destroyed keys came back, tells
 * nothing else.
 */
public final class BackupAudit {
    private static final String POINT = "backup.point";
    private static final String PRUNE = "backup.prune";
    private static final String DESTROY = "backup.destroy-keys";
    private static final String SHA256 = "sha256";
    private static final String GENERATION = "generation";

    private final AuditLog log;
    private final AuditTrail trail;
    private final Instant now;

    public BackupAudit(LakeConfig config, LakeHome home, Instant now) {
        this.log = AuditLog.of(config, home);
        this.trail = AuditTrail.of(config, home);
        this.now = now;
    }

    /**
     * What has to be there.
     *
     * @param points the restore points' SHA-256, by their names
     * @param generations of the files of keys that were written anew, by their names; 0 where a file is gone
     */
    public record Expected(Map<String, String> points, Map<String, Integer> generations) {}

    public Expected expected() {
        Map<String, String> points = new TreeMap<>();
        Map<String, Integer> generations = new TreeMap<>();
        trail.read(0, entry -> {
            switch (entry.action()) {
                case POINT -> points.put(entry.subject(), entry.details().get(SHA256));
                case PRUNE -> points.remove(entry.subject());
                case DESTROY ->
                    generations.put(
                            entry.subject(), Integer.parseInt(entry.details().get(GENERATION)));
                default -> {
                    // Not of backups.
                }
            }
        });
        return new Expected(points, generations);
    }

    /** What is about to be done, or was. */
    public void append(String action, String subject, Map<String, String> details) {
        log.append(new AuditEvent(now, Backups.JOB, action, subject, details));
    }

    public void made(PointName point, String sha256, Map<String, String> details) {
        Map<String, String> all = new TreeMap<>(details);
        all.put(SHA256, sha256);
        append(POINT, point.text(), all);
    }

    public void pruning(PointName point) {
        append(PRUNE, point.text(), Map.of());
    }

    /** Destroys objects' keys, and the objects; in the audit log first. */
    public void destroy(BackupRepository repository, Set<String> ids, String why) throws IOException {
        Map<String, Integer> generations = repository.generations();
        for (String batch : repository.batchesOf(ids)) {
            Set<String> gone = new TreeSet<>(repository.objectsOf(batch));
            int before = gone.size();
            gone.removeAll(ids);
            append(
                    DESTROY,
                    batch,
                    Map.of(
                            GENERATION,
                            Integer.toString(gone.isEmpty() ? 0 : generations.get(batch) + 1),
                            "objects",
                            Integer.toString(before - gone.size()),
                            "why",
                            why));
        }
        repository.destroy(ids);
    }

    /** Of a lake that was just restored: its log is older than the backups, and does not know what became of them since. */
    public void adopt(BackupRepository repository) throws IOException {
        makeUp(repository);
        Set<PointName> present = Set.copyOf(repository.points());
        for (String point : expected().points().keySet()) {
            if (!present.contains(new PointName(point))) {
                append(PRUNE, point, Map.of("found", "false"));
            }
        }
    }

    /** Writes down the points that a run was killed before it did. */
    public void makeUp(BackupRepository repository) throws IOException {
        Map<String, String> points = expected().points();
        for (PointName point : repository.points()) {
            if (!points.containsKey(point.text())) {
                made(point, repository.sha256(point), Map.of("found", "true"));
            }
        }
    }
}
