package io.datapunk.lake.manifest;

import io.datapunk.lake.delta.CommitActions;
import io.datapunk.lake.delta.LoggedFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a table is, by all that is known of it up to a version. */
final class TableState {
    private final Map<LoggedFile.Key, DataRecord> live = new HashMap<>();
    private final Map<String, LogFile> log = new TreeMap<>();
    private Optional<String> logRetention = Optional.empty();
    private long since = -1;
    private long version = -1;
    private boolean known;

    void apply(ManifestEntry entry) {
        if (entry.reset()) {
            live.clear();
            log.clear();
            since = entry.version();
        }
        entry.removed().forEach(live::remove);
        entry.added().forEach(file -> live.put(file.file().key(), file));
        // Of a file that was taken in twice the first time counts: bytes in a log do not change.
        entry.log().forEach(file -> log.putIfAbsent(file.name(), file));
        logRetention = entry.logRetention().or(() -> logRetention);
        version = entry.version();
        known = true;
    }

    /** What no manifest has yet. */
    void apply(long committed, CommitActions actions) {
        actions.removed().forEach(live::remove);
        actions.added().forEach(file -> live.put(file.key(), new DataRecord(file, "", "")));
        logRetention = actions.logRetention().or(() -> logRetention);
        version = committed;
    }

    Map<LoggedFile.Key, DataRecord> live() {
        return live;
    }

    Map<String, LogFile> log() {
        return log;
    }

    Optional<String> logRetention() {
        return logRetention;
    }

    /** The version that it began with; what was live before is not known. */
    long since() {
        return since;
    }

    long version() {
        return version;
    }

    /** Whether there is a manifest at all. */
    boolean isKnown() {
        return known;
    }
}
