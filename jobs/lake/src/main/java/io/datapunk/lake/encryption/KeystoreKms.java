package io.datapunk.lake.encryption;

import io.datapunk.lake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.KeyAccessDeniedException;
import org.apache.parquet.crypto.keytools.KmsClient;

/** Master keys in a keystore file, each an AES key of 256 bits under its own alias. */
final class KeystoreKms implements KmsClient {
    private static final String WITHOUT_IT = "without it encrypted cold files cannot be read";

    private String file;
    private char[] password;
    private KeyStore keys;

    /** What they are called is of no use here: there is one file. */
    @Override
    public void initialize(Configuration configuration, String instance, String url, String token) {
        file = configuration.get(KeySettings.KEYSTORE, "");
        if (file.isEmpty()) {
            throw LakeException.failed(
                    "no master key can be had",
                    "neither a keystore nor a client of a key management service is configured",
                    "name a keystore with lake.storage.encryption.keystore (conf/lake.conf shows how to make one), or with"
                            + " spark.hadoop." + KeySettings.KEYSTORE + " in a session of your own");
        }
        password = configuration.get(KeySettings.KEYSTORE_PASSWORD, "").toCharArray();
        if (password.length == 0) {
            throw unusable(
                    "it has no password to open it with",
                    "set LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD, or name a file that holds it with"
                            + " lake.storage.encryption.keystore-password-file",
                    null);
        }
        keys = open(new File(file));
    }

    private KeyStore open(File store) {
        if (!store.isFile()) {
            throw unusable(
                    "there is no such file",
                    "restore it from its backup, " + WITHOUT_IT + "; or correct its name",
                    null);
        }
        try {
            return KeyStore.getInstance(store, password);
        } catch (IOException e) {
            throw e.getCause() instanceof GeneralSecurityException
                    ? unusable("the password is wrong", "give the one that it was made with", e)
                    : unusable(e.getMessage(), "restore it from its backup, " + WITHOUT_IT, e);
        } catch (GeneralSecurityException e) {
            throw unusable(
                    "it is neither PKCS12 nor JCEKS: " + e.getMessage(),
                    "restore it from its backup, " + WITHOUT_IT + "; or convert it with keytool -importkeystore",
                    e);
        }
    }

    @Override
    public String wrapKey(byte[] key, String masterKey) {
        return AesGcm.wrap(key, masterKey(masterKey), masterKey);
    }

    @Override
    public byte[] unwrapKey(String wrapped, String masterKey) {
        try {
            return AesGcm.unwrap(wrapped, masterKey(masterKey), masterKey);
        } catch (AEADBadTagException e) {
            throw new KeyAccessDeniedException(
                    "the key '" + masterKey + "' of " + file + " is another one than that which wrapped it", e);
        }
    }

    /** When a key was put into the keystore; empty where it has none of that name. */
    Optional<Instant> madeAt(String alias) {
        try {
            return Optional.ofNullable(keys.getCreationDate(alias)).map(Date::toInstant);
        } catch (KeyStoreException e) {
            throw new IllegalStateException("the keystore is open", e);
        }
    }

    private Key masterKey(String alias) {
        try {
            Key key = keys.getKey(alias, password);
            if (key == null) {
                List<String> aliases = Collections.list(keys.aliases());
                throw new KeyAccessDeniedException("the keystore " + file + " has no key '" + alias + "' but "
                        + (aliases.isEmpty() ? "none at all" : String.join(", ", aliases)));
            }
            if (!key.getAlgorithm().equals("AES") || key.getEncoded().length != AesGcm.KEY_BYTES) {
                throw new KeyAccessDeniedException("the key '" + alias + "' of " + file + " is " + key.getAlgorithm()
                        + ", and not AES of 256 bits");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new KeyAccessDeniedException(
                    "the key '" + alias + "' of " + file + " has another password than the file", e);
        }
    }

    private LakeException unusable(String reason, String remedy, Exception cause) {
        return LakeException.failed("the keystore " + file + " cannot be opened", reason, remedy, cause);
    }
}
