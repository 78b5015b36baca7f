package io.datapunk.archive.hold;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Places and releases holds, each in the audit log first. The reason stays out of it: it may name a person. */
public final class HoldJob {
    private static final String PLACE = "hold.place";
    private static final String RELEASE = "hold.release";
    private static final String USER = "user";
    private static final String DATASET = "dataset";
    private static final String FROM = "from";
    private static final String TO = "to";

    private final HoldStore store;
    private final AuditLog audit;
    private final AuditTrail trail;

    public HoldJob(LakeConfig config, LakeHome home) {
        this.store = new HoldStore(home);
        this.audit = AuditLog.of(config, home);
        this.trail = AuditTrail.of(config, home);
    }

    /** The holds in force. */
    public List<Hold> holds() {
        return store.read();
    }

    public void place(Hold hold) {
        audit.append(event(hold.placedAt(), PLACE, hold));
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
        audit.append(event(now, RELEASE, hold));
        store.release(id);
        return hold;
    }

    /**
     * Brings the holds of a lake that was restored to where its audit log is: those that were placed since the backup are in
     * force again, those that were released are not, and those that the log does not name stay.
     */
    public void replay() {
        Map<String, Optional<Hold>> last = new LinkedHashMap<>();
        trail.read(0, entry -> {
            if (entry.action().equals(PLACE)) {
                last.put(entry.subject(), Optional.of(hold(entry)));
            } else if (entry.action().equals(RELEASE)) {
                last.put(entry.subject(), Optional.empty());
            }
        });
        Set<String> restored = store.read().stream().map(Hold::id).collect(Collectors.toSet());
        last.forEach((id, hold) -> {
            if (hold.isEmpty() && restored.contains(id)) {
                store.release(id);
            } else if (hold.isPresent() && !restored.contains(id)) {
                store.place(hold.get());
            }
        });
    }

    private static Hold hold(AuditRecord placed) {
        Map<String, String> details = placed.details();
        return new Hold(
                placed.subject(),
                Optional.ofNullable(details.get(USER)),
                Optional.ofNullable(details.get(DATASET)).map(DatasetName::parse),
                Optional.ofNullable(details.get(FROM)).map(Instant::parse),
                Optional.ofNullable(details.get(TO)).map(Instant::parse),
                "placed before the lake was restored; the audit log has no reasons",
                placed.at());
    }

    private static AuditEvent event(Instant now, String action, Hold hold) {
        Map<String, String> details = new TreeMap<>();
        hold.userId().ifPresent(user -> details.put(USER, user));
        hold.dataset().ifPresent(dataset -> details.put(DATASET, dataset.toString()));
        hold.from().ifPresent(time -> details.put(FROM, time.toString()));
        hold.to().ifPresent(time -> details.put(TO, time.toString()));
        return new AuditEvent(now, "archive", action, hold.id(), details);
    }
}
