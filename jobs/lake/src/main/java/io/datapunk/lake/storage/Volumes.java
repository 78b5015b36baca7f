package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The disks that a lake lies on. An object store is none. */
public final class Volumes {
    /** What is always here: staging, spool, embedded server. */
    private static final String LOCAL = "local";

    /** The tables. */
    private static final String HOME = "home";

    private final List<Volume> all;

    private Volumes(List<Volume> all) {
        this.all = List.copyOf(all);
    }

    /**
     * A disk.
     *
     * @param used bytes that are taken, or that nobody but the system's administrator may take
     * @param size in bytes
     */
    public record Volume(String name, FileStore store, long used, long size) {
        /** Whether a folder lies on it, or would. */
        public boolean holds(Path folder) {
            try {
                return store.equals(Files.getFileStore(existing(folder)));
            } catch (IOException e) {
                throw unmeasured(folder, e);
            }
        }
    }

    /** @throws LakeException where one cannot be measured */
    public static Volumes of(LakeHome home) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(measure(LOCAL, home.runDirectory()));
        home.folder().ifPresent(folder -> volumes.add(measure(HOME, folder)));
        return new Volumes(volumes);
    }

    /** Each by its purpose; two may be the same disk. */
    public List<Volume> all() {
        return all;
    }

    /** Each disk once. */
    public List<Volume> distinct() {
        Set<FileStore> stores = new HashSet<>();
        return all.stream().filter(volume -> stores.add(volume.store())).toList();
    }

    private static Volume measure(String name, Path folder) {
        try {
            FileStore store = Files.getFileStore(existing(folder));
            return new Volume(name, store, store.getTotalSpace() - store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException e) {
            throw unmeasured(folder, e);
        }
    }

    private static Path existing(Path folder) {
        Path existing = folder;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static LakeException unmeasured(Path folder, IOException e) {
        return LakeException.failed(
                "the disk of " + folder + " was not measured",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check that the folder can be reached",
                e);
    }
}
