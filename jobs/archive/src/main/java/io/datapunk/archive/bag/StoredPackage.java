package io.datapunk.archive.bag;

import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.retention.PackageFacts;
import io.datapunk.archive.segment.SegmentReader;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A package that is complete. */
public final class StoredPackage {
    static final String REASON = "Lake-Reason";

    private final PackageStore store;
    private final PackageFolder folder;
    private final Manifest packs;
    private final List<SegmentRecord> segments;
    private final Map<KeyOwner, List<SegmentRecord>> byOwner;

    private StoredPackage(PackageStore store, PackageFolder folder, Manifest packs, List<SegmentRecord> segments) {
        this.store = store;
        this.folder = folder;
        this.packs = packs;
        this.segments = List.copyOf(segments);
        this.byOwner = segments.stream()
                .collect(Collectors.groupingBy(SegmentRecord::keyOwner, TreeMap::new, Collectors.toList()));
    }

    /**
     * Empty where the folder holds what an unfinished run has left.
     *
     * @throws IOException where it cannot be read, or its manifest or its list of segments is damaged
     */
    public static Optional<StoredPackage> open(PackageStore store, PackageFolder folder) throws IOException {
        if (!store.isComplete(folder)) {
            return Optional.empty();
        }
        return Optional.of(read(store, folder));
    }

    /** A package whose last file is not written yet. */
    static StoredPackage read(PackageStore store, PackageFolder folder) throws IOException {
        return new StoredPackage(
                store,
                folder,
                Manifest.parse(store.read(folder.file(PackageFolder.MANIFEST))),
                SegmentRecord.read(store.read(folder.file(PackageFolder.SEGMENTS))));
    }

    public PackageFolder folder() {
        return folder;
    }

    /** Those of other packages included that it refers to. */
    public List<SegmentRecord> segments() {
        return segments;
    }

    /** SHA-256 of the packs, by their paths in the package. */
    SortedMap<String, String> packs() {
        return packs.digests();
    }

    /** Why it was made. */
    public String reason() throws IOException {
        return info().getOrDefault(REASON, "");
    }

    /** What it holds of a table; empty where that is nothing, or not known. */
    public Optional<PackagedRows> rows() throws IOException {
        return PackagedRows.parse(info());
    }

    private Map<String, String> info() throws IOException {
        Map<String, String> info = new TreeMap<>();
        new String(store.read(folder.file(PackageFolder.BAG_INFO)), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(": ", 2))
                .filter(line -> line.length == 2)
                .forEach(line -> info.putIfAbsent(line[0], line[1]));
        return info;
    }

    /** SHA-256 of the file that names all others. */
    public String sha256() throws IOException {
        return digest(store, folder);
    }

    static String digest(PackageStore store, PackageFolder folder) throws IOException {
        return Sha256.hex(store.read(folder.file(PackageFolder.TAG_MANIFEST)));
    }

    /** Bytes of the packs that were written for it. */
    public long storedBytes() {
        return segments.stream()
                .filter(segment -> segment.home().isEmpty())
                .mapToLong(SegmentRecord::bytes)
                .sum();
    }

    /** The folders of the other packages that it refers to. */
    public Set<String> homes() {
        return segments.stream()
                .map(SegmentRecord::home)
                .filter(home -> !home.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What its retention is decided by.
     *
     * @param neededBy the folders of packages that refer to it
     */
    public PackageFacts facts(Set<String> neededBy) throws IOException {
        return new PackageFacts(
                folder.path(),
                sha256(),
                folder.category(),
                folder.source(),
                folder.createdAt(),
                storedBytes(),
                byOwner.keySet().stream()
                        .flatMap(owner -> owner.person().stream())
                        .collect(Collectors.toSet()),
                byOwner.keySet().stream().anyMatch(owner -> owner.person().isEmpty()),
                neededBy);
    }

    /** Who has something in it. */
    public List<KeyOwner> owners() {
        return List.copyOf(byOwner.keySet());
    }

    /** The segments of one of them. */
    public List<SegmentRecord> segments(KeyOwner owner) {
        return byOwner.getOrDefault(owner, List.of());
    }

    /** An owner's entries. */
    public List<StoredEntry> entries(KeyOwner owner, SegmentKeys keys) throws IOException {
        List<StoredEntry> entries = new ArrayList<>();
        for (SegmentRecord segment : segments(owner)) {
            if (segment.kind() == SegmentRecord.Kind.INDEX) {
                try (InputStream in = open(segment, keys)) {
                    entries.addAll(PackageIndex.read(in));
                } catch (IOException e) {
                    throw damaged(segment, e);
                }
            }
        }
        return entries;
    }

    /** A segment's bytes as they were before compression. */
    public InputStream open(SegmentRecord segment, SegmentKeys keys) throws IOException {
        byte[] key = keys.open(segment.keyOwner(), segment.key(), segment.wrappedKey(), segment.name());
        return new BufferedInputStream(SegmentReader.open(sealed(segment), segment.name(), key), 1 << 16);
    }

    /** A segment as it lies in its pack. */
    InputStream sealed(SegmentRecord segment) throws IOException {
        return store.open(home(segment).file(segment.pack()), segment.offset(), segment.bytes());
    }

    private PackageFolder home(SegmentRecord segment) {
        return segment.home().isEmpty() ? folder : new PackageFolder(segment.home());
    }

    /** What to tell of a segment that does not open. */
    public LakeException damaged(SegmentRecord segment, IOException cause) {
        return LakeException.failed(
                "segment " + segment.name() + " of package " + folder + " cannot be read",
                segment.pack() + ", bytes " + segment.offset() + " to " + (segment.offset() + segment.bytes()) + ": "
                        + cause.getMessage(),
                "run `lake archive verify` to see what is damaged, and copy it back from a copy of the archive",
                cause);
    }
}
