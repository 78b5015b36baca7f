package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** How long the store of the tables takes to answer. */
public final class StoreLatency {
    private StoreLatency() {}

    /**
     * Lists the home.
     *
     * @throws LakeException where the store cannot be reached
     */
    public static Duration measure(LakeConfig config, LakeHome home) {
        Path root = new Path(home.root());
        try {
            FileSystem store = root.getFileSystem(Stores.configuration(config));
            // The first answer pays for the connection.
            store.listStatus(root);
            long began = System.nanoTime();
            store.listStatus(root);
            return Duration.ofNanos(System.nanoTime() - began);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the store of the tables does not answer at " + root,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that it is reachable and that you may read it",
                    e);
        }
    }
}
