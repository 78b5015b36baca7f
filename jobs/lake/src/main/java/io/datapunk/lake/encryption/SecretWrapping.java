package io.datapunk.lake.encryption;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.StorageConfig;
import io.datapunk.lake.storage.Stores;
import java.util.Optional;

/**
 * Wraps small secrets of the lake's own by the master key that the configuration names. Names no class of Hadoop, so that
 * who must not know Hadoop can use it.
 */
public final class SecretWrapping {
    private final LakeConfig config;

    private SecretWrapping(LakeConfig config) {
        this.config = config;
    }

    /** Empty where the configuration names no place of master keys. */
    public static Optional<SecretWrapping> of(LakeConfig config) {
        StorageConfig.Encryption encryption = config.storage().encryption();
        return encryption.keystore().isPresent() || encryption.kmsClient().isPresent()
                ? Optional.of(new SecretWrapping(config))
                : Optional.empty();
    }

    /** The master key in use. */
    public String masterKey() {
        return config.tiering().cold().masterKey();
    }

    /**
     * Wraps a secret by the master key in use.
     *
     * @param of what it is, for errors
     * @throws io.datapunk.lake.model.LakeException where the master key cannot be used
     */
    public String wrap(byte[] secret, String of) {
        return masterKeys().wrap(secret, masterKey(), of);
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
