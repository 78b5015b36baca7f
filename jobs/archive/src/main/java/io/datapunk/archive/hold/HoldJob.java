package io.datapunk.archive.hold;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Places and releases holds, each in the audit log first. The reason stays out of it: it may name a person. */
public final class HoldJob {
    private final HoldStore store;
    private final AuditLog audit;

    public HoldJob(LakeConfig config, LakeHome home) {
        this.store = new HoldStore(home);
        this.audit = AuditLog.of(config, home);
    }

    /** The holds in force. */
    public List<Hold> holds() {
        return store.read();
    }

    public void place(Hold hold) {
        audit.append(event(hold.placedAt(), "hold.place", hold));
        store.place(hold);
    }

    /** @throws LakeException (usage) where no hold has this id */
    public Hold release(String id, Instant now) {
        Hold hold = store.read().stream()
                .filter(placed -> placed.id().equals(id))
                .findFirst()
                .orElseThrow(() -> LakeException.usage(
                        "there is no hold '" + id + "'",
                        "none in force has this id",
                        "`lake archive hold` lists them"));
        audit.append(event(now, "hold.release", hold));
        store.release(id);
        return hold;
    }

    private static AuditEvent event(Instant now, String action, Hold hold) {
        Map<String, String> details = new TreeMap<>();
        hold.userId().ifPresent(user -> details.put("user", user));
        hold.dataset().ifPresent(dataset -> details.put("dataset", dataset.toString()));
        hold.from().ifPresent(time -> details.put("from", time.toString()));
        hold.to().ifPresent(time -> details.put("to", time.toString()));
        return new AuditEvent(now, "archive", action, hold.id(), details);
    }
}
