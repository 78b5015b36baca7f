package io.datapunk.ingest.format;

/**
 * What recognition sees of an entry.
 *
 * @param path inside the export, with {@code /}
 * @param first the first bytes, {@link #LIMIT} at most; more does not help
 * @param bytes size of the whole entry
 */
public record EntryHead(String path, byte[] first, long bytes) {
    /** How many bytes recognition looks at. */
    public static final int LIMIT = 64 << 10;

    /** The last part of the path. */
    public String fileName() {
        return EntryPath.fileName(path);
    }
}
