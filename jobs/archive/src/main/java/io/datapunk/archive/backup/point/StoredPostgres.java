package io.datapunk.archive.backup.point;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A physical copy of the embedded server.
 *
 * @param folders relative to the home's {@code postgres}, the empty ones too
 * @param files relative to it; the log of the time of the copy among them
 * @param serving what it served
 * @param walArchive the folder in which its log was archived from then on; null where it was not
 */
public record StoredPostgres(List<String> folders, List<StoredFile> files, List<Leaf> serving, String walArchive) {
    private static final Pattern SEGMENT = Pattern.compile("data/pg_wal/([0-9A-F]{24})");

    /**
     * A partition that it had.
     *
     * @param state as {@code SERVING}
     * @param deltaVersion of the table that the copy was loaded from
     */
    public record Leaf(String partition, String state, long deltaVersion) {}

    /** The last segment of the log that it has itself. */
    public String lastSegment() {
        return files.stream()
                .map(file -> SEGMENT.matcher(file.path()))
                .filter(Matcher::matches)
                .map(name -> name.group(1))
                .max(String::compareTo)
                .orElseThrow();
    }

    public Optional<String> archivedTo() {
        return Optional.ofNullable(walArchive);
    }
}
