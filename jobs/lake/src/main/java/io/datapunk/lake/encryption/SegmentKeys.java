package io.datapunk.lake.encryption;

import io.datapunk.lake.model.LakeException;
import java.io.Serializable;
import java.security.Key;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;

/**
 * The keys of a package's segments: each has its own, wrapped by its owner's key, which a master key wraps. Who destroys an
 * owner's keys closes all his segments for good.
 */
public final class SegmentKeys {
    private final Keyring keyring;
    private final MasterKeys masterKeys;
    private final String masterKey;
    private final Map<String, Key> opened = new ConcurrentHashMap<>();
    private final Map<KeyOwner, WrappedKey> inUse = new ConcurrentHashMap<>();

    /** @param masterKey the one that protects owners' keys that are made from now on */
    public SegmentKeys(Keyring keyring, MasterKeys masterKeys, String masterKey) {
        this.keyring = keyring;
        this.masterKeys = masterKeys;
        this.masterKey = masterKey;
    }

    /**
     * A segment's key.
     *
     * @param key 32 bytes
     * @param ownerKey id of the key that wraps it
     */
    public record New(byte[] key, String ownerKey, String wrapped) implements Serializable {}

    /** Makes a key for a segment, and one for its owner where he has none. */
    public New make(KeyOwner owner, String segment) {
        WrappedKey ownerKey = inUse.computeIfAbsent(owner, any -> keyring.forWriting(owner, masterKeys, masterKey));
        byte[] key = AesGcm.newKey();
        return new New(key, ownerKey.id(), AesGcm.wrap(key, owners(owner, ownerKey.id()), segment));
    }

    /** Whether the owner's keys were destroyed on purpose, so that nobody can open what he has. */
    public boolean isErased(KeyOwner owner) {
        return owner.person().flatMap(keyring::erasure).isPresent();
    }

    /**
     * A segment's key from its record.
     *
     * @throws LakeException where the owner's key is missing, its master key cannot be had, or the record is another one than
     *     was written
     */
    public byte[] open(KeyOwner owner, String ownerKey, String wrapped, String segment) {
        try {
            return AesGcm.unwrap(wrapped, owners(owner, ownerKey), segment);
        } catch (AEADBadTagException e) {
            throw LakeException.failed(
                    "the key of segment " + segment + " cannot be had",
                    "it does not open with the key " + owner + "/" + ownerKey + ", so one of the two was changed",
                    "run `lake archive verify`, and copy what is damaged back from a copy",
                    e);
        }
    }

    private Key owners(KeyOwner owner, String id) {
        return opened.computeIfAbsent(owner + "/" + id, any -> OpenKeys.unwrap(keyring, owner, id, masterKeys));
    }
}
