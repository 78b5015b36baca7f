package io.datapunk.lake.encryption;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.security.Key;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.crypto.DecryptionPropertiesFactory;
import org.apache.parquet.crypto.EncryptionPropertiesFactory;
import org.apache.parquet.crypto.FileDecryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.crypto.ParquetCipher;
import org.apache.parquet.hadoop.api.WriteSupport;

/**
 * Gives Parquet the keys of the lake's files, by {@code parquet.crypto.factory.class} in any session. Encrypts only what a
 * move writes that was told to: Delta's own files, and whatever else a session writes, stay as they are. All of a file is
 * encrypted by AES-256-GCM with one key of its own, its footer too.
 */
public final class LakeCryptoFactory implements EncryptionPropertiesFactory, DecryptionPropertiesFactory {
    private static final Pattern IN_LAKE = Pattern.compile("(.*)/tables/[^/]+/[^/]+/cold/.*");

    @Override
    public FileEncryptionProperties getFileEncryptionProperties(
            Configuration configuration, Path file, WriteSupport.WriteContext context) {
        String name = configuration.get(KeySettings.WRITE_KEY, "");
        if (name.isEmpty()) {
            return null;
        }
        int slash = name.indexOf('/');
        DatasetName dataset = DatasetName.parse(name.substring(0, slash));
        String id = name.substring(slash + 1);
        Key datasetKey =
                OpenKeys.ofThisProcess().open(keyring(configuration, file), KeyOwner.of(dataset), id, configuration);
        byte[] key = AesGcm.newKey();
        FileKey wrapped = new FileKey(dataset, id, AesGcm.wrap(key, datasetKey, name));
        return FileEncryptionProperties.builder(key)
                .withAlgorithm(ParquetCipher.AES_GCM_V1)
                .withFooterKeyMetadata(wrapped.toBytes())
                .build();
    }

    @Override
    public FileDecryptionProperties getFileDecryptionProperties(Configuration configuration, Path file) {
        return FileDecryptionProperties.builder()
                .withKeyRetriever(metadata -> key(configuration, file, FileKey.parse(metadata)))
                .withPlaintextFilesAllowed()
                .build();
    }

    private static byte[] key(Configuration configuration, Path file, FileKey key) {
        Key datasetKey = OpenKeys.ofThisProcess()
                .open(keyring(configuration, file), KeyOwner.of(key.dataset()), key.id(), configuration);
        try {
            return AesGcm.unwrap(key.wrapped(), datasetKey, key.dataset() + "/" + key.id());
        } catch (AEADBadTagException e) {
            throw LakeException.failed(
                    "the encrypted file " + file + " cannot be read",
                    "its key does not open with the key " + key.dataset() + "/" + key.id() + ", so one of the two was"
                            + " changed",
                    "copy the file or keys/" + key.dataset() + " back from one of lake.storage.cold.locations",
                    e);
        }
    }

    private static String keyring(Configuration configuration, Path file) {
        String configured = configuration.get(KeySettings.KEYS, "");
        if (!configured.isEmpty()) {
            return configured;
        }
        Matcher inLake = IN_LAKE.matcher(String.valueOf(file));
        if (!inLake.matches()) {
            throw LakeException.failed(
                    "the encrypted file " + file + " cannot be read",
                    "it does not lie in a lake's tables, so nothing says where its key is",
                    "set spark.hadoop." + KeySettings.KEYS + " to the lake's folder 'keys'");
        }
        return inLake.group(1) + "/keys";
    }
}
