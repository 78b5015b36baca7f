package io.datapunk.archive.compliance;

import java.util.Locale;

/** The parts of a report. */
public enum Section {
    /** Who read how much, by dataset, beside the same time before. */
    ACCESS,
    /** What was refused, and what was changed that decides about it. */
    VIOLATIONS,
    /** How well PostgreSQL and the files do, as it was measured last. */
    PERFORMANCE,
    /** How much room is taken, as it was measured last. */
    RESOURCES,
    /** What is due to be deleted, and what stands against it. */
    RETENTION,
    /** Legal stops on deletion. */
    HOLDS,
    /** Persons who were forgotten, and whatever else was deleted. */
    ERASURES,
    /** How old master keys are. */
    KEYS,
    /** How old backups are, and whether they could be restored. */
    BACKUPS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
