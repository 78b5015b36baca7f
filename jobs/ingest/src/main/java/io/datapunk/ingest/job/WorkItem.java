package io.datapunk.ingest.job;

import io.datapunk.ingest.framing.ByteRange;
import io.datapunk.lake.container.EntryRef;
import java.io.Serializable;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something to do with one entry.
 *
 * @param file number of the entry in the import
 * @param range the part of the entry that is read; null for the whole of it
 * @param sha256 of the whole entry where a part is read and it is known; null otherwise
 * @param sidecar what describes the entry, a media file; null where nothing does
 */
record WorkItem(Kind kind, int file, EntryRef entry, ByteRange range, String sha256, Sidecar sidecar)
        implements Serializable {
    /** Hashing is so much faster than parsing. */
    private static final int HASH_SPEED = 8;

    /** What is done. */
    enum Kind {
        /** Make rows of it. */
        PARSE,
        /** Hash it; others parse its ranges. */
        HASH,
        /** Only write down that it was there. */
        ACCOUNT
    }

    /**
     * An entry that describes a media file.
     *
     * @param isOwned whether the media file's task accounts for the sidecar; one sidecar can describe several files
     */
    record Sidecar(int file, EntryRef entry, boolean isOwned) implements Serializable {}

    /** The files or folders that it reads from. */
    Stream<String> locations() {
        return Stream.concat(Stream.of(entry), Optional.ofNullable(sidecar).map(Sidecar::entry).stream())
                .map(read -> read.part().location());
    }

    static WorkItem parse(int file, EntryRef entry) {
        return new WorkItem(Kind.PARSE, file, entry, null, null, null);
    }

    static WorkItem range(int file, EntryRef entry, ByteRange range, String sha256) {
        return new WorkItem(Kind.PARSE, file, entry, range, sha256, null);
    }

    static WorkItem media(int file, EntryRef entry, Sidecar sidecar) {
        return new WorkItem(Kind.PARSE, file, entry, null, null, sidecar);
    }

    static WorkItem hash(int file, EntryRef entry) {
        return new WorkItem(Kind.HASH, file, entry, null, null, null);
    }

    static WorkItem account(int file, EntryRef entry) {
        return new WorkItem(Kind.ACCOUNT, file, entry, null, null, null);
    }

    /** About how many bytes it costs to read. */
    long bytes() {
        return switch (kind) {
            case PARSE -> range == null ? Math.max(0, entry.bytes()) : range.bytes();
            case HASH -> Math.max(0, entry.bytes()) / HASH_SPEED;
            case ACCOUNT -> 0;
        };
    }
}
