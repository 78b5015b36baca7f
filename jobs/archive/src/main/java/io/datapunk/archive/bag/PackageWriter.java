package io.datapunk.archive.bag;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;

/** Makes a package of packs that are written: its tag files, and last the one that makes it a package. */
public final class PackageWriter {
    private static final List<String> RESOURCES = List.of("README.txt", "open-package.py");

    private final PackageStore store;
    private final PackageFolder folder;
    private final Map<String, String> tagDigests = new TreeMap<>();

    public PackageWriter(PackageStore store, PackageFolder folder) {
        this.store = store;
        this.folder = folder;
    }

    /**
     * A pack that was written for this package.
     *
     * @param path in the package, {@code data/….pack}
     */
    public record Pack(String path, long bytes, String sha256) implements java.io.Serializable {}

    /** A new pack's path in the package. */
    public static String packPath(String name) {
        return PackageFolder.DATA + "/" + name + ".pack";
    }

    /**
     * Writes the tag files and removes what failed attempts have left in the folder.
     *
     * @param packs that were written for this package
     * @param segments those in other packages included
     * @param reason why the package is made, in one line
     * @param rows of which partition they are; empty for an export
     */
    public void describe(List<Pack> packs, List<SegmentRecord> segments, String reason, Optional<PackagedRows> rows)
            throws IOException {
        Map<String, String> digests = new HashMap<>();
        packs.forEach(pack -> digests.put(pack.path(), pack.sha256()));
        removeOthers(digests.keySet());
        long bytes = packs.stream().mapToLong(Pack::bytes).sum();
        StringBuilder fetch = new StringBuilder();
        for (String home : homes(segments)) {
            StoredPackage other = StoredPackage.open(store, new PackageFolder(home))
                    .orElseThrow(() -> new IllegalStateException(home + " holds chunks and is no package"));
            Set<String> needed = segments.stream()
                    .filter(segment -> segment.home().equals(home))
                    .map(SegmentRecord::pack)
                    .collect(Collectors.toSet());
            for (FileStatus file : store.list(other.folder().file(PackageFolder.DATA))) {
                String pack = PackageFolder.DATA + "/" + file.getPath().getName();
                if (needed.contains(pack)) {
                    digests.put(pack, other.packs().get(pack));
                    bytes += file.getLen();
                    fetch.append(store.uri(other.folder().file(pack)))
                            .append(' ')
                            .append(file.getLen())
                            .append(' ')
                            .append(pack)
                            .append('\n');
                }
            }
        }
        tag(PackageFolder.BAGIT, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        tag(PackageFolder.BAG_INFO, info(bytes, digests.size(), reason, rows));
        tag(PackageFolder.SEGMENTS, SegmentRecord.write(segments));
        if (!fetch.isEmpty()) {
            tag(PackageFolder.FETCH, fetch.toString());
        }
        for (String resource : RESOURCES) {
            tag(resource, resource(resource));
        }
        tag(PackageFolder.MANIFEST, new Manifest(digests).toBytes());
    }

    /** Makes the folder a package. */
    public void finish() throws IOException {
        store.writeAtOnce(folder.file(PackageFolder.TAG_MANIFEST), new Manifest(tagDigests).toBytes());
    }

    private static List<String> homes(List<SegmentRecord> segments) {
        return segments.stream()
                .map(SegmentRecord::home)
                .filter(home -> !home.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    private void removeOthers(Set<String> packs) throws IOException {
        for (FileStatus file : store.list(folder.file(PackageFolder.DATA))) {
            String pack = PackageFolder.DATA + "/" + file.getPath().getName();
            if (!packs.contains(pack)) {
                store.delete(folder.file(pack));
            }
        }
    }

    private String info(long bytes, int files, String reason, Optional<PackagedRows> rows) {
        Instant created = folder.createdAt();
        return "Bagging-Date: " + LocalDate.ofInstant(created, ZoneOffset.UTC) + "\n"
                + "External-Identifier: " + folder.id() + "\n"
                + "Payload-Oxum: " + bytes + "." + files + "\n"
                + "Bag-Software-Agent: Datapunk Lake\n"
                + "Lake-Package-Format: 1\n"
                + "Lake-Created-At: " + created + "\n"
                + "Lake-Compliance-Category: " + folder.category() + "\n"
                + "Lake-Source: " + folder.source() + "\n"
                + rows.map(PackagedRows::toInfo).orElse("")
                + StoredPackage.REASON + ": " + reason.replaceAll("\\s+", " ") + "\n";
    }

    private void tag(String file, String text) throws IOException {
        tag(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private void tag(String file, byte[] bytes) throws IOException {
        store.write(folder.file(file), bytes);
        tagDigests.put(file, Sha256.hex(bytes));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PackageWriter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw LakeException.failed(
                        "a package cannot be written", "the jar lacks " + name, "install Datapunk Lake anew");
            }
            return in.readAllBytes();
        }
    }
}
