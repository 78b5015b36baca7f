package io.datapunk.ingest.job;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StagingLeftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The folders below a home's {@code staging/}. */
final class StagingFolders {
    private final LakeHome home;
    private final Duration retention;

    StagingFolders(LakeHome home, Duration retention) {
        this.home = home;
        this.retention = retention;
    }

    /** Where an export's archives are unpacked: the same folder for every attempt at the same input. */
    Path unpacked(List<Path> exports) {
        MessageDigest digest = Sha256.digest();
        exports.forEach(export -> digest.update(export.toString().getBytes(StandardCharsets.UTF_8)));
        return home.staging(Leases.UNPACKED + HexFormat.of().formatHex(digest.digest(), 0, 8));
    }

    /** An empty folder for an import's rows; what an earlier attempt had left there is removed. */
    Path emptied(String importId) {
        Path folder = home.staging(importId);
        remove(folder);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the staging folder " + folder + " cannot be made",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the lake's home is writable and run the same command again",
                    e);
        }
    }

    /**
     * Refuses to begin what the disk cannot hold.
     *
     * @param needed bytes that staging may take
     * @param margin bytes that stay free
     */
    static void requireRoom(Path folder, long needed, long margin) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < needed + margin) {
                throw LakeException.failed(
                        "there is no room to stage the import",
                        "it may take %,d MiB in %s and leave %,d MiB free, but only %,d MiB are free"
                                .formatted((needed >> 20) + 1, folder, margin >> 20, free >> 20),
                        "free disk space, or lower lake.ingest.free-disk-margin, and run the same command again");
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the free space of " + folder + " is not known",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check the disk that holds the lake's home",
                    e);
        }
    }

    /** Removes what killed imports left long ago. */
    void removeLeftovers(Instant now) {
        StagingLeftovers leftovers = new StagingLeftovers(home);
        leftovers.find(now, retention).forEach(leftover -> leftovers.remove(leftover, Set.of()));
    }

    /** Removes a folder with all that is in it; one that is not there is fine. */
    void remove(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the staging folder " + folder + " cannot be removed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "remove it by hand; nothing in it is needed",
                    e);
        }
    }
}
