package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.StorageConfig;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Verified copies of cold files in further locations. How many there are is told by what lies there, not by a record of
 * what was once done.
 *
 * <p>Encrypted files are copied as they are, and their datasets' wrapped keys beside them.
 *
 * <p>A copy that a file leaves behind when it is no longer live stays where it is.
 */
public final class ColdCopies {
    private static final Pattern PARTITION = Pattern.compile("([^/=]+)=([^/]+)/[^/]+$");

    private final LakeHome home;
    private final StorageConfig.Cold config;
    private final int threads;
    private final Configuration configuration;
    private final KeyCopies keys;

    private ColdCopies(LakeHome home, StorageConfig.Cold config, int threads, Configuration configuration) {
        this.home = home;
        this.config = config;
        this.threads = threads;
        this.configuration = configuration;
        this.keys = new KeyCopies(home.keysPath(), configuration);
    }

    public static ColdCopies of(LakeConfig config, LakeHome home) {
        return new ColdCopies(
                home, config.storage().cold(), config.tiering().budget().concurrent(), Stores.configuration(config));
    }

    /**
     * What exists.
     *
     * @param copies by partition with cold files: how many verified copies each of these has, the table's own among them
     * @param problems one for each location that could not be asked, whose copies are not counted, or that lacks keys
     */
    public record Found(Map<PartitionName, Integer> copies, List<LakeException> problems) {
        /** Partitions with fewer copies than that. */
        public List<PartitionName> below(int wanted) {
            return copies.keySet().stream()
                    .filter(partition -> copies.get(partition) < wanted)
                    .toList();
        }
    }

    /**
     * What was copied.
     *
     * @param problems one for each location where copies are missing afterwards
     */
    public record Made(int files, long bytes, List<LakeException> problems) {}

    /** Counts the verified copies. */
    public Found find(List<PartitionFiles> partitions) {
        Map<PartitionName, Integer> copies = new TreeMap<>();
        List<PartitionFiles> cold =
                partitions.stream().filter(ColdCopies::hasColdFiles).toList();
        cold.forEach(partition -> copies.put(partition.partition(), 1));
        List<LakeException> problems = new ArrayList<>();
        for (String name : config.locations()) {
            try (CopyLocation location = open(name)) {
                for (PartitionFiles partition : cold) {
                    if (missing(location, partition).isEmpty()) {
                        copies.merge(partition.partition(), 1, Integer::sum);
                    }
                }
                int missing = cold.isEmpty() ? 0 : keys.missing(location);
                if (missing > 0) {
                    problems.add(LakeException.gate(
                            missing + " of the keys of encrypted files have no copy in " + name,
                            "without them the files' copies there cannot be read",
                            "run `lake tier apply`, which copies what is missing"));
                }
            } catch (IOException e) {
                problems.add(outOfReach(name, e));
            }
        }
        return new Found(copies, problems);
    }

    /**
     * A whole copy of a cold file.
     *
     * @param path relative to the table's root
     * @param sha256 of the file, which the copy has to have as well
     * @return where it lies; empty where there is none, or its location is out of reach
     */
    public Optional<String> findCopy(DatasetName dataset, String path, String sha256) {
        Matcher value = PARTITION.matcher(path);
        if (!path.startsWith(FileTier.COLD_FOLDER) || !value.find()) {
            return Optional.empty();
        }
        PartitionName partition = PartitionName.of(dataset, value.group(1), value.group(2));
        String folder = CopyFolder.of(partition);
        String file = path.substring(path.lastIndexOf('/') + 1);
        for (String name : config.locations()) {
            try (CopyLocation location = open(name)) {
                if (location.holds(folder, file, sha256)) {
                    return Optional.of(location.path(folder, file));
                }
            } catch (IOException outOfReach) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** Makes the copies that are missing. A location that fails is left alone, and the others go on. */
    public Made makeUp(List<PartitionFiles> partitions, Progress progress) {
        int files = 0;
        long bytes = 0;
        List<LakeException> problems = new ArrayList<>();
        for (String name : config.locations()) {
            try (CopyLocation location = open(name)) {
                List<Copy> missing = new ArrayList<>();
                for (PartitionFiles partition : partitions) {
                    missing.addAll(missing(location, partition));
                }
                List<Copy> made = make(location, missing, progress, problems);
                files += made.size();
                bytes += made.stream().mapToLong(copy -> copy.file().bytes()).sum();
                makeUpKeys(location, problems);
            } catch (IOException e) {
                problems.add(outOfReach(name, e));
            }
        }
        return new Made(files, bytes, problems);
    }

    /**
     * Removes the copies of files that are not live any more, of one dataset.
     *
     * @param live the dataset's partitions
     * @return how many were removed, and a problem for each location that could not be asked
     */
    public Made removeRetired(DatasetName dataset, List<PartitionFiles> live) {
        int files = 0;
        long bytes = 0;
        List<LakeException> problems = new ArrayList<>();
        Map<String, Set<String>> kept = new HashMap<>();
        for (PartitionFiles partition : live) {
            kept.computeIfAbsent(CopyFolder.of(partition.partition()), any -> new HashSet<>())
                    .addAll(partition.files().stream()
                            .filter(DataFile::isCold)
                            .map(file -> new Copy(partition.partition(), file).name())
                            .toList());
        }
        for (String name : config.locations()) {
            try (CopyLocation location = open(name)) {
                for (CopyLocation.File copy : location.filesBelow(CopyFolder.of(dataset))) {
                    if (!kept.getOrDefault(copy.folder(), Set.of()).contains(copy.name())) {
                        location.remove(copy.folder(), copy.name());
                        files++;
                        bytes += copy.bytes();
                    }
                }
            } catch (IOException e) {
                problems.add(outOfReach(name, e));
            }
        }
        return new Made(files, bytes, problems);
    }

    /**
     * Copies the keys of encrypted files alone.
     *
     * @return one problem for each location where they are missing, or where older ones are left
     */
    public List<LakeException> makeUpKeys() {
        List<LakeException> problems = new ArrayList<>();
        for (String name : config.locations()) {
            try (CopyLocation location = open(name)) {
                makeUpKeys(location, problems);
            } catch (IOException e) {
                problems.add(outOfReach(name, e));
            }
        }
        return problems;
    }

    private void makeUpKeys(CopyLocation location, List<LakeException> problems) throws IOException {
        try {
            keys.makeUp(location);
        } catch (LakeException e) {
            problems.add(LakeException.gate(
                    "keys of encrypted files were not copied to " + location.name(),
                    e.problem() + ": " + e.reason(),
                    e.remedy()));
        }
    }

    /** A copy to be made. */
    private record Copy(PartitionName partition, DataFile file) {
        private String name() {
            return file.path().substring(file.path().lastIndexOf('/') + 1);
        }
    }

    private List<Copy> make(
            CopyLocation location, List<Copy> missing, Progress progress, List<LakeException> problems) {
        if (missing.isEmpty()) {
            return List.of();
        }
        List<Copy> made = new ArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (Progress.Stage stage =
                progress.begin("copying cold files to " + location.name(), missing.size(), "files")) {
            List<Future<Boolean>> copies = missing.stream()
                    .map(copy -> workers.submit(() -> make(location, copy, failed)))
                    .toList();
            LakeException problem = null;
            for (int i = 0; i < copies.size(); i++) {
                try {
                    if (copies.get(i).get()) {
                        made.add(missing.get(i));
                    }
                } catch (ExecutionException e) {
                    problem = problem == null ? explained(location, e.getCause()) : problem;
                }
                stage.advance(1);
            }
            if (problem != null) {
                int left = missing.size() - made.size();
                problems.add(LakeException.gate(
                        left + " of " + missing.size() + " cold files were not copied to " + location.name(),
                        problem.problem() + ": " + problem.reason(),
                        problem.remedy()));
            }
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "copying cold files to " + location.name() + " was interrupted",
                    "the thread was asked to end",
                    "run `lake tier apply` again: it copies what is missing",
                    e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Whether it was copied: after a failure nothing more is begun, for each would wait for the same store. */
    private boolean make(CopyLocation location, Copy copy, AtomicBoolean failed) throws IOException {
        if (failed.get()) {
            return false;
        }
        try {
            Path source = new Path(
                    home.tablePath(copy.partition().dataset()),
                    new Path(null, null, copy.file().path()));
            FileSystem from = source.getFileSystem(configuration);
            location.copy(from, source, CopyFolder.of(copy.partition()), copy.name());
            return true;
        } catch (IOException | RuntimeException e) {
            failed.set(true);
            throw e;
        }
    }

    private static List<Copy> missing(CopyLocation location, PartitionFiles partition) throws IOException {
        List<Copy> cold = partition.files().stream()
                .filter(DataFile::isCold)
                .map(file -> new Copy(partition.partition(), file))
                .toList();
        if (cold.isEmpty()) {
            return List.of();
        }
        Set<String> verified = location.verified(
                CopyFolder.of(partition.partition()),
                cold.stream().collect(Collectors.toMap(Copy::name, copy -> copy.file()
                        .bytes())));
        return cold.stream().filter(copy -> !verified.contains(copy.name())).toList();
    }

    private static boolean hasColdFiles(PartitionFiles partition) {
        return partition.files().stream().anyMatch(DataFile::isCold);
    }

    private CopyLocation open(String location) throws IOException {
        return CopyLocation.open(location, config.storageClass(), configuration);
    }

    private static LakeException explained(CopyLocation location, Throwable failure) {
        return failure instanceof LakeException clear ? clear : outOfReach(location.name(), failure);
    }

    private static LakeException outOfReach(String location, Throwable failure) {
        return LakeException.gate(
                "copies in " + location + " can be neither made nor counted",
                failure.getClass().getSimpleName() + ": " + failure.getMessage(),
                "mount the folder or reach the bucket, or change lake.storage.cold.locations; the next"
                        + " `lake tier apply` copies what is missing");
    }
}
