package io.datapunk.lake.index;

import java.io.IOException;
import java.util.List;

/**
 * Rows that were built into one index; they never change.
 *
 * @param id name of its folder
 * @param rows that it was built of
 * @param deleted how many of them are masked
 * @param mask file with their ordinals; empty where none is masked
 * @param centroid what its rows are near to; empty where they can be near to anything, so that every search looks here
 */
public record IndexShard(String id, int rows, int deleted, String mask, float[] centroid, List<IndexFile> files) {
    public IndexShard {
        files = List.copyOf(files);
    }

    /** Rows that searches can find. */
    public int live() {
        return rows - deleted;
    }

    public boolean isRouted() {
        return centroid.length > 0;
    }

    public long bytes() {
        return files.stream().mapToLong(IndexFile::bytes).sum();
    }

    public IndexShard masked(int ordinals, String file) {
        return new IndexShard(id, rows, ordinals, file, centroid, files);
    }

    /** For a task's answer. */
    public byte[] toBytes() {
        return IndexJson.write(this);
    }

    /** @throws IOException where it is none */
    public static IndexShard parse(byte[] bytes) throws IOException {
        return IndexJson.read(bytes, IndexShard.class);
    }
}
