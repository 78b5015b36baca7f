package io.datapunk.lake.encryption;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
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
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The wrapped keys of all datasets: {@code keys/<schema>.<name>/<id>.<generation>.json}. A file is never written over: a
 * new generation is written and read back before the one before it goes, so that at each moment one of the two is whole.
 */
public final class Keyring {
    private final Path root;
    private final Configuration configuration;

    /** @param root of the keyring; need not exist yet */
    public Keyring(String root, Configuration configuration) {
        this.root = new Path(root);
        this.configuration = configuration;
    }

    /** The datasets that have keys. */
    public List<DatasetName> datasets() {
        return explained("listed", () -> {
            List<DatasetName> found = new ArrayList<>();
            for (FileStatus folder : list(root)) {
                String[] parts = folder.getPath().getName().split("\\.", 2);
                if (folder.isDirectory()
                        && parts.length == 2
                        && Arrays.stream(parts).allMatch(DatasetName::isIdentifier)) {
                    found.add(new DatasetName(parts[0], parts[1]));
                }
            }
            found.sort(Comparator.naturalOrder());
            return found;
        });
    }

    /** A dataset's keys, the newest generation of each that is whole. */
    public List<DatasetKey> keys(DatasetName dataset) {
        TreeMap<String, DatasetKey> newest = new TreeMap<>();
        for (DatasetKey key : generations(dataset)) {
            newest.merge(key.id(), key, (one, other) -> one.generation() > other.generation() ? one : other);
        }
        return List.copyOf(newest.values());
    }

    /** The keys of all datasets. */
    public List<DatasetKey> keys() {
        return datasets().stream().flatMap(dataset -> keys(dataset).stream()).toList();
    }

    /**
     * Makes sure that a key can be had: its record is there, and its master key opens it.
     *
     * @throws LakeException where it cannot
     */
    public void requireOpens(DatasetName dataset, String id) {
        OpenKeys.unwrap(this, dataset, id, MasterKeys.of(configuration));
    }

    /** A folder of a keyring, relative to its root. */
    public static String folderName(DatasetName dataset) {
        return dataset.toString();
    }

    Optional<DatasetKey> find(DatasetName dataset, String id) {
        return keys(dataset).stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** The key for new files of a dataset; made where there is none under this master key. */
    DatasetKey forWriting(DatasetName dataset, MasterKeys masterKeys, String masterKey) {
        Optional<DatasetKey> existing =
                keys(dataset).stream().filter(key -> key.isFor(masterKey)).findFirst();
        if (existing.isPresent()) {
            return existing.get();
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        String wrapped = masterKeys.wrap(AesGcm.newKey(), masterKey, dataset + "/" + id);
        DatasetKey made = new DatasetKey(dataset, id, 1, masterKey, masterKey, wrapped);
        write(made);
        return made;
    }

    /** Writes a generation and reads it back. */
    void write(DatasetKey key) {
        explained("written", () -> {
            Path file = new Path(folder(key.dataset()), key.fileName());
            FileSystem store = store();
            try (FSDataOutputStream out = store.create(file, true)) {
                out.write(key.toBytes());
                if (out.hasCapability("hsync")) {
                    out.hsync();
                }
            }
            if (!Arrays.equals(read(store, file), key.toBytes())) {
                throw new IOException(file + " does not hold what was written to it");
            }
            return null;
        });
    }

    /** Removes the generations before this one. */
    void removeBefore(DatasetKey key) {
        explained("changed", () -> {
            for (DatasetKey other : generations(key.dataset())) {
                if (key.isAfter(other.fileName())) {
                    store().delete(new Path(folder(key.dataset()), other.fileName()), false);
                }
            }
            return null;
        });
    }

    /** Whether older generations are left, as a rotation leaves them that was killed. */
    boolean hasBefore(DatasetKey key) {
        return generations(key.dataset()).stream().anyMatch(other -> key.isAfter(other.fileName()));
    }

    private List<DatasetKey> generations(DatasetName dataset) {
        return explained("read", () -> {
            List<DatasetKey> found = new ArrayList<>();
            for (FileStatus file : list(folder(dataset))) {
                String name = file.getPath().getName();
                if (DatasetKey.isFile(name)) {
                    DatasetKey.parse(dataset, name, read(store(), file.getPath()))
                            .ifPresent(found::add);
                }
            }
            return found;
        });
    }

    private Path folder(DatasetName dataset) {
        return new Path(root, folderName(dataset));
    }

    private FileStatus[] list(Path folder) throws IOException {
        try {
            return store().listStatus(folder);
        } catch (FileNotFoundException nothingYet) {
            return new FileStatus[0];
        }
    }

    private static byte[] read(FileSystem store, Path file) throws IOException {
        try (FSDataInputStream in = store.open(file)) {
            return in.readAllBytes();
        }
    }

    /** Without Hadoop's checksum files, which a crash can leave beside a file that they do not fit. */
    private FileSystem store() throws IOException {
        FileSystem store = root.getFileSystem(configuration);
        return store instanceof LocalFileSystem local ? local.getRawFileSystem() : store;
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
