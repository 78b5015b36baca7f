package io.datapunk.archive.content;

import java.io.Serializable;
import java.util.List;

/**
 * An entry as it was read once.
 *
 * @param path inside the package, {@code /} between its parts
 * @param sha256 of all its bytes, 64 lower-case hex digits
 */
public record ScannedEntry(String path, long bytes, String sha256, List<Chunk> chunks) implements Serializable {
    public ScannedEntry {
        chunks = List.copyOf(chunks);
    }
}
