package io.datapunk.lake.encryption;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.time.Instant;
import java.util.Map;

/**
 * What the audit log has of keys, before it is done: {@code key.make}, {@code key.use}, {@code key.rotate} and {@code
 * key.destroy}. That files of tables are read with a key, by whatever session, stands nowhere.
 */
public final class KeyAudit implements Keyring.BeforeMaking, KeyRotation.Before {
    private final AuditLog log;
    private final String actor;
    private final Instant now;

    /** @param actor who does it, as the log calls him */
    public KeyAudit(LakeConfig config, LakeHome home, String actor, Instant now) {
        this.log = AuditLog.of(config, home);
        this.actor = actor;
        this.now = now;
    }

    @Override
    public void making(WrappedKey key) {
        append("key.make", key.toString(), Map.of("master_key", key.masterKey()));
    }

    @Override
    public void rotating(WrappedKey key, String masterKey) {
        append(
                "key.rotate",
                key.toString(),
                Map.of("from", key.masterKey(), "to", masterKey, "generation", Integer.toString(key.generation())));
    }

    /** @param files of keys, each a generation of one */
    public void destroying(KeyOwner owner, int files) {
        append("key.destroy", owner.toString(), Map.of("files", Integer.toString(files)));
    }

    /**
     * One entry for all that a run opens.
     *
     * @param subject what is opened
     * @param purpose what for, as {@code verify}
     * @param of how many of what, as {@code packages}
     */
    public void using(String subject, String purpose, String of, long number) {
        append("key.use", subject, Map.of("purpose", purpose, of, Long.toString(number)));
    }

    private void append(String action, String subject, Map<String, String> details) {
        log.append(new AuditEvent(now, actor, action, subject, details));
    }
}
