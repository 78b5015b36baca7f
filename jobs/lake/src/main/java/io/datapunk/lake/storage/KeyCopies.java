package io.datapunk.lake.storage;

import io.datapunk.lake.encryption.Erasure;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.WrappedKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Copies of all wrapped keys, in the folder {@code keys} of a location: without them copies of encrypted files
 * are worth nothing. A key's older generations go, or who has an older master key could open it there; and all keys of who
 * is erased, with the {@link Erasure} in their place.
 */
final class KeyCopies {
    private final String keysPath;
    private final Configuration configuration;

    KeyCopies(String keysPath, Configuration configuration) {
        this.keysPath = keysPath;
        this.configuration = configuration;
    }

    /** How many keys have no verified copy in a location. */
    int missing(CopyLocation location) throws IOException {
        int missing = 0;
        for (WrappedKey key : keys()) {
            missing += isMissing(location, key) ? 1 : 0;
        }
        return missing;
    }

    void makeUp(CopyLocation location) throws IOException {
        for (Erasure erasure : new Keyring(keysPath, configuration).erasures()) {
            makeUp(location, erasure);
        }
        for (WrappedKey key : keys()) {
            String folder = folder(key.owner());
            if (isMissing(location, key)) {
                Path source = new Path(keysPath + "/" + Keyring.folderName(key.owner()), key.fileName());
                FileSystem from = source.getFileSystem(configuration);
                location.copy(from, source, folder, key.fileName());
            }
            for (String file : location.names(folder)) {
                if (key.isAfter(file)) {
                    location.remove(folder, file);
                }
            }
        }
    }

    private static void makeUp(CopyLocation location, Erasure erasure) throws IOException {
        String folder = folder(KeyOwner.person(erasure.userId()));
        if (location.verified(folder, Map.of(erasure.fileName(), (long) erasure.toBytes().length))
                .isEmpty()) {
            location.write(folder, erasure.fileName(), new ByteArrayInputStream(erasure.toBytes()));
        }
        for (String file : location.names(folder)) {
            if (WrappedKey.isFile(file)) {
                location.remove(folder, file);
            }
        }
    }

    private List<WrappedKey> keys() {
        return new Keyring(keysPath, configuration).keys();
    }

    private static boolean isMissing(CopyLocation location, WrappedKey key) throws IOException {
        return location.verified(folder(key.owner()), Map.of(key.fileName(), (long) key.toBytes().length))
                .isEmpty();
    }

    private static String folder(KeyOwner owner) {
        return "keys/" + Keyring.folderName(owner);
    }
}
