package io.datapunk.lake.encryption;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.RawFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The wrapped keys of all owners: {@code keys/<owner>/<id>.<generation>.json}. A file is never written over: a
 * new generation is written and read back before the one before it goes, so that at each moment one of the two is whole.
 */
public final class Keyring {
    private final Path root;
    private final Configuration configuration;
    private final BeforeMaking before;

    /** Is told before a key is made. */
    @FunctionalInterface
    public interface BeforeMaking {
        void making(WrappedKey key);
    }

    /**
     * One that keys are made in.
     *
     * @param root of the keyring; need not exist yet
     */
    public Keyring(String root, Configuration configuration, BeforeMaking before) {
        this.root = new Path(root);
        this.configuration = configuration;
        this.before = before;
    }

    /** One that no key is made in. */
    public Keyring(String root, Configuration configuration) {
        this(root, configuration, key -> {
            throw new IllegalStateException("the key " + key + " would be made without an entry in the audit log");
        });
    }

    /** Who has keys. */
    public List<KeyOwner> owners() {
        return explained("listed", () -> {
            List<KeyOwner> found = new ArrayList<>();
            for (FileStatus folder : list(root)) {
                String name = folder.getPath().getName();
                if (folder.isDirectory() && KeyOwner.isName(name)) {
                    found.add(new KeyOwner(name));
                }
            }
            found.sort(Comparator.naturalOrder());
            return found;
        });
    }

    /** An owner's keys, the newest generation of each that is whole. */
    public List<WrappedKey> keys(KeyOwner owner) {
        TreeMap<String, WrappedKey> newest = new TreeMap<>();
        for (WrappedKey key : generations(owner)) {
            newest.merge(key.id(), key, (one, other) -> one.generation() > other.generation() ? one : other);
        }
        return List.copyOf(newest.values());
    }

    /** The keys of all owners. */
    public List<WrappedKey> keys() {
        return owners().stream().flatMap(owner -> keys(owner).stream()).toList();
    }

    /**
     * Makes sure that a key can be had: its record is there, and its master key opens it.
     *
     * @throws LakeException where it cannot
     */
    public void requireOpens(KeyOwner owner, String id) {
        OpenKeys.unwrap(this, owner, id, MasterKeys.of(configuration));
    }

    /** A folder of a keyring, relative to its root. */
    public static String folderName(KeyOwner owner) {
        return owner.name();
    }

    Optional<WrappedKey> find(KeyOwner owner, String id) {
        return keys(owner).stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** The key for what is newly written of an owner; made where there is none under this master key. */
    WrappedKey forWriting(KeyOwner owner, MasterKeys masterKeys, String masterKey) {
        owner.person().flatMap(this::erasure).ifPresent(erasure -> {
            throw erased(erasure);
        });
        Optional<WrappedKey> existing =
                keys(owner).stream().filter(key -> key.isFor(masterKey)).findFirst();
        if (existing.isPresent()) {
            return existing.get();
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        String wrapped = masterKeys.wrap(AesGcm.newKey(), masterKey, owner + "/" + id);
        WrappedKey made = new WrappedKey(owner, id, 1, masterKey, masterKey, wrapped);
        before.making(made);
        write(made);
        return made;
    }

    /** Writes a generation and reads it back. */
    void write(WrappedKey key) {
        write(key.owner(), key.fileName(), key.toBytes());
    }

    private void write(KeyOwner owner, String fileName, byte[] bytes) {
        explained("written", () -> {
            Path file = new Path(folder(owner), fileName);
            FileSystem store = store();
            try (FSDataOutputStream out = store.create(file, true)) {
                out.write(bytes);
                if (out.hasCapability("hsync")) {
                    out.hsync();
                }
            }
            if (!Arrays.equals(read(store, file), bytes)) {
                throw new IOException(file + " does not hold what was written to it");
            }
            return null;
        });
    }

    /** Whether and how far a person is erased. */
    public Optional<Erasure> erasure(String userId) {
        KeyOwner owner = KeyOwner.person(userId);
        return explained("read", () -> {
            Optional<Erasure> found = Optional.empty();
            // By name, so that what is told of its end comes last.
            for (FileStatus file : sorted(list(folder(owner)))) {
                if (Erasure.isFile(file.getPath().getName())) {
                    Optional<Erasure> earlier = found;
                    found = Erasure.parse(userId, read(store(), file.getPath())).or(() -> earlier);
                }
            }
            return found;
        });
    }

    /** All erasures, those that are under way and those that are done. */
    public List<Erasure> erasures() {
        return owners().stream()
                .flatMap(owner -> owner.person().stream())
                .flatMap(userId -> erasure(userId).stream())
                .toList();
    }

    /** Writes down that an erasure was ordered, or has ended. */
    public void write(Erasure erasure) {
        write(KeyOwner.person(erasure.userId()), erasure.fileName(), erasure.toBytes());
    }

    /**
     * Destroys all keys of a person, each of their generations. What they protect cannot be read any more, wherever it lies.
     *
     * @param audit is told before, where there are any
     * @return how many files of keys there were
     */
    public int destroy(String userId, KeyAudit audit) {
        KeyOwner owner = KeyOwner.person(userId);
        return explained("destroyed", () -> {
            List<FileStatus> keys = Arrays.stream(list(folder(owner)))
                    .filter(file -> WrappedKey.isFile(file.getPath().getName()))
                    .toList();
            if (!keys.isEmpty()) {
                audit.destroying(owner, keys.size());
            }
            for (FileStatus key : keys) {
                store().delete(key.getPath(), false);
            }
            return keys.size();
        });
    }

    private static LakeException erased(Erasure erasure) {
        return LakeException.failed(
                "there is no key for the person " + erasure.userId(),
                "he is erased since " + erasure.orderedAt() + ", and his keys were destroyed",
                "nothing can bring back what they protected; who comes anew gets another surrogate");
    }

    /** Why a key cannot be had. */
    LakeException missing(KeyOwner owner, String id) {
        return owner.person()
                .flatMap(this::erasure)
                .map(Keyring::erased)
                .orElseGet(() -> LakeException.failed(
                        "the key " + owner + "/" + id + " is missing",
                        "there is no file of it in " + this + "/" + owner,
                        "copy keys/" + owner + " back from one of lake.storage.cold.locations, or from a backup of"
                                + " the lake"));
    }

    /** Removes the generations before this one. */
    void removeBefore(WrappedKey key) {
        explained("changed", () -> {
            for (WrappedKey other : generations(key.owner())) {
                if (key.isAfter(other.fileName())) {
                    store().delete(new Path(folder(key.owner()), other.fileName()), false);
                }
            }
            return null;
        });
    }

    /** Whether older generations are left, as a rotation leaves them that was killed. */
    boolean hasBefore(WrappedKey key) {
        return generations(key.owner()).stream().anyMatch(other -> key.isAfter(other.fileName()));
    }

    private List<WrappedKey> generations(KeyOwner owner) {
        return explained("read", () -> {
            List<WrappedKey> found = new ArrayList<>();
            for (FileStatus file : list(folder(owner))) {
                String name = file.getPath().getName();
                if (WrappedKey.isFile(name)) {
                    WrappedKey.parse(owner, name, read(store(), file.getPath())).ifPresent(found::add);
                }
            }
            return found;
        });
    }

    private Path folder(KeyOwner owner) {
        return new Path(root, folderName(owner));
    }

    private FileStatus[] list(Path folder) throws IOException {
        try {
            return store().listStatus(folder);
        } catch (FileNotFoundException nothingYet) {
            return new FileStatus[0];
        }
    }

    private static List<FileStatus> sorted(FileStatus[] files) {
        return Arrays.stream(files)
                .sorted(Comparator.comparing(file -> file.getPath().getName()))
                .toList();
    }

    private static byte[] read(FileSystem store, Path file) throws IOException {
        try (FSDataInputStream in = store.open(file)) {
            return in.readAllBytes();
        }
    }

    private FileSystem store() throws IOException {
        return RawFiles.of(root, configuration);
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T explained(String participle, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw LakeException.failed(
                    "the keys at " + root + " cannot be " + participle,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the store is reachable; lost keys lie in each of lake.storage.cold.locations too",
                    e);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
