package io.datapunk.archive.bag;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Folders of a file system that nobody changes by mistake: nothing in them can be written, added or removed before the
 * protection was lifted. Root, and whoever owns them on purpose, still can. Does nothing where files have no permissions.
 */
final class ReadOnlyFiles {
    private static final Set<PosixFilePermission> WRITE = EnumSet.of(
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path root;

    ReadOnlyFiles(Path root) {
        this.root = root;
    }

    void protect(String folder) throws IOException {
        for (Path path : below(folder)) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
            if (permissions.removeAll(WRITE)) {
                Files.setPosixFilePermissions(path, permissions);
            }
        }
    }

    /** Makes a folder removable; one that is not there is fine. */
    void lift(String path) throws IOException {
        for (Path each : below(path)) {
            if (Files.isDirectory(each)) {
                allow(each);
            }
        }
        Path parent = root.resolve(path).getParent();
        if (Files.isDirectory(parent)) {
            allow(parent);
        }
    }

    /** What can be written, relative to the root. */
    List<String> writable(String folder) throws IOException {
        List<String> writable = new ArrayList<>();
        for (Path path : below(folder)) {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(WRITE::contains)) {
                writable.add(root.relativize(path).toString());
            }
        }
        return writable;
    }

    private static void allow(Path folder) throws IOException {
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null) {
            return;
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        if (permissions.add(PosixFilePermission.OWNER_WRITE)) {
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    private List<Path> below(String folder) throws IOException {
        Path start = root.resolve(folder);
        if (!Files.exists(start) || Files.getFileAttributeView(start, PosixFileAttributeView.class) == null) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(start)) {
            return all.toList();
        } catch (NoSuchFileException alreadyGone) {
            return List.of();
        }
    }
}
