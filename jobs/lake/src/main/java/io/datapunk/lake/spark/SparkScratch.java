package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.SparkSession;

/**
 * Where a local Spark keeps what does not stay in memory: shuffles, spilled rows, uploads on their way. These are
 * people's data, so that each process takes a folder of its own, with a lock beside it, and removes it at its end;
 * what a killed one left is removed by the next one that takes a folder here.
 */
final class SparkScratch {
    private static final String LOCAL_FOLDERS = "spark.local.dir";
    private static final String HADOOP_FOLDER = "spark.hadoop.hadoop.tmp.dir";
    private static final String LOCK = ".lock";
    private static final String TURN = "turn.lock";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** After Hadoop's file systems (10) and Spark's own hook (40): these still remove files. */
    private static final int LAST = 1;

    private SparkScratch() {}

    /** The settings with folders of this process instead of the ones they name; as they are where Spark runs already. */
    static Map<String, String> claim(Map<String, String> settings) {
        if (!SessionSettings.isLocal(settings.getOrDefault("spark.master", ""))
                || !settings.containsKey(LOCAL_FOLDERS)
                || !SparkSession.getDefaultSession().isEmpty()) {
            return settings;
        }
        List<String> claimed = new ArrayList<>();
        for (String folder : settings.get(LOCAL_FOLDERS).split(",", -1)) {
            claimed.add(claim(Path.of(folder)).toString());
        }
        Map<String, String> with = new LinkedHashMap<>(settings);
        with.put(LOCAL_FOLDERS, String.join(",", claimed));
        with.putIfAbsent(HADOOP_FOLDER, claimed.get(0));
        return with;
    }

    /**
     * Makes a folder of this process below another one, where it removes those of processes that are no more.
     *
     * @throws LakeException where the disk does not let it
     */
    static Path claim(Path below) {
        try (ProcessLock turn = ProcessLock.acquire(below.resolve(TURN), PATIENCE)) {
            removeAbandoned(below);
            String name = UUID.randomUUID().toString();
            ProcessLock lock =
                    ProcessLock.tryAcquire(below.resolve(name + LOCK)).orElseThrow();
            Path folder = Files.createDirectory(
                    below.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            ShutdownHookManager.get().addShutdownHook(() -> release(folder, lock), LAST);
            return folder;
        } catch (IOException e) {
            throw LakeException.failed(
                    "Spark has no place for its temporary files in " + below,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the folder is writable and on a local disk, or name another with spark.local.dir",
                    e);
        }
    }

    private static void removeAbandoned(Path below) throws IOException {
        List<Path> locks;
        try (Stream<Path> files = Files.list(below)) {
            locks = files.filter(file -> file.toString().endsWith(LOCK) && !file.endsWith(TURN))
                    .toList();
        }
        for (Path file : locks) {
            Optional<ProcessLock> lock = ProcessLock.tryAcquire(file);
            if (lock.isPresent()) {
                try (ProcessLock abandoned = lock.get()) {
                    FolderTree.delete(folderOf(file));
                    Files.delete(file);
                }
            }
        }
    }

    private static Path folderOf(Path lock) {
        String name = lock.getFileName().toString();
        return lock.resolveSibling(name.substring(0, name.length() - LOCK.length()));
    }

    /** Leaves the lock's file to the next one: removed without a turn, it could be another's already. */
    private static void release(Path folder, ProcessLock lock) {
        try (lock) {
            FolderTree.delete(folder);
        } catch (IOException leftToTheNext) {
            // Nobody hears of it at this point, and the next process removes it.
        }
    }
}
