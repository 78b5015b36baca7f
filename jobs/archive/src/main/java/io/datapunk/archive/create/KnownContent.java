package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.SegmentRecord;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.content.ChunkPlace;
import io.datapunk.archive.content.PackingPlan;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.content.StoredEntry.Piece;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the packages of some owners hold. */
final class KnownContent {
    private final Map<KeyOwner, Map<String, ChunkPlace>> chunks = new HashMap<>();
    private final Map<String, SegmentRecord> segments = new HashMap<>();
    /** SHA-256 by name. */
    private final Map<PackageFolder, Map<KeyOwner, Map<String, String>>> packages = new TreeMap<>();

    private KnownContent() {}

    /** Reads the lists of entries of all packages in which one of the owners has something. */
    static KnownContent read(PackageStore store, Set<KeyOwner> owners, SegmentKeys keys) throws IOException {
        KnownContent known = new KnownContent();
        for (PackageFolder folder : store.folders()) {
            Optional<StoredPackage> stored = StoredPackage.open(store, folder);
            if (stored.isPresent()) {
                for (KeyOwner owner : stored.get().owners()) {
                    if (owners.contains(owner)) {
                        known.add(stored.get(), owner, keys);
                    }
                }
            }
        }
        return known;
    }

    private void add(StoredPackage stored, KeyOwner owner, SegmentKeys keys) throws IOException {
        PackageFolder folder = stored.folder();
        for (SegmentRecord segment : stored.segments(owner)) {
            if (segment.home().isEmpty()) {
                segments.put(segment.name(), segment.at(folder.path()));
            }
        }
        Map<String, String> entries = new HashMap<>();
        Map<String, ChunkPlace> places = chunks.computeIfAbsent(owner, any -> new HashMap<>());
        for (StoredEntry entry : stored.entries(owner, keys)) {
            entries.put(entry.path(), entry.sha256());
            for (Piece piece : entry.chunks()) {
                places.put(piece.chunk().sha256(), piece.place());
            }
        }
        packages.computeIfAbsent(folder, any -> new HashMap<>()).put(owner, entries);
    }

    Map<String, ChunkPlace> chunks(KeyOwner owner) {
        return chunks.getOrDefault(owner, Map.of());
    }

    /** The segments of older packages in which entries of a plan lie. */
    List<SegmentRecord> segmentsOf(PackingPlan plan) {
        return plan.entries().stream()
                .flatMap(entry -> entry.chunks().stream())
                .map(piece -> piece.place().segment())
                .distinct()
                .filter(segments::containsKey)
                .sorted()
                .map(segments::get)
                .toList();
    }

    /** The package that holds just this. */
    Optional<PackageFolder> packageOf(Packaging.Material material, PackageMaker.Scan scan) {
        Map<KeyOwner, Map<String, String>> wanted = new HashMap<>();
        scan.entries()
                .forEach((owner, entries) ->
                        entries.forEach(read -> wanted.computeIfAbsent(owner, any -> new HashMap<>())
                                .put(read.entry().path(), read.entry().sha256())));
        return packages.entrySet().stream()
                .filter(known -> known.getKey().category().equals(material.category()))
                .filter(known -> known.getKey().source().equals(material.source()))
                .filter(known -> switch (material.identity()) {
                    case NAMES -> names(known.getValue()).equals(names(wanted));
                    case NAMES_AND_BYTES -> known.getValue().equals(wanted);
                })
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<KeyOwner, Set<String>> names(Map<KeyOwner, Map<String, String>> entries) {
        Map<KeyOwner, Set<String>> names = new HashMap<>();
        entries.forEach((owner, own) -> names.put(owner, own.keySet()));
        return names;
    }
}
