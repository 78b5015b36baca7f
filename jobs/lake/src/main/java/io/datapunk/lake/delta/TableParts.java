package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Which files besides its data files a table needs to be what it was at one version. */
public final class TableParts {
    private static final String LOG = "_delta_log";
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT = Pattern.compile(
            "(\\d{20})\\.checkpoint\\.(?:(?:\\d{10}\\.(\\d{10})\\.)?parquet|[0-9a-f-]{36}\\.(?:json|parquet))");

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
        List<FileStatus> checkpoint = newestCheckpoint(all, version);
        long first = checkpoint.isEmpty() ? 0 : version(CHECKPOINT, checkpoint.get(0));
        List<Part> parts = new ArrayList<>();
        checkpoint.forEach(file -> parts.add(part(file, LOG)));
        long commits = 0;
        for (FileStatus file : all) {
            long commit = version(COMMIT, file);
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
        parts.addAll(sidecars(files, folder, checkpoint));
        parts.sort(Comparator.comparing(Part::path));
        return parts;
    }

    /** The file that holds a data file's deletion vector, relative to the table's root. */
    public Optional<Part> deletionVector(DatasetName dataset, DataFile file) throws IOException {
        String id = file.deletionVector();
        if (id.isEmpty() || !id.startsWith(DeletionVectorDescriptor.UUID_DV_MARKER)) {
            return Optional.empty();
        }
        int offset = id.indexOf('@');
        String root = home.tablePath(dataset);
        Path path = new Path(new DeletionVectorDescriptor(
                        DeletionVectorDescriptor.UUID_DV_MARKER,
                        id.substring(1, offset < 0 ? id.length() : offset),
                        Optional.of(0),
                        0,
                        0)
                .getAbsolutePath(root));
        FileStatus status = path.getFileSystem(store).getFileStatus(path);
        String relative = path.toUri()
                .getPath()
                .substring(new Path(root).toUri().getPath().length() + 1);
        return Optional.of(new Part(relative, status.getLen(), status.getModificationTime()));
    }

    private static List<FileStatus> newestCheckpoint(List<FileStatus> all, long version) {
        Map<Long, List<FileStatus>> checkpoints = new TreeMap<>(Comparator.reverseOrder());
        for (FileStatus file : all) {
            long checkpoint = version(CHECKPOINT, file);
            if (checkpoint >= 0 && checkpoint <= version) {
                checkpoints
                        .computeIfAbsent(checkpoint, any -> new ArrayList<>())
                        .add(file);
            }
        }
        return checkpoints.values().stream()
                .filter(TableParts::isComplete)
                .findFirst()
                .orElse(List.of());
    }

    /** A checkpoint in several parts is one only when all are there. */
    private static boolean isComplete(List<FileStatus> parts) {
        Matcher first = CHECKPOINT.matcher(parts.get(0).getPath().getName());
        return first.matches() && (first.group(2) == null || Long.parseLong(first.group(2)) == parts.size());
    }

    private static List<Part> sidecars(FileSystem files, Path log, List<FileStatus> checkpoint) throws IOException {
        boolean second =
                checkpoint.stream().anyMatch(file -> file.getPath().getName().length() > 60);
        try {
            return second
                    ? Arrays.stream(files.listStatus(new Path(log, "_sidecars")))
                            .map(file -> part(file, LOG + "/_sidecars"))
                            .toList()
                    : List.of();
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    private static Part part(FileStatus file, String folder) {
        return new Part(folder + "/" + file.getPath().getName(), file.getLen(), file.getModificationTime());
    }

    private static long version(Pattern pattern, FileStatus file) {
        Matcher name = pattern.matcher(file.getPath().getName());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }
}
