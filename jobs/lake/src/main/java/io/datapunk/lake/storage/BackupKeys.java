package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The lake's wrapped keys beside its backups, in {@code keys/home} of each location. It is a mirror, not a backup: a key
 * that was destroyed in the lake is destroyed there, or a restore would bring back what was erased.
 */
public final class BackupKeys {
    /** The mirror's folder in a location. */
    public static final String FOLDER = "keys/home";

    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public BackupKeys(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * Makes the mirrors equal to the lake's keys, in all locations that hold backups.
     *
     * @return one problem for each location where they may differ afterwards
     */
    public List<LakeException> sync() {
        List<LakeException> problems = new ArrayList<>();
        for (String name : config.backup().locations(home)) {
            try {
                StoreFolder location = StoreFolder.of(name, stores);
                if (!location.list(FOLDER + "/" + KeyOwner.BACKUP).isEmpty()) {
                    sync(location);
                }
            } catch (IOException e) {
                problems.add(LakeException.gate(
                        "the keys beside the backups in " + name + " were not brought up to date",
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "mount the folder or reach the bucket; the next `lake backup create` does it"));
            }
        }
        return problems;
    }

    /**
     * Makes one location's mirror equal to the lake's keys.
     *
     * @throws LakeException where the lake has lost the key of its backups: then it has lost others too, and the mirror is
     *     what is left of them
     */
    public void sync(StoreFolder location) throws IOException {
        StoreFolder keys = StoreFolder.of(home.keysPath(), stores);
        SortedMap<String, Long> ours = keys.tree("");
        SortedMap<String, Long> theirs = location.tree(FOLDER);
        String sentinel = KeyOwner.BACKUP + "/";
        if (ours.keySet().stream().noneMatch(file -> file.startsWith(sentinel))
                && theirs.keySet().stream().anyMatch(file -> file.startsWith(sentinel))) {
            throw LakeException.failed(
                    "the keys of the lake are not complete",
                    home.keysPath() + " lacks the key of the backups, which " + location + "/" + FOLDER + " has",
                    "copy that folder back to " + home.keysPath() + ", or name another place in lake.backup.locations");
        }
        for (Map.Entry<String, Long> file : ours.entrySet()) {
            byte[] content = keys.read(file.getKey());
            String copy = FOLDER + "/" + file.getKey();
            if (!file.getValue().equals(theirs.get(file.getKey()))
                    || !java.util.Arrays.equals(content, location.read(copy))) {
                location.write(copy, content);
            }
        }
        // After the new ones: at each moment one generation of each key is there.
        for (String file : theirs.keySet()) {
            if (!ours.containsKey(file)) {
                location.delete(FOLDER + "/" + file);
            }
        }
    }
}
