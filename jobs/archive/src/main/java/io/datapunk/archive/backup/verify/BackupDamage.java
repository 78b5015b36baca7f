package io.datapunk.archive.backup.verify;

/**
 * A place where a backup is not what was written.
 *
 * @param location where it lies
 * @param file relative to the location
 * @param what is wrong with it
 */
public record BackupDamage(String location, String file, String what) {
    @Override
    public String toString() {
        return location + "/" + file + ": " + what;
    }
}
