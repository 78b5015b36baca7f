package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.StorageConfig;
import io.datapunk.lake.encryption.KeySettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How Hadoop reaches the lake's stores and Parquet the keys of encrypted files, by Hadoop's own settings. Names no class
 * of Hadoop: a client of the warm server asks for the settings and must not load it.
 */
public final class StoreSettings {
    /** What Spark hands on to Hadoop begins so. */
    public static final String SPARK_PREFIX = "spark.hadoop.";

    private StoreSettings() {}

    /** What the configuration says, the owner's own {@code spark.hadoop.…} settings included. */
    public static Map<String, String> of(LakeConfig config) {
        Map<String, String> settings = new LinkedHashMap<>(s3(config.storage().s3()));
        config.storage().cold().storageClass().ifPresent(storageClass -> {
            settings.put("fs.s3a.audit.execution.interceptors", "io.datapunk.lake.storage.ColdStorageClass");
            settings.put("lake.cold.storage-class", storageClass);
        });
        settings.putAll(KeySettings.of(config.storage().encryption()));
        config.spark().settings().forEach((key, value) -> {
            if (key.startsWith(SPARK_PREFIX)) {
                settings.put(key.substring(SPARK_PREFIX.length()), value);
            }
        });
        return settings;
    }

    private static Map<String, String> s3(StorageConfig.S3 s3) {
        Map<String, String> settings = new LinkedHashMap<>();
        s3.endpoint().ifPresent(endpoint -> settings.put("fs.s3a.endpoint", endpoint));
        s3.region().ifPresent(region -> settings.put("fs.s3a.endpoint.region", region));
        if (s3.pathStyleAccess()) {
            settings.put("fs.s3a.path.style.access", "true");
        }
        s3.accessKey().ifPresent(key -> settings.put("fs.s3a.access.key", key.reveal()));
        s3.secretKey().ifPresent(key -> settings.put("fs.s3a.secret.key", key.reveal()));
        settings.put("fs.s3a.multipart.size", Long.toString(s3.partBytes()));
        settings.put("fs.s3a.multipart.threshold", Long.toString(s3.partBytes()));
        settings.put("fs.s3a.retry.limit", Integer.toString(s3.retries()));
        settings.put("fs.s3a.retry.throttle.limit", Integer.toString(s3.retries()));
        if (!s3.checksum().equals("none")) {
            settings.put("fs.s3a.create.checksum.algorithm", s3.checksum().toUpperCase(Locale.ROOT));
        }
        return settings;
    }
}
