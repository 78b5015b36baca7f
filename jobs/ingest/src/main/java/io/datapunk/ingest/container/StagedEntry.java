package io.datapunk.ingest.container;

import io.datapunk.ingest.framing.ByteRange;
import java.util.List;

/**
 * An entry that was inflated once.
 *
 * @param entry the entry as it is read from now on; method {@code STAGED}
 * @param sha256 of its bytes, 64 hex digits
 * @param ranges between record borders, for the tasks
 */
public record StagedEntry(EntryRef entry, String sha256, List<ByteRange> ranges) {
    public StagedEntry {
        ranges = List.copyOf(ranges);
    }
}
