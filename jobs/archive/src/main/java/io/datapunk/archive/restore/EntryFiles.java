package io.datapunk.archive.restore;

import io.datapunk.archive.bag.SegmentRecord;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.content.Chunk;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.content.StoredEntry.Piece;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Entries that become files of a folder. Segments are read once each and side by side, and every chunk goes to all places
 * where it belongs: an entry's chunks can lie in many segments, and a chunk in many entries.
 */
final class EntryFiles {
    private final Path folder;
    private final List<StoredEntry> entries;
    /** By segment and offset in it. */
    private final Map<String, SortedMap<Long, Wanted>> wanted = new HashMap<>();

    private record Wanted(Chunk chunk, List<Place> places) {}

    private record Place(Path file, long offset, boolean whole) {}

    EntryFiles(Path folder, List<StoredEntry> entries) {
        this.folder = folder;
        this.entries = entries;
        for (StoredEntry entry : entries) {
            long offset = 0;
            for (Piece piece : entry.chunks()) {
                wanted.computeIfAbsent(piece.place().segment(), any -> new TreeMap<>())
                        .computeIfAbsent(piece.place().offset(), any -> new Wanted(piece.chunk(), new ArrayList<>()))
                        .places()
                        .add(new Place(file(entry), offset, entry.chunks().size() == 1));
                offset += piece.chunk().bytes();
            }
        }
    }

    long bytes() {
        return entries.stream().mapToLong(StoredEntry::bytes).sum();
    }

    /** @throws LakeException where a segment does not open or is not what was archived */
    void write(StoredPackage stored, List<SegmentRecord> segments, SegmentKeys keys, Progress.Stage stage)
            throws IOException {
        requireListed(stored, segments);
        for (StoredEntry entry : entries) {
            Files.createDirectories(file(entry).getParent());
            if (entry.chunks().size() != 1) {
                Files.write(file(entry), new byte[0]);
            }
        }
        try {
            segments.parallelStream()
                    .filter(segment -> wanted.containsKey(segment.name()))
                    .forEach(segment -> write(stored, segment, keys, stage));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(StoredPackage stored, SegmentRecord segment, SegmentKeys keys, Progress.Stage stage) {
        long at = 0;
        try (InputStream in = stored.open(segment, keys)) {
            for (Map.Entry<Long, Wanted> next : wanted.get(segment.name()).entrySet()) {
                byte[] bytes;
                try {
                    in.skipNBytes(next.getKey() - at);
                    bytes = in.readNBytes(next.getValue().chunk().bytes());
                } catch (IOException e) {
                    throw stored.damaged(segment, e);
                }
                at = next.getKey() + bytes.length;
                if (!Sha256.hex(bytes).equals(next.getValue().chunk().sha256())) {
                    throw stored.damaged(
                            segment, new IOException("the bytes at " + next.getKey() + " are not those archived"));
                }
                for (Place place : next.getValue().places()) {
                    write(place, bytes);
                    stage.advance(bytes.length);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Place place, byte[] bytes) throws IOException {
        if (place.whole()) {
            Files.write(place.file(), bytes);
            return;
        }
        try (FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer, place.offset() + buffer.position());
            }
        }
    }

    private void requireListed(StoredPackage stored, List<SegmentRecord> segments) {
        Set<String> missing = new TreeSet<>(wanted.keySet());
        segments.forEach(segment -> missing.remove(segment.name()));
        if (!missing.isEmpty()) {
            throw LakeException.failed(
                    "the package " + stored.folder() + " cannot be restored",
                    "its list of segments lacks " + String.join(", ", missing),
                    "run `lake archive verify`, and copy what is damaged back from a copy");
        }
    }

    /** Never outside of the folder, whatever the entry is called. */
    private Path file(StoredEntry entry) {
        Path file = folder.resolve(entry.path()).normalize();
        if (!file.startsWith(folder)) {
            throw LakeException.failed(
                    "the package cannot be restored",
                    "an entry is called " + entry.path() + ", which leads out of the folder",
                    "restore other entries by name; the package was not written by this software");
        }
        return file;
    }
}
