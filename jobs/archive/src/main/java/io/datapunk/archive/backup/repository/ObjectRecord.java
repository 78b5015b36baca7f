package io.datapunk.archive.backup.repository;

/**
 * An object and its key.
 *
 * @param id of its content: HMAC-SHA-256 of the content's SHA-256, by a key of the repository, so that it tells outsiders
 *     nothing; 64 hexadecimal digits
 * @param ownerKey id of the key of backups that wraps its own
 * @param bytes of its content
 * @param storedBytes as it lies in a location
 * @param sha256 of it as it lies there
 */
public record ObjectRecord(String id, String ownerKey, String wrapped, long bytes, long storedBytes, String sha256) {
    /** Where an object lies in each location. */
    public static String path(String id) {
        return BackupRepository.OBJECTS + "/" + id.substring(0, 2) + "/" + id;
    }
}
