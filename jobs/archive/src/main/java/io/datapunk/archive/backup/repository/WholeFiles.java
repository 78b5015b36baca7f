package io.datapunk.archive.backup.repository;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.lake.storage.StoreFolder;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which location has a file of backups as it was written, for one that has it damaged or not at all. The lake's own keys
 * beside the backups are none of these files: what counts of them is the lake's.
 */
public final class WholeFiles {
    private final BackupRepository repository;
    private final Optional<BackupAudit.Expected> expected;
    private final Set<String> copied = new HashSet<>();

    /** @param expected what the audit log says; empty where the lake does not exist any more */
    public WholeFiles(BackupRepository repository, Optional<BackupAudit.Expected> expected) {
        this.repository = repository;
        this.expected = expected;
    }

    /** A location that has it whole. */
    public Optional<StoreFolder> find(String path) {
        return repository.locations().stream()
                .filter(location -> isWhole(location, path))
                .findFirst();
    }

    /** Whether a location has it whole; one that is out of reach has not. */
    public boolean isWhole(StoreFolder location, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try {
            if (!location.exists(path)) {
                return false;
            }
            if (isIn(BackupRepository.OBJECTS, path)) {
                Optional<ObjectRecord> object = repository.find(name);
                return object.isPresent()
                        && location.sha256(path).equals(object.get().sha256());
            }
            if (isIn(BackupRepository.KEYS, path)) {
                return isAllowed(name) && repository.isNewest(location, name);
            }
            if (isIn(BackupRepository.POINTS, path)) {
                return (expected.isEmpty()
                                || location.sha256(path)
                                        .equals(expected.get().points().get(name)))
                        && opens(location, path);
            }
            return (path.equals(BackupRepository.ID_KEY) || isIn(BackupRepository.REPLACEMENTS, path))
                    && opens(location, path);
        } catch (IOException damagedOrOutOfReach) {
            return false;
        }
    }

    /** Whether the audit log does not say that keys in it were destroyed since. */
    private boolean isAllowed(String batch) {
        return expected.map(BackupAudit.Expected::generations)
                .map(generations -> generations.get(batch))
                .map(generation -> generation > 0 && repository.generations().getOrDefault(batch, 0) >= generation)
                .orElse(true);
    }

    private boolean opens(StoreFolder location, String path) throws IOException {
        repository.requireOpens(location, path);
        return true;
    }

    /**
     * Copies a file from a location that has it whole, and reads it back; of a restore point what it needs comes first.
     *
     * @throws IOException where no location has it whole, or it cannot be written
     */
    public void copyTo(StoreFolder target, String path) throws IOException {
        if (isIn(BackupRepository.POINTS, path)) {
            RestorePoint point = repository.read(new PointName(path.substring(BackupRepository.POINTS.length() + 1)));
            for (String id : point.objects()) {
                Optional<String> object = repository.resolve(id);
                if (object.isPresent()) {
                    copyWhatIsThere(target, ObjectRecord.path(object.get()));
                }
            }
            for (String batch : point.keyBatches()) {
                copyWhatIsThere(target, BackupRepository.KEYS + "/" + batch);
            }
        }
        copy(target, path);
    }

    /** What no location has any more the point lacks in all of them. */
    private void copyWhatIsThere(StoreFolder target, String path) throws IOException {
        if (copied.add(target + "/" + path) && find(path).isPresent()) {
            copy(target, path);
        }
    }

    private void copy(StoreFolder target, String path) throws IOException {
        if (isWhole(target, path)) {
            return;
        }
        StoreFolder source =
                find(path).orElseThrow(() -> new IOException("no location has " + path + " whole any more"));
        try (InputStream in = source.open(path)) {
            target.write(path, in);
        }
        if (!isWhole(target, path)) {
            throw new IOException("the copy of " + path + " from " + source + " in " + target + " is not whole");
        }
    }

    private static boolean isIn(String folder, String path) {
        return path.startsWith(folder + "/");
    }
}
