package io.datapunk.archive.backup.repository;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.StoreFolder;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Opens the backups that a configuration names. */
public final class Backups {
    /** The lease of whatever changes backups, and who stands in the audit log for it. */
    public static final String JOB = "backup";

    private final LakeConfig config;
    private final Configuration stores;

    public Backups(LakeConfig config) {
        this.config = config;
        this.stores = Stores.configuration(config);
    }

    /** @param problems one for each location that is out of reach */
    public record Opened(BackupRepository repository, List<LakeException> problems) {}

    /**
     * Whether there are any.
     *
     * @throws IOException where a location that may hold some is out of reach
     */
    public boolean any(LakeHome home) throws IOException {
        boolean any = false;
        for (String name : config.backup().locations(home)) {
            any |= !open(name).list(BackupKeys.FOLDER + "/" + KeyOwner.BACKUP).isEmpty();
        }
        return any;
    }

    /** The home's own folder is made by the first backup; what was named has to be there. */
    private StoreFolder open(String name) throws IOException {
        return config.backup().locations().isEmpty() ? StoreFolder.of(name, stores) : StoreFolder.open(name, stores);
    }

    /**
     * The restore points of a location, in order of their times, by their names alone: without keys, and unread.
     *
     * @throws IOException where it is out of reach
     */
    public List<PointName> points(String name) throws IOException {
        return BackupRepository.points(open(name));
    }

    /**
     * Opens them to write to, after the lake's keys beside them were brought up to date.
     *
     * @throws LakeException where no location can be reached, or the keys cannot be had
     */
    public Opened forWriting(LakeHome home, Instant now) throws IOException {
        MasterKeys masterKeys = MasterKeys.of(stores);
        masterKeys.probe(config.backup().masterKey());
        SegmentKeys keys = new SegmentKeys(
                new Keyring(home.keysPath(), stores, new KeyAudit(config, home, JOB, now)),
                masterKeys,
                config.backup().masterKey());
        List<LakeException> problems = new ArrayList<>();
        List<StoreFolder> reached = new ArrayList<>();
        BackupKeys mirror = new BackupKeys(config, home);
        for (String name : config.backup().locations(home)) {
            try {
                StoreFolder location = open(name);
                mirror.sync(location);
                reached.add(location);
            } catch (IOException e) {
                problems.add(outOfReach(name, e));
            }
        }
        if (reached.isEmpty()) {
            throw problems.get(0);
        }
        BackupRepository repository = BackupRepository.forWriting(reached, keys);
        // The first run has made the key of backups just now.
        for (StoreFolder location : repository.locations()) {
            mirror.sync(location);
        }
        return new Opened(repository, problems);
    }

    /**
     * Opens them to read, with the keys that lie beside them: the lake need not exist any more.
     *
     * @param names of the locations
     * @throws LakeException where none of them holds backups
     */
    public BackupRepository forReading(List<String> names) throws IOException {
        return forReading(names, Optional.empty());
    }

    /** As {@link #forReading(List)}, by the lake's own keys where it exists: those beside the backups may be damaged. */
    public BackupRepository forReading(List<String> names, Optional<LakeHome> home) throws IOException {
        List<StoreFolder> found = new ArrayList<>();
        LakeException problem = null;
        for (String name : names) {
            try {
                StoreFolder location = StoreFolder.open(name, stores);
                if (location.list(BackupKeys.FOLDER + "/" + KeyOwner.BACKUP).isEmpty()) {
                    throw new IOException("it holds no backups, or their key is missing: " + BackupKeys.FOLDER + "/"
                            + KeyOwner.BACKUP + " is empty");
                }
                found.add(location);
            } catch (IOException e) {
                problem = outOfReach(name, e);
            }
        }
        if (found.isEmpty()) {
            throw problem;
        }
        String keys = home.map(LakeHome::keysPath).orElse(found.get(0).uri(BackupKeys.FOLDER));
        return BackupRepository.forReading(
                found,
                new SegmentKeys(
                        new Keyring(keys, stores),
                        MasterKeys.of(stores),
                        config.backup().masterKey()));
    }

    /** What to tell of a location that cannot be read or written. */
    public static LakeException outOfReach(String location, IOException e) {
        return LakeException.gate(
                "the backups in " + location + " are out of reach",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "mount the folder or reach the bucket; the next `lake backup create` makes up what is missing there");
    }
}
