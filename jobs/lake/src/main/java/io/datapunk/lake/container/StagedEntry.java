package io.datapunk.lake.container;

/**
 * An entry that was inflated once.
 *
 * @param entry the entry as it is read from now on; method {@code STAGED}
 * @param sha256 of its bytes, 64 hex digits
 * @param learned what was found out on the way
 */
public record StagedEntry<T>(EntryRef entry, String sha256, T learned) {}
