package io.datapunk.lake.encryption;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.storage.Stores;

/**
 * Wraps small secrets of the lake's own by master keys. Names no class of Hadoop, so that who must not know Hadoop can use
 * it.
 */
public final class SecretWrapping {
    private final LakeConfig config;

    public SecretWrapping(LakeConfig config) {
        this.config = config;
    }

    /**
     * @param of what the secret is, for errors
     * @throws io.datapunk.lake.model.LakeException where the master key cannot be used
     */
    public String wrap(byte[] secret, String masterKey, String of) {
        return masterKeys().wrap(secret, masterKey, of);
    }

    /**
     * @param masterKey that wrapped it
     * @throws io.datapunk.lake.model.LakeException where that one cannot be used, or did not wrap it
     */
    public byte[] unwrap(String wrapped, String masterKey, String of) {
        return masterKeys().unwrap(wrapped, masterKey, of);
    }

    private MasterKeys masterKeys() {
        return MasterKeys.of(Stores.configuration(config));
    }
}
