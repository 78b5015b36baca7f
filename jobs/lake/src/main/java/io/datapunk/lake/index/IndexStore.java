package io.datapunk.lake.index;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.StoreFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.roaringbitmap.RoaringBitmap;

/**
 * The index of one collection below {@code HOME/vectors/<collection>}: {@code shards/<id>/…}, {@code masks/<name>} and
 * {@code manifests/<version>.json}. Nothing there is ever changed. The manifest of the highest number is the index; it is there
 * whole or not at all, so that a reader sees one version. What the newest two do not name is swept away.
 */
public final class IndexStore {
    /** The file of a shard with the persons whose rows it has, a surrogate in each line. */
    public static final String USERS = "users.txt";

    private static final String MANIFESTS = "manifests";
    private static final String SHARDS = "shards";
    private static final String MASKS = "masks";
    private static final String SUFFIX = ".json";
    private static final int KEPT_MANIFESTS = 2;

    private final String collection;
    private final StoreFolder folder;
    private final Path shards;
    private final boolean local;

    private IndexStore(String collection, StoreFolder folder, Path shards, boolean local) {
        this.collection = collection;
        this.folder = folder;
        this.shards = shards;
        this.local = local;
    }

    public static IndexStore of(LakeHome home, Configuration stores, String collection) {
        String root = root(home) + "/" + collection;
        try {
            return new IndexStore(
                    collection,
                    StoreFolder.of(root, stores),
                    home.local().resolve("vectors").resolve(collection).resolve(SHARDS),
                    !root.contains("://"));
        } catch (IOException e) {
            throw unusable(collection, e);
        }
    }

    /** The collections that have an index. */
    public static Set<String> collections(LakeHome home, Configuration stores) {
        Set<String> found = new TreeSet<>();
        try {
            for (String file : StoreFolder.of(root(home), stores).tree("").keySet()) {
                if (file.contains("/" + MANIFESTS + "/")) {
                    found.add(file.substring(0, file.indexOf('/')));
                }
            }
            return found;
        } catch (IOException e) {
            throw unusable("vectors", e);
        }
    }

    private static String root(LakeHome home) {
        return home.root() + "/vectors";
    }

    public String collection() {
        return collection;
    }

    /**
     * The index, empty where none was published.
     *
     * @throws LakeException (failed) where it cannot be read
     */
    public Optional<IndexManifest> current() {
        try {
            List<String> manifests = folder.list(MANIFESTS);
            if (manifests.isEmpty()) {
                return Optional.empty();
            }
            String newest = MANIFESTS + "/" + manifests.get(manifests.size() - 1);
            try {
                return Optional.of(IndexManifest.parse(folder.read(newest)));
            } catch (IOException e) {
                throw LakeException.failed(
                        "the index of collection " + collection + " cannot be read",
                        folder + "/" + newest + ": " + e.getMessage(),
                        "`lake vectors build " + collection + " --full` makes it anew",
                        e);
            }
        } catch (IOException e) {
            throw unusable(collection, e);
        }
    }

    /** @throws LakeException (usage) where none was published */
    public IndexManifest require() {
        return current()
                .orElseThrow(() -> LakeException.usage(
                        "collection " + collection + " has no index",
                        "none was published",
                        "`lake vectors embed " + collection + "` and `lake vectors build " + collection
                                + "` make one"));
    }

    /** Makes it the index, and sweeps away what no reader needs any more. */
    public void publish(IndexManifest manifest) {
        try {
            folder.write("%s/%010d%s".formatted(MANIFESTS, manifest.version(), SUFFIX), manifest.toBytes());
        } catch (IOException e) {
            throw unusable(collection, e);
        }
        sweep();
    }

    /** Removes manifests but the newest two, and all that these do not name. A reader of the newest but one goes on. */
    public void sweep() {
        try {
            List<String> manifests = folder.list(MANIFESTS);
            int first = Math.max(0, manifests.size() - KEPT_MANIFESTS);
            Set<String> named = new TreeSet<>();
            for (String manifest : manifests.subList(first, manifests.size())) {
                for (IndexShard shard : IndexManifest.parse(folder.read(MANIFESTS + "/" + manifest))
                        .shards()) {
                    named.add(shard.id());
                    named.add(shard.mask());
                }
            }
            for (String manifest : manifests.subList(0, first)) {
                folder.delete(MANIFESTS + "/" + manifest);
            }
            for (String file : folder.tree(SHARDS).keySet()) {
                if (!named.contains(file.substring(0, file.indexOf('/')))) {
                    folder.delete(SHARDS + "/" + file);
                }
            }
            for (String mask : folder.list(MASKS)) {
                if (!named.contains(mask)) {
                    folder.delete(MASKS + "/" + mask);
                }
            }
            sweepLocal(named);
        } catch (IOException e) {
            throw unusable(collection, e);
        }
    }

    private void sweepLocal(Set<String> named) throws IOException {
        if (!Files.isDirectory(shards)) {
            return;
        }
        try (Stream<Path> folders = Files.list(shards)) {
            for (Path copy : folders.toList()) {
                if (!named.contains(copy.getFileName().toString())) {
                    FolderTree.delete(copy);
                }
            }
        }
    }

    /** Stores the files of a new shard, and says what they are. */
    public List<IndexFile> store(String shard, Path source) throws IOException {
        List<IndexFile> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(source)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                String path = source.relativize(file).toString();
                String stored = SHARDS + "/" + shard + "/" + path;
                folder.upload(stored, file);
                // What counts is what lies there.
                String sha256 = folder.sha256(stored);
                if (!sha256.equals(sha256(file))) {
                    throw new IOException(folder + "/" + stored + " was not stored as it was written");
                }
                files.add(new IndexFile(path, Files.size(file), sha256));
            }
        }
        return files;
    }

    /** The shard's folder on this machine; one in an object store is fetched once, and compared. */
    public Path open(IndexShard shard) throws IOException {
        Path target = shards.resolve(shard.id());
        if (local || Files.isDirectory(target)) {
            return target;
        }
        Path fetched = Files.createDirectories(shards.resolve(
                shard.id() + ".fetched-" + ProcessHandle.current().pid()));
        for (IndexFile file : shard.files()) {
            Path copy = fetched.resolve(file.path());
            Files.createDirectories(copy.getParent());
            try (InputStream in = folder.open(path(shard, file))) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!sha256(copy).equals(file.sha256())) {
                throw new IOException(folder + "/" + path(shard, file) + " is damaged");
            }
        }
        if (!Files.isDirectory(target)) {
            Files.move(fetched, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    /** Files of a shard that are missing or not what was written; its mask among them. */
    public List<String> damages(IndexShard shard) {
        List<String> damages = new ArrayList<>();
        for (IndexFile file : shard.files()) {
            try {
                if (!folder.sha256(path(shard, file)).equals(file.sha256())) {
                    damages.add(folder + "/" + path(shard, file) + " is not what was written");
                }
            } catch (IOException e) {
                damages.add(folder + "/" + path(shard, file) + ": " + e.getMessage());
            }
        }
        try {
            if (mask(shard).getCardinality() != shard.deleted()) {
                damages.add(folder + "/" + MASKS + "/" + shard.mask() + " is not what was written");
            }
        } catch (IOException e) {
            damages.add(folder + "/" + MASKS + "/" + shard.mask() + ": " + e.getMessage());
        }
        return damages;
    }

    /** Ordinals of the rows that searches do not find. */
    public RoaringBitmap mask(IndexShard shard) throws IOException {
        RoaringBitmap mask = new RoaringBitmap();
        if (!shard.mask().isEmpty()) {
            byte[] bytes = folder.read(MASKS + "/" + shard.mask());
            if (!shard.mask().equals(maskName(bytes))) {
                throw new IOException("it is damaged");
            }
            mask.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
        }
        return mask;
    }

    /** The shard with another mask. */
    public IndexShard mask(IndexShard shard, RoaringBitmap ordinals) throws IOException {
        if (ordinals.isEmpty()) {
            return shard.masked(0, "");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ordinals.serialize(new DataOutputStream(bytes));
        String name = maskName(bytes.toByteArray());
        folder.write(MASKS + "/" + name, bytes.toByteArray());
        return shard.masked(ordinals.getCardinality(), name);
    }

    // Called after its content: a mask that was damaged is not taken for one.
    private static String maskName(byte[] bytes) {
        return Sha256.hex(bytes);
    }

    /** The shards that have rows of a person, or of which it cannot be told. */
    public Set<String> shardsOf(String userId) {
        try {
            Set<String> found = new TreeSet<>();
            Set<String> readable = new TreeSet<>();
            for (String file : folder.tree(SHARDS).keySet()) {
                String shard = file.substring(0, file.indexOf('/'));
                found.add(shard);
                if (file.endsWith("/" + USERS)
                        && new String(folder.read(SHARDS + "/" + file), StandardCharsets.UTF_8)
                                .lines()
                                .noneMatch(userId::equals)) {
                    readable.add(shard);
                }
            }
            found.removeAll(readable);
            return found;
        } catch (IOException e) {
            throw unusable(collection, e);
        }
    }

    /**
     * Takes every shard out that has rows of a person, and removes it. The next build brings back the others' rows.
     *
     * @return the shards
     */
    public Set<String> erase(String userId) {
        Set<String> found = shardsOf(userId);
        try {
            Optional<IndexManifest> manifest = current();
            if (manifest.isPresent()
                    && manifest.get().shards().stream().map(IndexShard::id).anyMatch(found::contains)) {
                List<IndexShard> kept = manifest.get().shards().stream()
                        .filter(shard -> !found.contains(shard.id()))
                        .toList();
                publish(manifest.get().without(kept));
            }
            for (String file : folder.tree(SHARDS).keySet()) {
                if (found.contains(file.substring(0, file.indexOf('/')))) {
                    folder.delete(SHARDS + "/" + file);
                }
            }
            for (String shard : found) {
                FolderTree.delete(shards.resolve(shard));
            }
            return found;
        } catch (IOException e) {
            throw unusable(collection, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.hex(in);
        }
    }

    private static String path(IndexShard shard, IndexFile file) {
        return SHARDS + "/" + shard.id() + "/" + file.path();
    }

    private static LakeException unusable(String collection, IOException cause) {
        return LakeException.failed(
                "the index of collection " + collection + " cannot be used",
                cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                "check that the lake's home is reachable and writable",
                cause);
    }
}
