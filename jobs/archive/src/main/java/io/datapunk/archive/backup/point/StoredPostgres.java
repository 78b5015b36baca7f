package io.datapunk.archive.backup.point;

import java.util.List;

/**
 * A physical copy of the embedded server.
 *
 * @param folders relative to the home's {@code postgres}, the empty ones too
 * @param files relative to it; the log of the time of the copy among them
 * @param serving what it served
 */
public record StoredPostgres(List<String> folders, List<StoredFile> files, List<Leaf> serving) {
    /**
     * A partition that it had.
     *
     * @param state as {@code SERVING}
     * @param deltaVersion of the table that the copy was loaded from
     */
    public record Leaf(String partition, String state, long deltaVersion) {}
}
