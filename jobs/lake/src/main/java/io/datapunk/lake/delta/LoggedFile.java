package io.datapunk.lake.delta;

import io.datapunk.lake.model.DataFile;

/**
 * A data file as an action of a table's log adds it.
 *
 * @param path relative to the table's root and decoded, or absolute where the file lies outside
 * @param vector unique id of the deletion vector that masks some of its rows; empty where there is none
 * @param vectorPath where that vector lies, as {@code path}; empty where it stands in the log itself
 * @param bytes size on the store
 * @param rows that the file holds, masked ones among them; {@link DataFile#ROWS_UNKNOWN} without statistics
 */
public record LoggedFile(String path, String vector, String vectorPath, long bytes, long rows) {
    /** Delta knows a file by its path and its vector: a new vector is a new entry of the same file. */
    public record Key(String path, String vector) {}

    public Key key() {
        return new Key(path, vector);
    }
}
