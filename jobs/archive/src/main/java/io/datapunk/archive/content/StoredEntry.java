package io.datapunk.archive.content;

import java.util.List;

/**
 * An entry and where its bytes lie.
 *
 * @param path inside the package, {@code /} between its parts
 * @param sha256 of all its bytes, 64 lower-case hex digits
 * @param chunks in order; together they are the entry
 */
public record StoredEntry(String path, long bytes, String sha256, List<Piece> chunks) {
    public StoredEntry {
        chunks = List.copyOf(chunks);
    }

    /** One of its chunks and its place. */
    public record Piece(Chunk chunk, ChunkPlace place) {}
}
