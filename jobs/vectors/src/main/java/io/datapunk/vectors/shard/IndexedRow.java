package io.datapunk.vectors.shard;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a shard keeps of a row besides its vector.
 *
 * @param contentSha256 of what the vector was made of
 * @param attributes what searches can ask for
 */
public record IndexedRow(
        String id,
        String contentSha256,
        Optional<String> userId,
        Optional<Instant> eventTime,
        Optional<String> text,
        Map<String, String> attributes) {
    public IndexedRow {
        attributes = Map.copyOf(attributes);
    }
}
