package io.datapunk.archive.backup.create;

import io.datapunk.archive.backup.point.Piece;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.repository.ObjectWriter;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.model.Progress;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Stores files that are restored byte by byte: large ones in parts, so that of one that grows or changes here and there only
 * parts are new; the small ones of a folder together. They may change meanwhile: each is what it was at some moment.
 */
final class FileBackup {
    private static final int PART_BYTES = 16 << 20;
    private static final int SMALL_BYTES = 256 << 10;

    private final ObjectWriter objects;
    private final Workers workers;
    private final Progress.Stage progress;

    FileBackup(ObjectWriter objects, Workers workers, Progress.Stage progress) {
        this.objects = objects;
        this.workers = workers;
        this.progress = progress;
    }

    /** A file as it is now. */
    private record Source(String path, Path file, FileStatus status) {}

    /**
     * Stores files of a folder; those that are gone meanwhile are left out.
     *
     * @param paths relative to the folder
     * @param unchanging files of an older restore point that never change, by their paths: one of the same size and time is
     *     not read again
     */
    List<StoredFile> store(FileSystem store, Path root, List<String> paths, Map<String, StoredFile> unchanging)
            throws IOException {
        List<StoredFile> stored = new ArrayList<>();
        List<Callable<List<StoredFile>>> tasks = new ArrayList<>();
        Map<String, List<Source>> small = new TreeMap<>();
        for (String path : paths) {
            Path file = new Path(root, new Path(null, null, path));
            FileStatus status;
            try {
                status = store.getFileStatus(file);
            } catch (FileNotFoundException gone) {
                continue;
            }
            StoredFile known = unchanging.get(path);
            if (isSame(known, status) && keep(known)) {
                stored.add(known);
                progress.advance(status.getLen());
            } else if (status.getLen() <= SMALL_BYTES) {
                small.computeIfAbsent(folder(path), any -> new ArrayList<>()).add(new Source(path, file, status));
            } else {
                Source source = new Source(path, file, status);
                tasks.add(() -> parts(store, source));
            }
        }
        small.values().forEach(folder -> tasks.add(() -> together(store, folder)));
        workers.all(tasks).forEach(stored::addAll);
        stored.sort(Comparator.comparing(StoredFile::path));
        return stored;
    }

    /** Stores a file that nobody has written. */
    StoredFile store(String path, byte[] content, long modified) throws IOException {
        return new StoredFile(
                path, content.length, modified, List.of(new Piece(objects.store(content), 0, content.length)));
    }

    private static boolean isSame(StoredFile known, FileStatus status) {
        return known != null && known.bytes() == status.getLen() && known.modified() == status.getModificationTime();
    }

    private boolean keep(StoredFile known) throws IOException {
        for (Piece piece : known.pieces()) {
            if (!objects.keep(piece.object())) {
                return false;
            }
        }
        return true;
    }

    private List<StoredFile> parts(FileSystem store, Source source) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        long bytes = 0;
        try (InputStream in = store.open(source.file())) {
            for (byte[] part = in.readNBytes(PART_BYTES); part.length > 0; part = in.readNBytes(PART_BYTES)) {
                pieces.add(new Piece(objects.store(part), 0, part.length));
                bytes += part.length;
                progress.advance(part.length);
            }
        } catch (FileNotFoundException gone) {
            return List.of();
        }
        return List.of(new StoredFile(source.path(), bytes, source.status().getModificationTime(), pieces));
    }

    private List<StoredFile> together(FileSystem store, List<Source> sources) throws IOException {
        List<StoredFile> stored = new ArrayList<>();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<StoredFile> waiting = new ArrayList<>();
        for (Source source : sources) {
            byte[] bytes;
            try (InputStream in = store.open(source.file())) {
                bytes = in.readNBytes(PART_BYTES);
            } catch (FileNotFoundException gone) {
                continue;
            }
            if (content.size() + bytes.length > PART_BYTES) {
                stored.addAll(named(waiting, objects.store(content.toByteArray())));
                waiting.clear();
                content.reset();
            }
            waiting.add(new StoredFile(
                    source.path(),
                    bytes.length,
                    source.status().getModificationTime(),
                    List.of(new Piece("", content.size(), bytes.length))));
            content.write(bytes);
        }
        stored.addAll(named(waiting, objects.store(content.toByteArray())));
        progress.advance(stored.stream().mapToLong(StoredFile::bytes).sum());
        return stored;
    }

    private static List<StoredFile> named(List<StoredFile> waiting, String object) {
        return waiting.stream()
                .map(file -> new StoredFile(
                        file.path(),
                        file.bytes(),
                        file.modified(),
                        List.of(new Piece(object, file.pieces().get(0).offset(), file.bytes()))))
                .toList();
    }

    private static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }
}
