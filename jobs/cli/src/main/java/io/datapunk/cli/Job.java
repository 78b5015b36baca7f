package io.datapunk.cli;

import java.util.Map;

/**
 * What a command does. Its declaration must name no class that needs Spark: picocli looks at every member of it, also
 * when only help was asked for.
 */
interface Job {
    /** @throws io.datapunk.lake.model.LakeException where it fails */
    Outcome run(Invocation invocation);

    /** Configuration that the command brings along; {@code --lake} and {@code LAKE_HOME} win over its home. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Whether it may commit to tables, so that their manifests are brought up to date when it ends. */
    default boolean changesTables() {
        return true;
    }

    /** Whether monitoring is told how it ended; not of what a person asks and waits for. */
    default boolean isWatched() {
        return changesTables();
    }
}
