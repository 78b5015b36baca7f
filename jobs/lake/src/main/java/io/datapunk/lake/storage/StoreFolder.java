package io.datapunk.lake.storage;

import io.datapunk.lake.model.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** A folder, or a prefix of a bucket, by paths relative to it. A file is there whole or not at all. */
public final class StoreFolder {
    private static final int BUFFER = 1 << 20;
    private static final String UNFINISHED = ".unfinished";

    private final String name;
    private final Path root;
    private final FileSystem files;

    private StoreFolder(String name, Path root, FileSystem files) {
        this.name = name;
        this.root = root;
        this.files = files;
    }

    /** @throws IOException where it is out of reach, or a folder that does not exist */
    public static StoreFolder open(String location, Configuration stores) throws IOException {
        StoreFolder opened = of(location, stores);
        // Made here it would lie on the disk that the missing one was to be mounted on.
        if (!location.contains("://") && !Files.isDirectory(java.nio.file.Path.of(location))) {
            throw new FileNotFoundException(location + " is not a folder");
        }
        return opened;
    }

    /** One that is made by the first write. */
    public static StoreFolder of(String location, Configuration stores) throws IOException {
        Path root = Stores.path(location);
        // Each object is hashed by us.
        return new StoreFolder(location, root, RawFiles.of(root, stores));
    }

    public String name() {
        return name;
    }

    /** As a place for a keyring or for Spark. */
    public String uri(String path) {
        return files.makeQualified(at(path)).toString();
    }

    public boolean exists(String path) throws IOException {
        return files.exists(at(path));
    }

    public byte[] read(String path) throws IOException {
        try (FSDataInputStream in = files.open(at(path))) {
            return in.readAllBytes();
        }
    }

    public InputStream open(String path) throws IOException {
        return files.open(at(path));
    }

    /** SHA-256 of a file, as hex. */
    public String sha256(String path) throws IOException {
        try (InputStream in = open(path)) {
            return Sha256.hex(in);
        }
    }

    /** Writes a file; what stood there goes. */
    public void write(String path, byte[] bytes) throws IOException {
        write(path, out -> out.write(bytes));
    }

    /** Writes a file that lies on this machine. */
    public void upload(String path, java.nio.file.Path source) throws IOException {
        try (InputStream in = Files.newInputStream(source)) {
            write(path, in);
        }
    }

    public void write(String path, InputStream content) throws IOException {
        write(path, out -> {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                out.write(buffer, 0, read);
            }
        });
    }

    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private void write(String path, Writing writing) throws IOException {
        boolean local = files.getUri().getScheme().equals("file");
        Path target = at(path);
        // S3 has an object when it is closed.
        Path written = local ? at(path + UNFINISHED) : target;
        try (FSDataOutputStream out = files.create(written, true)) {
            writing.to(out);
            if (out.hasCapability("hsync")) {
                out.hsync();
            }
        }
        if (local) {
            Files.move(
                    nio(written),
                    nio(target),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static java.nio.file.Path nio(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    /** The names of a folder's files; none where there is no folder. */
    public List<String> list(String folder) throws IOException {
        try {
            return Arrays.stream(files.listStatus(at(folder)))
                    .filter(FileStatus::isFile)
                    .map(file -> file.getPath().getName())
                    .filter(file -> !file.endsWith(UNFINISHED))
                    .sorted()
                    .toList();
        } catch (FileNotFoundException nothingYet) {
            return List.of();
        }
    }

    /** All files below a folder, by their paths relative to it, with their sizes. */
    public SortedMap<String, Long> tree(String folder) throws IOException {
        SortedMap<String, Long> found = new TreeMap<>();
        String prefix = files.makeQualified(at(folder)).toUri().getPath() + "/";
        try {
            RemoteIterator<LocatedFileStatus> all = files.listFiles(at(folder), true);
            while (all.hasNext()) {
                LocatedFileStatus file = all.next();
                String path = file.getPath().toUri().getPath();
                if (!path.endsWith(UNFINISHED)) {
                    found.put(path.substring(prefix.length()), file.getLen());
                }
            }
        } catch (FileNotFoundException nothingYet) {
            return new TreeMap<>();
        }
        return found;
    }

    /** Removes a file; that it is not there is fine. */
    public void delete(String path) throws IOException {
        files.delete(at(path), false);
    }

    private Path at(String path) {
        return path.isEmpty() ? root : new Path(root, path);
    }

    @Override
    public String toString() {
        return name;
    }
}
