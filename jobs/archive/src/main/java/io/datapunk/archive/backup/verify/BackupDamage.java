package io.datapunk.archive.backup.verify;

import java.util.Optional;

/**
 * A place where a backup is not what was written.
 *
 * @param location where it lies
 * @param file relative to the location
 * @param what is wrong with it
 * @param whole another location that has the file as it was written
 */
public record BackupDamage(String location, String file, String what, Optional<String> whole) {
    @Override
    public String toString() {
        return location + "/" + file + ": " + what;
    }
}
