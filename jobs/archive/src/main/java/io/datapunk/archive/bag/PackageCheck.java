package io.datapunk.archive.bag;

import io.datapunk.archive.content.Chunk;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.content.StoredEntry.Piece;
import io.datapunk.archive.segment.SegmentReader;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;

/**
 * Reads a package whole and compares it with its manifests; with the keys also every segment with its encryption, its
 * checksum and the list of entries.
 */
public final class PackageCheck {
    private final PackageStore store;
    private final PackageFolder folder;
    private final List<Damage> damages = new ArrayList<>();

    public PackageCheck(PackageStore store, PackageFolder folder) {
        this.store = store;
        this.folder = folder;
    }

    /** What its files are, as far as a stranger without keys can tell; nothing where all is well. */
    public List<Damage> files() throws IOException {
        damages.clear();
        readManifest(PackageFolder.TAG_MANIFEST).ifPresent(tags -> {
            requireOnly("", tags.keySet(), Set.of(PackageFolder.TAG_MANIFEST));
            tags.forEach((file, digest) -> compare(file, digest));
        });
        readManifest(PackageFolder.MANIFEST).ifPresent(this::comparePacks);
        return List.copyOf(damages);
    }

    /** Opens every segment; the tag files have to be in order. */
    public List<Damage> contents(SegmentKeys keys) throws IOException {
        return contents(
                StoredPackage.open(store, folder)
                        .orElseThrow(() -> new IllegalStateException(folder + " is no package")),
                keys);
    }

    /** As {@link #contents}, before the folder is a package. */
    public List<Damage> unfinishedContents(SegmentKeys keys) throws IOException {
        return contents(StoredPackage.read(store, folder), keys);
    }

    private List<Damage> contents(StoredPackage stored, SegmentKeys keys) throws IOException {
        damages.clear();
        for (KeyOwner owner : stored.owners()) {
            if (keys.isErased(owner)) {
                continue;
            }
            Map<String, SortedMap<Long, Chunk>> chunks;
            try {
                chunks = chunks(stored.entries(owner, keys));
            } catch (LakeException e) {
                damages.add(new Damage(folder, PackageFolder.SEGMENTS, 0, e.getMessage()));
                continue;
            }
            List<SegmentRecord> segments = stored.segments(owner).stream()
                    .filter(segment -> segment.kind() == SegmentRecord.Kind.CONTENT)
                    .toList();
            damages.addAll(segments.parallelStream()
                    .flatMap(segment ->
                            check(stored, segment, keys, chunks.getOrDefault(segment.name(), new TreeMap<>())).stream())
                    .toList());
            segments.forEach(segment -> chunks.remove(segment.name()));
            chunks.keySet()
                    .forEach(name -> damages.add(new Damage(
                            folder,
                            PackageFolder.SEGMENTS,
                            0,
                            "segment " + name + ", which entries lie in, is not listed")));
        }
        return List.copyOf(damages);
    }

    private static Map<String, SortedMap<Long, Chunk>> chunks(List<StoredEntry> entries) {
        Map<String, SortedMap<Long, Chunk>> chunks = new HashMap<>();
        for (StoredEntry entry : entries) {
            for (Piece piece : entry.chunks()) {
                chunks.computeIfAbsent(piece.place().segment(), any -> new TreeMap<>())
                        .put(piece.place().offset(), piece.chunk());
            }
        }
        return chunks;
    }

    private List<Damage> check(
            StoredPackage stored, SegmentRecord segment, SegmentKeys keys, SortedMap<Long, Chunk> chunks) {
        Counting sealed = null;
        try {
            byte[] key = keys.open(segment.keyOwner(), segment.key(), segment.wrappedKey(), segment.name());
            sealed = new Counting(stored.sealed(segment));
            try (InputStream in = SegmentReader.open(sealed, segment.name(), key)) {
                return compare(segment, in, chunks);
            }
        } catch (IOException | LakeException e) {
            // Blocks before this one were decrypted and so are what was written.
            long block = sealed == null ? 0 : Math.max(0, sealed.bytes - 1) >> 20 << 20;
            return List.of(new Damage(
                    folder,
                    segment.pack(),
                    segment.offset() + block,
                    "segment " + segment.name() + " does not open: " + e.getMessage()));
        }
    }

    private List<Damage> compare(SegmentRecord segment, InputStream in, SortedMap<Long, Chunk> chunks)
            throws IOException {
        List<Damage> found = new ArrayList<>();
        long at = 0;
        for (Map.Entry<Long, Chunk> next : chunks.entrySet()) {
            Chunk chunk = next.getValue();
            in.skipNBytes(next.getKey() - at);
            byte[] bytes = in.readNBytes(chunk.bytes());
            String digest = Sha256.hex(bytes);
            if (!digest.equals(chunk.sha256())) {
                found.add(new Damage(
                        folder,
                        segment.pack(),
                        segment.offset(),
                        "the %,d bytes at %,d of the open segment %s are not those that were archived"
                                .formatted(chunk.bytes(), next.getKey(), segment.name())));
            }
            at = next.getKey() + chunk.bytes();
        }
        at += in.transferTo(OutputStream.nullOutputStream());
        if (at != segment.rawBytes()) {
            found.add(new Damage(
                    folder,
                    segment.pack(),
                    segment.offset(),
                    "segment %s has %,d bytes and not %,d".formatted(segment.name(), at, segment.rawBytes())));
        }
        return found;
    }

    private Optional<SortedMap<String, String>> readManifest(String file) throws IOException {
        try {
            return Optional.of(Manifest.parse(store.read(folder.file(file))).digests());
        } catch (FileNotFoundException e) {
            damages.add(new Damage(folder, file, 0, "the file is missing"));
        } catch (IOException e) {
            damages.add(new Damage(folder, file, 0, e.getMessage()));
        }
        return Optional.empty();
    }

    private void comparePacks(SortedMap<String, String> packs) {
        Map<String, List<SegmentRecord>> segments = segments();
        // Packs of other packages are checked there; fetched here, they are none too many.
        Set<String> foreign = segments.values().stream()
                .flatMap(List::stream)
                .filter(segment -> !segment.home().isEmpty())
                .map(SegmentRecord::pack)
                .collect(Collectors.toSet());
        Set<String> own = new TreeSet<>(packs.keySet());
        own.removeAll(foreign);
        requireOnly(PackageFolder.DATA + "/", own, foreign);
        for (String pack : own) {
            int before = damages.size();
            compare(pack, packs.get(pack));
            if (damages.size() > before) {
                locate(segments.getOrDefault(pack, List.of()));
            }
        }
    }

    private Map<String, List<SegmentRecord>> segments() {
        try {
            return SegmentRecord.read(store.read(folder.file(PackageFolder.SEGMENTS))).stream()
                    .collect(Collectors.groupingBy(SegmentRecord::pack));
        } catch (IOException alreadyTold) {
            return Map.of();
        }
    }

    /** Which segments of a damaged pack are. */
    private void locate(List<SegmentRecord> segments) {
        segments.stream()
                .sorted(Comparator.comparingLong(SegmentRecord::offset))
                .forEach(segment -> {
                    try (InputStream in = store.open(folder.file(segment.pack()), segment.offset(), segment.bytes())) {
                        if (!Sha256.hex(in).equals(segment.sha256())) {
                            damages.add(new Damage(
                                    folder,
                                    segment.pack(),
                                    segment.offset(),
                                    "segment " + segment.name() + " is altered"));
                        }
                    } catch (IOException e) {
                        damages.add(new Damage(
                                folder,
                                segment.pack(),
                                segment.offset(),
                                "segment " + segment.name() + ": " + e.getMessage()));
                    }
                });
    }

    private void compare(String file, String expected) {
        try (InputStream in = store.open(folder.file(file))) {
            String found = Sha256.hex(in);
            if (!found.equals(expected)) {
                damages.add(new Damage(folder, file, 0, "its SHA-256 is " + found + " and not " + expected));
            }
        } catch (FileNotFoundException e) {
            damages.add(new Damage(folder, file, 0, "the file is missing"));
        } catch (IOException e) {
            damages.add(new Damage(folder, file, 0, "it cannot be read: " + e.getMessage()));
        }
    }

    private void requireOnly(String below, Collection<String> listed, Set<String> others) {
        try {
            for (FileStatus file : store.list(below.isEmpty() ? folder.path() : folder.file(below.replace("/", "")))) {
                String name = below + file.getPath().getName();
                if (file.isFile() && !listed.contains(name) && !others.contains(name)) {
                    damages.add(new Damage(folder, name, 0, "no manifest names this file"));
                }
            }
        } catch (IOException e) {
            damages.add(new Damage(folder, below, 0, "it cannot be listed: " + e.getMessage()));
        }
    }

    /** How far a segment was read when it turned out to be damaged. */
    private static final class Counting extends FilterInputStream {
        private long bytes;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = in.read(target, from, length);
            bytes += Math.max(0, read);
            return read;
        }
    }
}
