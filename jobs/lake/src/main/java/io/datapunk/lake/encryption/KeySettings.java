package io.datapunk.lake.encryption;

import io.datapunk.lake.config.StorageConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Hadoop's configuration says about keys. Names no class of Hadoop or Parquet: a client of the warm server asks for
 * the settings and must not load them.
 */
public final class KeySettings {
    /** Folder of the wrapped keys; without it, {@code keys} beside the {@code tables} in which a file lies. */
    public static final String KEYS = "lake.encryption.keys";

    /** Parquet's own: the class that it asks for the keys of each file. */
    static final String FACTORY = "parquet.crypto.factory.class";

    static final String FACTORY_CLASS = "io.datapunk.lake.encryption.LakeCryptoFactory";

    static final String KEYSTORE = "lake.encryption.keystore";

    // Spark hides the values of settings whose names have "password" or "token" in them.
    static final String KEYSTORE_PASSWORD = "lake.encryption.keystore.password";

    static final String KMS_CLIENT = "parquet.encryption.kms.client.class";
    static final String KMS_INSTANCE = "parquet.encryption.kms.instance.id";
    static final String KMS_URL = "parquet.encryption.kms.instance.url";
    static final String KMS_TOKEN = "parquet.encryption.key.access.token";

    /** Which dataset's key, as {@code user_data.activity/<id>}, encrypts what is written with a configuration. */
    static final String WRITE_KEY = "lake.encryption.write-key";

    private KeySettings() {}

    /** As the lake's configuration says. */
    public static Map<String, String> of(StorageConfig.Encryption config) {
        Map<String, String> settings = new LinkedHashMap<>();
        // Also without keys: whoever meets an encrypted file is told which key is missing.
        settings.put(FACTORY, FACTORY_CLASS);
        config.keystore()
                .ifPresent(file ->
                        settings.put(KEYSTORE, Path.of(file).toAbsolutePath().toString()));
        config.keystorePassword().ifPresent(password -> settings.put(KEYSTORE_PASSWORD, password.reveal()));
        config.kmsClient().ifPresent(name -> settings.put(KMS_CLIENT, name));
        config.kmsInstance().ifPresent(name -> settings.put(KMS_INSTANCE, name));
        config.kmsUrl().ifPresent(url -> settings.put(KMS_URL, url));
        config.kmsToken().ifPresent(token -> settings.put(KMS_TOKEN, token.reveal()));
        return settings;
    }
}
