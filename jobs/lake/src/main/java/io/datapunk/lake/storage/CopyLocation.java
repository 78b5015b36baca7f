package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * One place that holds copies of files. Beside each copy lies {@code <name>.sha256}, in the form that {@code sha256sum -c}
 * reads. It is written after the copy was read back and found equal: a copy without it is none, and is made again.
 */
public final class CopyLocation implements AutoCloseable {
    private static final String CHECKSUM = ".sha256";
    private static final int BUFFER = 1 << 20;

    private final String name;
    private final Path root;
    private final FileSystem store;

    private CopyLocation(String name, Path root, FileSystem store) {
        this.name = name;
        this.root = root;
        this.store = store;
    }

    /**
     * Opens a folder, which has to exist, or a bucket with a prefix.
     *
     * @param storageClass of the objects that are written to a bucket
     * @throws IOException where it is out of reach or missing
     */
    static CopyLocation open(String location, Optional<String> storageClass, Configuration configuration)
            throws IOException {
        Path root = Stores.path(location);
        if (location.contains("://")) {
            Configuration own = new Configuration(configuration);
            storageClass.ifPresent(value -> own.set("fs.s3a.create.storage.class", value.toLowerCase(Locale.ROOT)));
            return new CopyLocation(location, root, FileSystem.newInstance(root.toUri(), own));
        }
        // Made here it would lie on the disk that the missing one was to be mounted on.
        FileSystem store = FileSystem.newInstanceLocal(configuration).getRawFileSystem();
        if (!store.getFileStatus(root).isDirectory()) {
            throw new IOException(root + " is not a folder");
        }
        return new CopyLocation(location, root, store);
    }

    /**
     * Opens one of the audit log's locations.
     *
     * @throws IOException as {@link #open(String, Optional, Configuration)}
     */
    public static CopyLocation open(String location, LakeConfig config) throws IOException {
        return open(location, Optional.empty(), Stores.configuration(config));
    }

    public String name() {
        return name;
    }

    /** The files of a folder that have a verified copy's checksum beside them, by name, with their sizes. */
    public SortedMap<String, Long> verified(String folder) throws IOException {
        Map<String, Long> found = sizes(folder);
        SortedMap<String, Long> verified = new TreeMap<>();
        found.forEach((file, bytes) -> {
            if (hasChecksum(file, found)) {
                verified.put(file, bytes);
            }
        });
        return verified;
    }

    public InputStream read(String folder, String file) throws IOException {
        return store.open(new Path(new Path(root, folder), file));
    }

    /** Whether a file is what its checksum says. */
    public boolean isWhole(String folder, String file) throws IOException {
        try (InputStream in = read(folder, file);
                InputStream checksum = read(folder, file + CHECKSUM)) {
            return Arrays.equals(line(digest(in, OutputStream.nullOutputStream()), file), checksum.readAllBytes());
        }
    }

    /** Whether a file lies there and has this SHA-256; reads it. */
    boolean holds(String folder, String file, String sha256) throws IOException {
        try (InputStream in = read(folder, file)) {
            return digest(in, OutputStream.nullOutputStream()).equals(sha256);
        } catch (FileNotFoundException none) {
            return false;
        }
    }

    /** Where a file lies, as its store names it. */
    String path(String folder, String file) {
        return new Path(new Path(root, folder), file).toString();
    }

    /**
     * Those of the files that have a verified copy.
     *
     * @param bytes the files' sizes by their names
     */
    Set<String> verified(String folder, Map<String, Long> bytes) throws IOException {
        Map<String, Long> found = sizes(folder);
        return bytes.keySet().stream()
                .filter(file -> bytes.get(file).equals(found.get(file)))
                .filter(file -> hasChecksum(file, found))
                .collect(Collectors.toSet());
    }

    private Map<String, Long> sizes(String folder) throws IOException {
        Map<String, Long> found = new HashMap<>();
        try {
            for (FileStatus file : store.listStatus(new Path(root, folder))) {
                found.put(file.getPath().getName(), file.getLen());
            }
        } catch (FileNotFoundException nothingYet) {
            return Map.of();
        }
        return found;
    }

    private static boolean hasChecksum(String file, Map<String, Long> found) {
        return Long.valueOf(line("0".repeat(64), file).length).equals(found.get(file + CHECKSUM));
    }

    /**
     * Copies a file and reads the copy back.
     *
     * @throws LakeException (gate) where the copy is not what was read from the source
     * @throws IOException where one of the two stores cannot be read or written
     */
    void copy(FileSystem from, Path source, String folder, String file) throws IOException {
        try (InputStream in = from.open(source)) {
            write(folder, file, in);
        }
    }

    /**
     * Writes a file and reads it back.
     *
     * @throws LakeException (gate) where it does not hold what was written to it
     */
    public void write(String folder, String file, InputStream content) throws IOException {
        Path target = new Path(new Path(root, folder), file);
        store.mkdirs(target.getParent());
        String expected;
        try (FSDataOutputStream out = store.create(target, true)) {
            expected = digest(content, out);
            persist(out);
        }
        String found;
        try (InputStream in = store.open(target)) {
            found = digest(in, OutputStream.nullOutputStream());
        }
        if (!found.equals(expected)) {
            throw LakeException.gate(
                    "the copy " + target + " is damaged",
                    "its SHA-256 is " + found + " and its source's " + expected,
                    "examine the disk or the store; the copy does not count, and the next run makes it again");
        }
        try (FSDataOutputStream out = store.create(new Path(target.getParent(), file + CHECKSUM), true)) {
            out.write(line(expected, file));
            persist(out);
        }
    }

    /** Removes a copy that is not to be had any more; its checksum first, so that half a removal leaves no copy. */
    void remove(String folder, String file) throws IOException {
        store.delete(new Path(new Path(root, folder), file + CHECKSUM), false);
        store.delete(new Path(new Path(root, folder), file), false);
    }

    /** A copy, whole or not. */
    record File(String folder, String name, long bytes) {}

    /** The copies in a folder and in all folders below it. */
    List<File> filesBelow(String folder) throws IOException {
        List<File> found = new ArrayList<>();
        Path top = new Path(root, folder);
        try {
            RemoteIterator<LocatedFileStatus> all = store.listFiles(top, true);
            while (all.hasNext()) {
                LocatedFileStatus file = all.next();
                String name = file.getPath().getName();
                if (!name.endsWith(CHECKSUM)) {
                    String below = top.toUri()
                            .relativize(file.getPath().getParent().toUri())
                            .getPath();
                    found.add(new File(below.isEmpty() ? folder : folder + "/" + below, name, file.getLen()));
                }
            }
        } catch (FileNotFoundException nothingYet) {
            return List.of();
        }
        return found;
    }

    /** The names of what lies in a folder. */
    Set<String> names(String folder) throws IOException {
        try {
            return Arrays.stream(store.listStatus(new Path(root, folder)))
                    .map(file -> file.getPath().getName())
                    .collect(Collectors.toSet());
        } catch (FileNotFoundException nothingYet) {
            return Set.of();
        }
    }

    /** On a local disk; S3 has an object when it is closed. */
    private static void persist(FSDataOutputStream out) throws IOException {
        if (out.hasCapability("hsync")) {
            out.hsync();
        }
    }

    private static byte[] line(String digest, String file) {
        return (digest + "  " + file + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(InputStream in, OutputStream out) throws IOException {
        DigestInputStream digesting = new DigestInputStream(in, Sha256.digest());
        byte[] buffer = new byte[BUFFER];
        for (int read = digesting.read(buffer); read >= 0; read = digesting.read(buffer)) {
            out.write(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
