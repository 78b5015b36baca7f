package io.datapunk.lake.encryption;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts owners' keys under the master key that is in use now. No file of a table is touched. Killed at any point, the
 * next run does what is left.
 */
public final class KeyRotation {
    private final Keyring keyring;
    private final Function<KeyOwner, String> wanted;

    /** @param wanted the master key of each owner */
    public KeyRotation(Keyring keyring, Function<KeyOwner, String> wanted) {
        this.keyring = keyring;
        this.wanted = wanted;
    }

    /** What is told before a key is wrapped anew. */
    @FunctionalInterface
    public interface Before {
        void rotating(WrappedKey key, String masterKey);
    }

    /** The keys that an older master key still protects. */
    public List<WrappedKey> due() {
        List<WrappedKey> due = new ArrayList<>();
        for (WrappedKey key : keyring.keys()) {
            if (!key.masterKey().equals(wanted.apply(key.owner())) || keyring.hasBefore(key)) {
                due.add(key);
            }
        }
        return due;
    }

    /** Wraps them anew; none is given up before the same key was had from its new record. */
    public void run(List<WrappedKey> due, MasterKeys masterKeys, Before before) {
        for (WrappedKey key : due) {
            String masterKey = wanted.apply(key.owner());
            before.rotating(key, masterKey);
            WrappedKey newest = key.masterKey().equals(masterKey) ? key : rewrap(key, masterKeys, masterKey);
            keyring.removeBefore(newest);
        }
    }

    private WrappedKey rewrap(WrappedKey key, MasterKeys masterKeys, String masterKey) {
        byte[] opened = masterKeys.unwrap(key.wrapped(), key.masterKey(), key.toString());
        WrappedKey rewrapped = key.rewrapped(masterKey, masterKeys.wrap(opened, masterKey, key.toString()));
        keyring.write(rewrapped);
        byte[] again = masterKeys.unwrap(rewrapped.wrapped(), masterKey, key.toString());
        if (!MessageDigest.isEqual(opened, again)) {
            throw new IllegalStateException("the master key '" + masterKey + "' gave another key back for " + key);
        }
        return rewrapped;
    }
}
