package io.datapunk.vectors.shard;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows a search may find: those that meet all of it.
 *
 * @param from inclusive
 * @param to exclusive; a row without a time meets neither
 * @param attributes values by name
 */
public record RowFilter(
        Optional<String> userId, Optional<Instant> from, Optional<Instant> to, Map<String, String> attributes) {
    /** All rows. */
    public static final RowFilter NONE = new RowFilter(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    public RowFilter {
        attributes = Map.copyOf(attributes);
    }

    public boolean isEmpty() {
        return equals(NONE);
    }
}
