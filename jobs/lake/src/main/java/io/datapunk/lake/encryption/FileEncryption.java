package io.datapunk.lake.encryption;

import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.ParquetOutputFormat;

/** Makes a configuration one with which Parquet files are written encrypted, and looks whether they were. */
public final class FileEncryption {
    private static final String ENCRYPTED = "PARE";
    private static final String PLAIN = "PAR1";

    private FileEncryption() {}

    /**
     * Has what is written with a configuration encrypted by the dataset's key, which is made where there is none.
     *
     * @param before is told of that
     * @return the id of the key
     * @throws LakeException where the master key cannot be used
     */
    public static String begin(
            Configuration target,
            String keyring,
            DatasetName dataset,
            TieringConfig.Cold config,
            Keyring.BeforeMaking before) {
        WrappedKey key = new Keyring(keyring, target, before)
                .forWriting(KeyOwner.of(dataset), MasterKeys.of(target), config.masterKey());
        target.set(KeySettings.FACTORY, KeySettings.FACTORY_CLASS);
        target.set(KeySettings.KEYS, keyring);
        target.set(KeySettings.WRITE_KEY, key.toString());
        return key.id();
    }

    /** What a Parquet writer needs that is not made by Spark; null where the file stays as it is. */
    public static FileEncryptionProperties properties(Configuration configuration, Path file) {
        return isOn(configuration) ? ParquetOutputFormat.createEncryptionProperties(configuration, file, null) : null;
    }

    /**
     * Looks at a file that was just written: whether it is encrypted stands in its last four bytes.
     *
     * @return its size and time
     * @throws LakeException where it is not what the configuration asked for
     */
    public static FileStatus check(Configuration configuration, Path file) throws IOException {
        FileSystem store = file.getFileSystem(configuration);
        FileStatus status = store.getFileStatus(file);
        String expected = isOn(configuration) ? ENCRYPTED : PLAIN;
        byte[] magic = new byte[expected.length()];
        if (status.getLen() >= magic.length) {
            try (FSDataInputStream in = store.open(file)) {
                in.readFully(status.getLen() - magic.length, magic);
            }
        }
        String found = new String(magic, StandardCharsets.ISO_8859_1);
        if (!found.equals(expected)) {
            throw LakeException.failed(
                    "the file " + file + " was not written as it was to be",
                    "it ends with " + found.strip() + " and not with " + expected + ", so it is "
                            + (isOn(configuration) ? "not encrypted" : "encrypted or damaged"),
                    "nothing was switched; look for settings of parquet.crypto or parquet.encryption in this session");
        }
        return status;
    }

    private static boolean isOn(Configuration configuration) {
        return !configuration.get(KeySettings.WRITE_KEY, "").isEmpty();
    }
}
