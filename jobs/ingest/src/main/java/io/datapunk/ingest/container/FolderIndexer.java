package io.datapunk.ingest.container;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists the files of an unpacked export, links not followed. */
final class FolderIndexer {
    private record Found(String path, long bytes, String reason) {}

    private FolderIndexer() {}

    static void index(Path folder, ContainerPart part, IndexBuilder index) {
        List<Found> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(new Found(relative(folder, file), attributes.size(), refusal(file, attributes)));
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

    private static String refusal(Path file, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "it is a symbolic link";
        }
        if (!attributes.isRegularFile()) {
            return "it is a device or another special file";
        }
        return Files.isReadable(file) ? "" : "its permissions do not let it be read";
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
