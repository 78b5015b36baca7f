package io.datapunk.lake.manifest;

/**
 * How far a table's manifest goes.
 *
 * @param sequence number of its newest entry
 * @param version of the table that it has; -1 before the first
 * @param hash of that entry
 */
record ManifestHead(long sequence, long version, String hash) {
    static final String NO_HASH = "0".repeat(64);

    /** As the audit log and the file of heads have it. */
    @Override
    public String toString() {
        return sequence + " " + version + " " + hash;
    }

    /** @throws IllegalArgumentException where the text is none */
    static ManifestHead parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3 || !parts[2].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("'" + text + "' is no head of a manifest");
        }
        return new ManifestHead(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }
}
