package io.datapunk.lake.encryption;

import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.keytools.KmsClient;

/** The keys that wrap datasets' keys, wherever they are kept. */
public final class MasterKeys {
    private static final String PROBE = "lake.probe";

    private final KmsClient client;

    private MasterKeys(KmsClient client) {
        this.client = client;
    }

    /**
     * The keystore that the configuration names, or the service.
     *
     * @throws LakeException where it cannot be opened
     */
    public static MasterKeys of(Configuration configuration) {
        KmsClient client = client(configuration);
        try {
            client.initialize(
                    configuration,
                    configuration.get(KeySettings.KMS_INSTANCE, KmsClient.KMS_INSTANCE_ID_DEFAULT),
                    configuration.get(KeySettings.KMS_URL, KmsClient.KMS_INSTANCE_URL_DEFAULT),
                    configuration.get(KeySettings.KMS_TOKEN, KmsClient.KEY_ACCESS_TOKEN_DEFAULT));
        } catch (LakeException e) {
            throw e;
        } catch (RuntimeException e) {
            throw LakeException.failed(
                    "the key management service cannot be reached",
                    client.getClass().getName() + ": " + e.getMessage(),
                    "check lake.storage.encryption and that the service runs",
                    e);
        }
        return new MasterKeys(client);
    }

    private static KmsClient client(Configuration configuration) {
        String name = configuration.getTrimmed(KeySettings.KMS_CLIENT, "");
        if (name.isEmpty()) {
            return new KeystoreKms();
        }
        try {
            return configuration
                    .getClassByName(name)
                    .asSubclass(KmsClient.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw LakeException.failed(
                    "the key management service cannot be asked",
                    "lake.storage.encryption.kms-client names " + name + ", and that is no class with a constructor"
                            + " without parameters that implements " + KmsClient.class.getName() + ": " + e,
                    "correct the name, and put the class's jar into the class path",
                    e);
        }
    }

    /**
     * Whether a master key wraps and unwraps.
     *
     * @throws LakeException where it does not
     */
    public void probe(String masterKey) {
        byte[] key = AesGcm.newKey();
        if (!Arrays.equals(key, unwrap(wrap(key, masterKey, PROBE), masterKey, PROBE))) {
            throw LakeException.failed(
                    "the master key '" + masterKey + "' cannot be used",
                    "it gives another key back than it was given",
                    "check lake.storage.encryption.kms-client");
        }
    }

    /**
     * When a master key was made. A service knows that itself, and replaces keys by its own rules; a keystore that another
     * program than Java's has made says nothing, and its keys count as made now.
     */
    public Optional<Instant> madeAt(String masterKey) {
        return client instanceof KeystoreKms keystore ? keystore.madeAt(masterKey) : Optional.empty();
    }

    String wrap(byte[] key, String masterKey, String of) {
        try {
            return client.wrapKey(key, masterKey);
        } catch (RuntimeException e) {
            throw denied(masterKey, of, e);
        }
    }

    byte[] unwrap(String wrapped, String masterKey, String of) {
        try {
            return client.unwrapKey(wrapped, masterKey);
        } catch (RuntimeException e) {
            throw denied(masterKey, of, e);
        }
    }

    private static LakeException denied(String masterKey, String of, RuntimeException e) {
        return LakeException.failed(
                of.equals(PROBE)
                        ? "the master key '" + masterKey + "' cannot be used"
                        : "the key " + of + " cannot be had from the master key '" + masterKey + "'",
                String.valueOf(e.getMessage()),
                "put that master key back from its backup, or name the one in use with lake.tiering.cold.master-key",
                e);
    }
}
