package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.KeyRotation;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.WrappedKey;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Puts the keys of encrypted datasets, of archived persons, of backups, and of the audit log's signatures under the master key that the
 * configuration names, in the lake and in all places of copies. Files are not touched. What an older master key could open
 * goes, and stands in the audit log before.
 */
public final class RotateKeysJob {
    private final LakeConfig config;
    private final LakeHome home;

    public RotateKeysJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /** @param problems one for each place of copies where older keys may be left */
    public record Rotated(List<Key> keys, List<LakeException> problems) {}

    /**
     * A key that was put under another master key, or would be.
     *
     * @param id as the files' tag {@code lake.key} has it
     */
    public record Key(KeyOwner owner, String id, String from, String to) {}

    /** @throws LakeException where a run of {@code apply} is under way, or one of the two master keys cannot be used */
    public Rotated run(Instant now, boolean dryRun) {
        try (JobLease moving = new Leases(home).acquire(Leases.TIERING);
                JobLease copying = new Leases(home).acquire(Leases.COPIES)) {
            Configuration store = Stores.configuration(config);
            KeyRotation rotation = new KeyRotation(new Keyring(home.keysPath(), store), this::masterKey);
            List<WrappedKey> due = rotation.due();
            List<Key> keys = due.stream()
                    .map(key -> new Key(key.owner(), key.id(), key.masterKey(), masterKey(key.owner())))
                    .toList();
            if (dryRun) {
                return new Rotated(keys, List.of());
            }
            if (!due.isEmpty()) {
                rotation.run(due, MasterKeys.of(store), new KeyAudit(config, home, MoveAudit.ACTOR, now));
            }
            AuditTrail.of(config, home).protectKey();
            List<LakeException> problems =
                    new ArrayList<>(ColdCopies.of(config, home).makeUpKeys());
            problems.addAll(new BackupKeys(config, home).sync());
            return new Rotated(keys, problems);
        }
    }

    private String masterKey(KeyOwner owner) {
        if (owner.equals(KeyOwner.BACKUP)) {
            return config.backup().masterKey();
        }
        return owner.dataset()
                .map(dataset -> config.tiering(dataset).cold().masterKey())
                .orElse(config.archive().masterKey());
    }
}
