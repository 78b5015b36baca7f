package io.datapunk.ingest.job;

/**
 * What became of records.
 *
 * @param read records that were read
 * @param accepted records that are rows now
 * @param duplicates records that were left out because the lake has the event already
 * @param quarantined records that could not become rows
 */
public record ImportCounts(long read, long accepted, long duplicates, long quarantined) {
    public static final ImportCounts NONE = new ImportCounts(0, 0, 0, 0);

    /** Whether every record that was read became exactly one of the three. */
    public boolean isConserved() {
        return read == accepted + duplicates + quarantined;
    }

    public ImportCounts plus(ImportCounts other) {
        return new ImportCounts(
                read + other.read,
                accepted + other.accepted,
                duplicates + other.duplicates,
                quarantined + other.quarantined);
    }
}
