package io.datapunk.archive.bag;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.container.BoundedStream;
import io.datapunk.lake.storage.ObjectLock;
import io.datapunk.lake.storage.RawFiles;
import io.datapunk.lake.storage.Stores;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder or bucket that holds packages, by paths relative to it. */
public final class PackageStore {
    /** Year, month, category, source, package. */
    private static final int DEPTH = 5;

    private final Path root;
    private final FileSystem files;
    private final Optional<ReadOnlyFiles> protection;

    /** The lake's own. */
    public static PackageStore of(LakeConfig config, LakeHome home, Configuration configuration) throws IOException {
        return new PackageStore(config.archive().location().orElse(home.archivePath()), configuration);
    }

    public PackageStore(String location, Configuration configuration) throws IOException {
        this.root = Stores.path(location);
        // A package holds what a package holds.
        this.files = RawFiles.of(root, configuration);
        this.protection = files.getUri().getScheme().equals("file")
                ? Optional.of(
                        new ReadOnlyFiles(java.nio.file.Path.of(root.toUri().getPath())))
                : Optional.empty();
    }

    /** The whole URI of a file, for those who have no root. */
    String uri(String path) {
        return files.makeQualified(at(path)).toString();
    }

    /** A new file; what stood there goes. On the disk or in the bucket when it is closed. */
    public FSDataOutputStream create(String path) throws IOException {
        return files.create(at(path), true);
    }

    /** Closes a file after its bytes are on the disk; an object store has them when it is closed. */
    public static void close(FSDataOutputStream out) throws IOException {
        try (out) {
            if (out.hasCapability("hsync")) {
                out.hsync();
            }
        }
    }

    void write(String path, byte[] bytes) throws IOException {
        FSDataOutputStream out = create(path);
        out.write(bytes);
        close(out);
    }

    /** Writes a file that is there whole or not at all. */
    void writeAtOnce(String path, byte[] bytes) throws IOException {
        if (!files.getUri().getScheme().equals("file")) {
            write(path, bytes);
            return;
        }
        String unfinished = path + ".new";
        write(unfinished, bytes);
        if (!files.rename(at(unfinished), at(path))) {
            throw new IOException(at(unfinished) + " cannot be renamed to " + at(path).getName());
        }
    }

    public byte[] read(String path) throws IOException {
        try (FSDataInputStream in = files.open(at(path))) {
            return in.readAllBytes();
        }
    }

    public InputStream open(String path) throws IOException {
        return files.open(at(path));
    }

    /** Some bytes of a file; fewer where the file ends before. */
    public InputStream open(String path, long offset, long bytes) throws IOException {
        if (bytes == 0) {
            return new ByteArrayInputStream(new byte[0]);
        }
        FSDataInputStream in = files.open(at(path));
        try {
            in.seek(offset);
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new BoundedStream(in, bytes);
    }

    public boolean isComplete(PackageFolder folder) throws IOException {
        return exists(folder.file(PackageFolder.TAG_MANIFEST));
    }

    boolean exists(String path) throws IOException {
        return files.exists(at(path));
    }

    /** The names and sizes of a folder's files; none where there is no folder. */
    List<FileStatus> list(String path) throws IOException {
        try {
            return Arrays.asList(files.listStatus(at(path)));
        } catch (FileNotFoundException nothingYet) {
            return List.of();
        }
    }

    void delete(String path) throws IOException {
        if (protection.isPresent()) {
            protection.get().lift(path);
        }
        files.delete(at(path), true);
    }

    /** Makes a package's files and folders read-only where the store is a file system. */
    public void protect(PackageFolder folder) throws IOException {
        if (protection.isPresent()) {
            protection.get().protect(folder.path());
        }
    }

    /**
     * Locks a package's objects where the store is a bucket.
     *
     * @throws IOException where it does not lock
     */
    public void lock(PackageFolder folder, ObjectLock lock) throws IOException {
        List<Path> objects = new ArrayList<>();
        for (String part : List.of(folder.path(), folder.file(PackageFolder.DATA))) {
            list(part).stream()
                    .filter(FileStatus::isFile)
                    .map(FileStatus::getPath)
                    .forEach(objects::add);
        }
        lock.lock(files, objects);
    }

    /** Whether it is a bucket. */
    public boolean isBucket() {
        return files.getUri().getScheme().equals("s3a");
    }

    /** The files and folders of a package that could be changed; none where the store is no file system. */
    public List<String> unprotected(PackageFolder folder) throws IOException {
        return protection.isPresent() ? protection.get().writable(folder.path()) : List.of();
    }

    /** Removes a package, or what is left of one; first the file that makes it one. */
    public void remove(PackageFolder folder) throws IOException {
        delete(folder.file(PackageFolder.TAG_MANIFEST));
        delete(folder.path());
    }

    /** The folders that hold packages or what is left of unfinished ones, in order of their paths. */
    public List<PackageFolder> folders() throws IOException {
        List<String> level = List.of("");
        for (int depth = 0; depth < DEPTH; depth++) {
            List<String> next = new ArrayList<>();
            for (String folder : level) {
                list(folder).stream()
                        .filter(FileStatus::isDirectory)
                        .map(child -> folder
                                + (folder.isEmpty() ? "" : "/")
                                + child.getPath().getName())
                        .forEach(next::add);
            }
            level = next;
        }
        return level.stream()
                .filter(path -> PackageFolder.isPackage(path))
                .sorted()
                .map(PackageFolder::new)
                .toList();
    }

    /** What killed runs have left, while nobody makes a package. */
    public List<PackageFolder> unfinished() throws IOException {
        List<PackageFolder> unfinished = new ArrayList<>();
        for (PackageFolder folder : folders()) {
            if (!isComplete(folder)) {
                unfinished.add(folder);
            }
        }
        return unfinished;
    }

    private Path at(String path) {
        return path.isEmpty() ? root : new Path(root, path);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
