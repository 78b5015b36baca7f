package io.datapunk.maintenance.task;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of upkeep, in the order in which a run does them. */
public enum Task {
    LOGS,
    STAGING,
    PARTITIONS,
    REINDEX,
    VACUUM,
    ANALYZE,
    OPTIMIZE,
    CHECKPOINT,
    RECLAIM;

    /** As users and the configuration write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty where there is none of that name. */
    public static Optional<Task> of(String name) {
        return Stream.of(values()).filter(task -> task.toString().equals(name)).findFirst();
    }
}
