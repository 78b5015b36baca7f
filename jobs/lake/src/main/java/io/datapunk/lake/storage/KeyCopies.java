package io.datapunk.lake.storage;

import io.datapunk.lake.encryption.DatasetKey;
import io.datapunk.lake.encryption.Keyring;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Copies of the datasets' wrapped keys, in the folder {@code keys} of a location: without them copies of encrypted files
 * are worth nothing. A key's older generations go, or who has an older master key could open it there.
 */
final class KeyCopies {
    private final String keysPath;
    private final Configuration configuration;

    KeyCopies(String keysPath, Configuration configuration) {
        this.keysPath = keysPath;
        this.configuration = configuration;
    }

    void makeUp(CopyLocation location) throws IOException {
        for (DatasetKey key : new Keyring(keysPath, configuration).keys()) {
            String name = Keyring.folderName(key.dataset());
            String folder = "keys/" + name;
            Map<String, Long> wanted = Map.of(key.fileName(), (long) key.toBytes().length);
            if (location.verified(folder, wanted).isEmpty()) {
                Path source = new Path(keysPath + "/" + name, key.fileName());
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
}
