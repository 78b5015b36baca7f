package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LogNames.Checkpoint;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Which files besides its data files a table needs to be what it was at one version. */
public final class TableParts {
    private static final String LOG = "_delta_log";

    /** Of the UUID in a deletion vector's path, in Z85. */
    private static final int PATH_CHARACTERS = 20;

    private final LakeHome home;
    private final Configuration store;

    public TableParts(LakeHome home, Configuration store) {
        this.home = home;
        this.store = store;
    }

    /**
     * A file of a table.
     *
     * @param path relative to the table's root
     * @param modified milliseconds since the epoch
     */
    public record Part(String path, long bytes, long modified) {}

    /**
     * The newest checkpoint up to a version, and the commits from there on; all commits where there is none.
     *
     * @throws IOException where the log cannot be listed, or is not complete
     */
    public List<Part> log(DatasetName dataset, long version) throws IOException {
        Path folder = new Path(home.tablePath(dataset), LOG);
        FileSystem files = folder.getFileSystem(store);
        List<FileStatus> all = Arrays.asList(files.listStatus(folder));
        Optional<Map.Entry<Checkpoint, List<FileStatus>>> checkpoint = newestCheckpoint(all, version);
        long first = checkpoint.map(found -> found.getKey().version()).orElse(0L);
        List<Part> parts = new ArrayList<>();
        checkpoint.ifPresent(found -> found.getValue().forEach(file -> parts.add(part(file, LOG))));
        long commits = 0;
        for (FileStatus file : all) {
            long commit = LogNames.commit(file.getPath().getName()).orElse(-1);
            if (commit >= first && commit <= version) {
                parts.add(part(file, LOG));
                commits++;
            }
        }
        // The checkpoint's own commit may be gone; its time then is the checkpoint's.
        if (commits < version - first + (checkpoint.isEmpty() ? 1 : 0)) {
            throw new FileNotFoundException(
                    "commits between " + first + " and " + version + " are missing in " + folder);
        }
        // Only one that has an id may refer to some.
        if (checkpoint.map(found -> !found.getKey().id().isEmpty()).orElse(false)) {
            parts.addAll(sidecars(files, folder));
        }
        parts.sort(Comparator.comparing(Part::path));
        return parts;
    }

    /** The file that holds a data file's deletion vector, relative to the table's root. */
    public Optional<Part> deletionVector(DatasetName dataset, DataFile file) throws IOException {
        String id = file.deletionVector();
        if (id.isEmpty() || !id.startsWith(DeletionVectorDescriptor.UUID_DV_MARKER)) {
            return Optional.empty();
        }
        String root = home.tablePath(dataset);
        Path path = new Path(new DeletionVectorDescriptor(
                        DeletionVectorDescriptor.UUID_DV_MARKER, id.substring(1, endOfPath(id)), Optional.of(0), 0, 0)
                .getAbsolutePath(root));
        FileStatus status = path.getFileSystem(store).getFileStatus(path);
        String relative = path.toUri()
                .getPath()
                .substring(new Path(root).toUri().getPath().length() + 1);
        return Optional.of(new Part(relative, status.getLen(), status.getModificationTime()));
    }

    /** An offset follows behind an {@code @}, which the encoded path of 20 characters may have as well. */
    private static int endOfPath(String id) {
        int offset = id.lastIndexOf('@');
        return offset > PATH_CHARACTERS ? offset : id.length();
    }

    /** A checkpoint in several parts is one only when all are there. */
    private static Optional<Map.Entry<Checkpoint, List<FileStatus>>> newestCheckpoint(
            List<FileStatus> all, long version) {
        Map<Checkpoint, List<FileStatus>> checkpoints = new HashMap<>();
        for (FileStatus file : all) {
            LogNames.checkpoint(file.getPath().getName())
                    .filter(checkpoint -> checkpoint.version() <= version)
                    .ifPresent(checkpoint -> checkpoints
                            .computeIfAbsent(checkpoint, any -> new ArrayList<>())
                            .add(file));
        }
        return checkpoints.entrySet().stream()
                .filter(found -> found.getValue().size() == found.getKey().parts())
                .max(Comparator.comparing(found -> found.getKey().version()));
    }

    private static List<Part> sidecars(FileSystem files, Path log) throws IOException {
        try {
            return Arrays.stream(files.listStatus(new Path(log, "_sidecars")))
                    .map(file -> part(file, LOG + "/_sidecars"))
                    .toList();
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    private static Part part(FileStatus file, String folder) {
        return new Part(folder + "/" + file.getPath().getName(), file.getLen(), file.getModificationTime());
    }
}
