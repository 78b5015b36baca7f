package io.datapunk.lake.audit;

import java.util.List;

/**
 * What a check of everything found: log, head, tree, signatures, copies.
 *
 * @param entries entries that are intact, from the first on
 * @param hash leaf hash of the last of them, 64 hex digits; zeros where there is none
 * @param root of the tree over them, 64 hex digits
 * @param signedEntries how many of them the newest signed head covers; 0 where there is none
 * @param unfinishedBytes bytes at the end that a crash left; the next append records them
 * @param copies places that hold all that is signed, the log itself among them
 * @param locations what was found in each location
 * @param damages every place that is not what was written; in the log and in the tree the first
 * @param problems locations that could not be compared
 */
public record AuditReport(
        long entries,
        String hash,
        String root,
        long signedEntries,
        long unfinishedBytes,
        int copies,
        List<Location> locations,
        List<AuditDamage> damages,
        List<String> problems) {
    static final AuditReport EMPTY = new AuditReport(
            0, AuditEntry.NO_HASH, TreeHash.OF_NOTHING.toString(), 0, 0, 1, List.of(), List.of(), List.of());

    public AuditReport {
        locations = List.copyOf(locations);
        damages = List.copyOf(damages);
        problems = List.copyOf(problems);
    }

    /**
     * A place outside the lake.
     *
     * @param signedHeads how many lie there
     * @param newestEntries what the newest of them counts
     * @param bytes of the log that are there
     */
    public record Location(String name, int signedHeads, long newestEntries, long bytes) {}

    public boolean intact() {
        return damages.isEmpty();
    }
}
