package io.datapunk.lake.manifest;

/**
 * A file of a table's log as it was when it was taken in.
 *
 * @param name within the log's folder; {@code _last_checkpoint/<version>} for the pointer to that version's checkpoint,
 *     which is written over
 * @param modified milliseconds since the epoch
 * @param sha256 64 hex digits
 */
record LogFile(String name, long bytes, long modified, String sha256) {}
