package io.datapunk.ingest.record;

/** Rows that one export gave in one entry are different events: the exporter listed them one by one. */
final class Entries {
    private Entries() {}

    static boolean same(MatchCandidate one, MatchCandidate other) {
        return one.importId().equals(other.importId()) && one.entry().equals(other.entry());
    }
}
