package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists the files of an unpacked export, links not followed. */
final class FolderIndexer {
    private record Found(String path, long bytes, String reason) {}

    /** What Java puts where the bytes of a name are no text. */
    private static final char UNKNOWN_CHARACTER = '\uFFFD';

    private FolderIndexer() {}

    static void index(Path folder, ContainerPart part, IndexBuilder index) {
        List<Found> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(new Found(relative(folder, file), attributes.size(), refusal(folder, file, attributes)));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    found.add(new Found(relative(folder, file), 0, "it cannot be read: " + e));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw LakeException.failed(
                    folder + " cannot be listed", String.valueOf(e), "make the folder readable and try again", e);
        }
        found.sort(Comparator.comparing(Found::path));
        index.begin(part);
        for (Found file : found) {
            index.add(file.path(), EntryMethod.STORED, 0, file.bytes(), file.bytes(), EntryRef.NO_CRC, file.reason());
        }
    }

    private static String refusal(Path folder, Path file, BasicFileAttributes attributes) {
        if (!isNameable(folder, file)) {
            return "its name is not valid text";
        }
        if (attributes.isSymbolicLink()) {
            return "it is a symbolic link";
        }
        if (!attributes.isRegularFile()) {
            return "it is a device or another special file";
        }
        return Files.isReadable(file) ? "" : "its permissions do not let it be read";
    }

    /** Whether the file is found again by its name as text, which depends on the locale that this process runs in. */
    private static boolean isNameable(Path folder, Path file) {
        String name = relative(folder, file);
        if (name.indexOf(UNKNOWN_CHARACTER) < 0) {
            return true;
        }
        try {
            if (folder.resolve(name).equals(file)) {
                return true;
            }
        } catch (InvalidPathException unmappable) {
            throw LakeException.failed(
                    "the names in " + folder + " cannot be read",
                    "%s holds characters that the locale's encoding %s does not have"
                            .formatted(name, System.getProperty("sun.jnu.encoding")),
                    "set LC_ALL=C.UTF-8 and try again",
                    unmappable);
        }
        return false;
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
