package io.datapunk.ingest.sample;

import java.nio.file.Path;
import java.util.List;

/**
 * What a sample export holds, so that a test can tell what an ingest of it has to find.
 *
 * @param containers what to hand to the ingest, in the order of their parts
 */
public record SampleManifest(List<Path> containers, List<Entry> entries) {
    public SampleManifest {
        containers = List.copyOf(containers);
        entries = List.copyOf(entries);
    }

    /**
     * One entry of the export.
     *
     * @param records array elements, messages, cells or lines in it, the broken and the repeated ones included; the
     *     sidecar of a photo is part of the photo's record unless it is broken
     * @param broken records that no parser can accept
     * @param repeated records that stand in this entry a second time, or in an entry before it
     */
    public record Entry(String path, long records, long broken, long repeated) {}

    /** The entry at a path that ends so. */
    public Entry entry(String suffix) {
        List<Entry> found =
                entries.stream().filter(entry -> entry.path().endsWith(suffix)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(found.size() + " entries end with " + suffix);
        }
        return found.get(0);
    }

    public long records() {
        return entries.stream().mapToLong(Entry::records).sum();
    }

    public long broken() {
        return entries.stream().mapToLong(Entry::broken).sum();
    }
}
