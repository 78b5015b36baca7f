package io.datapunk.lake.index;

import java.io.IOException;
import java.util.List;

/**
 * An index at one moment.
 *
 * @param format {@value #FORMAT}
 * @param version 1 for the first, then one more for each
 * @param deltaVersion of the collection's table, whose rows the shards have
 * @param settings how it was built; other settings mean another index
 * @param probes how many of the shards with a centroid a search looks into
 * @param recall share of the true neighbours that it was seen to find
 * @param builtAt ISO 8601
 */
public record IndexManifest(
        String format,
        long version,
        String collection,
        long deltaVersion,
        String settings,
        String model,
        String modelVersion,
        int dimensions,
        int probes,
        double recall,
        String builtAt,
        List<IndexShard> shards) {
    public static final String FORMAT = "datapunk-vector-index-1";

    public IndexManifest {
        shards = List.copyOf(shards);
    }

    /** Rows that searches can find. */
    public long rows() {
        return shards.stream().mapToLong(IndexShard::live).sum();
    }

    public long bytes() {
        return shards.stream().mapToLong(IndexShard::bytes).sum();
    }

    /** With what was seen of its searches. */
    public IndexManifest measured(int probesOfSearches, double share) {
        return new IndexManifest(
                format,
                version,
                collection,
                deltaVersion,
                settings,
                model,
                modelVersion,
                dimensions,
                probesOfSearches,
                share,
                builtAt,
                shards);
    }

    /** The next one, with other shards. */
    public IndexManifest without(List<IndexShard> kept) {
        // No Delta version is negative: the next build compares all rows.
        return new IndexManifest(
                format,
                version + 1,
                collection,
                -1,
                settings,
                model,
                modelVersion,
                dimensions,
                probes,
                recall,
                builtAt,
                kept);
    }

    byte[] toBytes() {
        return IndexJson.write(this);
    }

    /** @throws IOException where it is none */
    static IndexManifest parse(byte[] bytes) throws IOException {
        IndexManifest manifest = IndexJson.read(bytes, IndexManifest.class);
        if (!FORMAT.equals(manifest.format)) {
            throw new IOException("its format is " + manifest.format + " instead of " + FORMAT);
        }
        return manifest;
    }
}
