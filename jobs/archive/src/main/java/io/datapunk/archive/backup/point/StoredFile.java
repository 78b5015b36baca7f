package io.datapunk.archive.backup.point;

import java.util.List;

/**
 * A file that is restored byte by byte.
 *
 * @param path relative to what its list belongs to
 * @param modified milliseconds since the epoch
 * @param pieces in their order
 */
public record StoredFile(String path, long bytes, long modified, List<Piece> pieces) {}
