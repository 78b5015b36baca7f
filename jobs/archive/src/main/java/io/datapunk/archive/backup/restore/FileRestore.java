package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.Piece;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.RawFiles;
import io.datapunk.lake.storage.StoreFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes files from objects. An object that is damaged in one location is read from the next. A file that an earlier run has
 * written whole, which its time tells, is left.
 */
final class FileRestore {
    private static final int BUFFER = 1 << 20;

    private final BackupRepository repository;
    private final Workers workers;
    private final Progress.Stage progress;
    private final FileSystem store;
    private final Path root;

    FileRestore(BackupRepository repository, Workers workers, Progress.Stage progress, FileSystem store, Path root) {
        this.repository = repository;
        this.workers = workers;
        this.progress = progress;
        this.store = RawFiles.of(store);
        this.root = root;
    }

    /** A file that is the whole of an object. */
    record Whole(String path, String object, long modified) {}

    void whole(List<Whole> files) throws IOException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Whole file : files) {
            tasks.add(() -> {
                write(file);
                return null;
            });
        }
        workers.all(tasks);
    }

    private void write(Whole file) throws IOException {
        long bytes =
                repository.find(file.object()).map(object -> object.bytes()).orElse(-1L);
        if (isThere(file.path(), bytes, file.modified())) {
            progress.advance(bytes);
            return;
        }
        fromAny(file.object(), location -> {
            try (InputStream in = repository.open(location, file.object());
                    OutputStream out = store.create(at(file.path()), true)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                }
            }
            return null;
        });
        finish(file.path(), file.modified());
        progress.advance(bytes);
    }

    /** Files byte by byte; those that share an object are written when it is read. */
    void files(List<StoredFile> files) throws IOException {
        Map<String, List<StoredFile>> byObject = new LinkedHashMap<>();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (StoredFile file : files) {
            if (isThere(file.path(), file.bytes(), file.modified())) {
                progress.advance(file.bytes());
            } else if (file.pieces().size() == 1) {
                byObject.computeIfAbsent(file.pieces().get(0).object(), any -> new ArrayList<>())
                        .add(file);
            } else {
                tasks.add(() -> {
                    writeParts(file);
                    return null;
                });
            }
        }
        byObject.forEach((object, sharing) -> tasks.add(() -> {
            byte[] content = read(object);
            for (StoredFile file : sharing) {
                Piece piece = file.pieces().get(0);
                write(file, out -> out.write(content, Math.toIntExact(piece.offset()), Math.toIntExact(piece.bytes())));
            }
            return null;
        }));
        workers.all(tasks);
    }

    private void writeParts(StoredFile file) throws IOException {
        write(file, out -> {
            for (Piece piece : file.pieces()) {
                out.write(read(piece.object()), Math.toIntExact(piece.offset()), Math.toIntExact(piece.bytes()));
            }
        });
    }

    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private void write(StoredFile file, Writing writing) throws IOException {
        try (OutputStream out = store.create(at(file.path()), true)) {
            writing.to(out);
        }
        finish(file.path(), file.modified());
        progress.advance(file.bytes());
    }

    /** An object's content; parts and what lies together are small. */
    private byte[] read(String object) throws IOException {
        return fromAny(object, location -> {
            try (InputStream in = repository.open(location, object)) {
                return in.readAllBytes();
            }
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(StoreFolder location) throws IOException;
    }

    private <T> T fromAny(String object, Reading<T> reading) throws IOException {
        IOException problem = null;
        for (StoreFolder location : repository.locations()) {
            try {
                return reading.from(location);
            } catch (IOException e) {
                problem = e;
            }
        }
        throw LakeException.failed(
                "the backup cannot be restored",
                "object " + object + " is damaged in all of " + repository.locations() + ": " + problem.getMessage(),
                "run `lake backup verify`; restore an older restore point, or from another location with --from",
                problem);
    }

    /** Its time says that a file is whole. Tables of Delta's need it too: it is when a commit was made. */
    private void finish(String path, long modified) throws IOException {
        store.setTimes(at(path), modified, -1);
    }

    private boolean isThere(String path, long bytes, long modified) throws IOException {
        try {
            FileStatus status = store.getFileStatus(at(path));
            return status.getLen() == bytes && status.getModificationTime() == modified;
        } catch (FileNotFoundException notYet) {
            return false;
        }
    }

    private Path at(String path) {
        return new Path(root, new Path(null, null, path));
    }
}
