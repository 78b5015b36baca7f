package io.datapunk.archive.bag;

import io.datapunk.lake.config.ArchiveConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * The further places that packages are copied to. A copy is a package in the same folder below its place, which restores and
 * verifies by itself; it is one only after every file of it was read back and found to be what the manifests say.
 *
 * @param places those that can be reached
 * @param problems one for each that cannot
 */
public record PackageCopies(List<Place> places, List<String> problems) {
    /** @param location as the configuration names it */
    public record Place(String location, PackageStore store) {}

    public PackageCopies {
        places = List.copyOf(places);
        problems = List.copyOf(problems);
    }

    public static PackageCopies open(ArchiveConfig config, Configuration stores) {
        List<Place> places = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String location : config.locations()) {
            try {
                PackageStore store = new PackageStore(location, stores);
                // A folder that was made here would lie on the disk that the missing one was to be mounted on.
                if (!location.contains("://") && !store.exists("")) {
                    throw new IOException("there is no such folder");
                }
                store.list("");
                places.add(new Place(location, store));
            } catch (IOException e) {
                problems.add("the place of copies " + location + " is out of reach: " + e.getMessage());
            }
        }
        return new PackageCopies(places, problems);
    }

    /**
     * Copies what the places lack, packages that others refer to first, as they were made first.
     *
     * @return what could not be copied, and why
     */
    public List<String> complete(PackageStore store) throws IOException {
        List<String> failed = new ArrayList<>(problems);
        for (Place place : places) {
            for (PackageFolder folder : store.folders()) {
                if (store.isComplete(folder)) {
                    try {
                        copy(store, folder, place.store());
                    } catch (IOException | LakeException e) {
                        failed.add(
                                "package " + folder + " was not copied to " + place.location() + ": " + e.getMessage());
                    }
                }
            }
        }
        return failed;
    }

    /**
     * What to warn of where packages have too few copies.
     *
     * @param whole how many copies of each package count, the package itself among them
     */
    public static Optional<String> tooFew(Map<PackageFolder, Integer> whole, ArchiveConfig config) {
        int wanted = config.copies();
        List<PackageFolder> below = whole.keySet().stream()
                .filter(folder -> whole.get(folder) < wanted)
                .sorted()
                .toList();
        if (below.isEmpty()) {
            return Optional.empty();
        }
        int least = below.stream().mapToInt(whole::get).min().orElseThrow();
        int missing = wanted - 1 - config.locations().size();
        return Optional.of(below.size() + " packages have fewer than " + wanted + " verified copies, " + below.get(0)
                + " among them, and some only " + least + ": "
                + (missing > 0
                        ? "name " + missing + " more places on other hardware in lake.archive.locations"
                        : "the next `lake archive create` copies what is missing"));
    }

    /** How many copies of each package there are, the package itself among them, as far as names tell. */
    public SortedMap<PackageFolder, Integer> count(PackageStore store) throws IOException {
        SortedMap<PackageFolder, Integer> found = new TreeMap<>();
        for (PackageFolder folder : store.folders()) {
            if (store.isComplete(folder)) {
                int copies = 1;
                for (Place place : places) {
                    copies += place.store().isComplete(folder) ? 1 : 0;
                }
                found.put(folder, copies);
            }
        }
        return found;
    }

    /** Removes a package's copies. */
    public void remove(PackageFolder folder) throws IOException {
        for (Place place : places) {
            place.store().remove(folder);
        }
    }

    private static void copy(PackageStore from, PackageFolder folder, PackageStore to) throws IOException {
        byte[] manifest = from.read(folder.file(PackageFolder.TAG_MANIFEST));
        if (to.isComplete(folder) && Arrays.equals(manifest, to.read(folder.file(PackageFolder.TAG_MANIFEST)))) {
            return;
        }
        to.remove(folder);
        for (Map.Entry<String, String> file : files(from, folder, manifest).entrySet()) {
            copy(from, to, folder.file(file.getKey()), file.getValue());
        }
        to.writeAtOnce(folder.file(PackageFolder.TAG_MANIFEST), manifest);
        to.protect(folder);
    }

    /** SHA-256 of the files that were written for the package, by their names in it. */
    private static SortedMap<String, String> files(PackageStore from, PackageFolder folder, byte[] manifest)
            throws IOException {
        SortedMap<String, String> files = new TreeMap<>(Manifest.parse(manifest).digests());
        StoredPackage stored = StoredPackage.read(from, folder);
        for (SegmentRecord segment : stored.segments()) {
            if (segment.home().isEmpty()) {
                files.put(segment.pack(), stored.packs().get(segment.pack()));
            }
        }
        return files;
    }

    private static void copy(PackageStore from, PackageStore to, String file, String expected) throws IOException {
        try (InputStream in = from.open(file)) {
            FSDataOutputStream out = to.create(file);
            in.transferTo(out);
            PackageStore.close(out);
        }
        try (InputStream in = to.open(file)) {
            String found = Sha256.hex(in);
            if (!found.equals(expected)) {
                throw new IOException(file + " has the SHA-256 " + found + " there, and is to have " + expected);
            }
        }
    }
}
