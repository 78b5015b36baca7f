package io.datapunk.lake.delta;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether a store on S3 does what {@link ConditionalLogStore} asks for. One that leaves out {@code If-None-Match}, as some
 * servers do, lets two writers overwrite each other's commits, and nobody is told.
 */
public final class ConditionalWrites {
    private ConditionalWrites() {}

    /**
     * Writes one small object twice and removes it.
     *
     * @param folder where it lies for that moment
     * @return whether the second write was refused
     * @throws IOException where the store cannot be asked
     */
    public static boolean areHonoured(Path folder, Configuration configuration) throws IOException {
        Path probe = new Path(folder, "probe-" + UUID.randomUUID() + ".json");
        ConditionalLogStore store = new ConditionalLogStore(configuration);
        FileSystem files = probe.getFileSystem(configuration);
        try {
            store.write(probe, List.of("first").iterator(), false, configuration);
            store.write(probe, List.of("second").iterator(), false, configuration);
            return false;
        } catch (FileAlreadyExistsException refused) {
            return true;
        } finally {
            files.delete(probe, false);
        }
    }
}
