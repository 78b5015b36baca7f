package io.datapunk.lake.manifest;

import java.util.Optional;

/**
 * Something that is not what was written.
 *
 * @param subject the table, partition, or part of the lake
 * @param place the file, relative to the lake's home where it lies below it, or the version
 * @param expected empty where nothing certain is known
 * @param remedy the command that repairs it
 * @param repair what can be done without a person; empty where nothing is safe
 */
public record Finding(
        Kind kind,
        String subject,
        String place,
        String found,
        String expected,
        String remedy,
        Optional<Repair> repair) {
    /** What kind of thing is damaged. */
    public enum Kind {
        COMMIT,
        CHECKPOINT,
        LOG_FILE,
        DATA_FILE,
        DELETION_VECTOR,
        MANIFEST,
        HOT_COPY,
        PACKAGE,
        AUDIT_LOG,
        BACKUP,
        INDEX;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    public Finding(Kind kind, String subject, String place, String found, String expected, String remedy) {
        this(kind, subject, place, found, expected, remedy, Optional.empty());
    }

    @Override
    public String toString() {
        return subject + ": " + place + ": " + found + (expected.isEmpty() ? "" : ", expected " + expected);
    }
}
