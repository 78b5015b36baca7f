package io.datapunk.lake.postgres;

/**
 * A collection as PostgreSQL has it.
 *
 * @param leaf its table's name while it was made
 * @param deltaVersion version of the Delta table that was read
 * @param layout type of the vectors, metric and index, as {@link VectorLayout#toString} says it
 * @param checksum of the rows, 32 hex digits
 * @param recall share of the true neighbours that the index finds
 */
public record PublishedVectors(
        String collection,
        String leaf,
        long deltaVersion,
        String layout,
        int dimensions,
        long rows,
        String checksum,
        double recall) {
    /** Whether publishing this version so would make the same table. */
    public boolean is(long version, VectorLayout wanted) {
        return deltaVersion == version && layout.equals(wanted.toString());
    }
}
