package io.datapunk.lake.encryption;

import io.datapunk.lake.model.DatasetName;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts datasets' keys under the master key that is in use now. No file of a table is touched. Killed at any point, the
 * next run does what is left.
 */
public final class KeyRotation {
    private final Keyring keyring;
    private final Function<DatasetName, String> wanted;

    /** @param wanted the master key of each dataset */
    public KeyRotation(Keyring keyring, Function<DatasetName, String> wanted) {
        this.keyring = keyring;
        this.wanted = wanted;
    }

    /** What is told before a key is wrapped anew. */
    @FunctionalInterface
    public interface Before {
        void rotating(DatasetKey key, String masterKey);
    }

    /** The keys that an older master key still protects. */
    public List<DatasetKey> due() {
        List<DatasetKey> due = new ArrayList<>();
        for (DatasetKey key : keyring.keys()) {
            if (!key.masterKey().equals(wanted.apply(key.dataset())) || keyring.hasBefore(key)) {
                due.add(key);
            }
        }
        return due;
    }

    /** Wraps them anew; none is given up before the same key was had from its new record. */
    public void run(List<DatasetKey> due, MasterKeys masterKeys, Before before) {
        for (DatasetKey key : due) {
            String masterKey = wanted.apply(key.dataset());
            before.rotating(key, masterKey);
            DatasetKey newest = key.masterKey().equals(masterKey) ? key : rewrap(key, masterKeys, masterKey);
            keyring.removeBefore(newest);
        }
    }

    private DatasetKey rewrap(DatasetKey key, MasterKeys masterKeys, String masterKey) {
        byte[] opened = masterKeys.unwrap(key.wrapped(), key.masterKey(), key.toString());
        DatasetKey rewrapped = key.rewrapped(masterKey, masterKeys.wrap(opened, masterKey, key.toString()));
        keyring.write(rewrapped);
        byte[] again = masterKeys.unwrap(rewrapped.wrapped(), masterKey, key.toString());
        if (!MessageDigest.isEqual(opened, again)) {
            throw new IllegalStateException("the master key '" + masterKey + "' gave another key back for " + key);
        }
        return rewrapped;
    }
}
