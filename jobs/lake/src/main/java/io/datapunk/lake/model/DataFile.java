package io.datapunk.lake.model;

import java.io.Serializable;
import java.util.Map;

/**
 * One live data file of a Delta table.
 *
 * @param path relative to the table's root and decoded, or absolute where the file lies outside
 * @param bytes size on the store
 * @param modificationTime milliseconds since the epoch, as the log has it
 * @param rows from the file's statistics; {@link #ROWS_UNKNOWN} where there are none
 * @param tags the AddFile's tags, among them {@code lake.writtenAt}, {@code lake.movedAt}, {@code lake.codec}
 * @param deletionVector unique id of the vector that masks some of its rows; empty where all of its rows live
 */
public record DataFile(
        String path, long bytes, long modificationTime, long rows, Map<String, String> tags, String deletionVector)
        implements Serializable {
    public static final long ROWS_UNKNOWN = -1;

    public DataFile {
        tags = Map.copyOf(tags);
    }

    public boolean hasDeletionVector() {
        return !deletionVector.isEmpty();
    }

    public boolean isCold() {
        return path.startsWith(FileTier.COLD_FOLDER);
    }
}
