package io.datapunk.lake.storage;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Stores without Hadoop's checksum files. Those lie beside a local file, where nobody expects them, and a crash can leave one
 * that does not fit.
 */
public final class RawFiles {
    private RawFiles() {}

    /** The store that holds a path. */
    public static FileSystem of(Path path, Configuration configuration) throws IOException {
        return of(path.getFileSystem(configuration));
    }

    /** The same store without them; one that has none stays as it is. */
    public static FileSystem of(FileSystem store) {
        return store instanceof LocalFileSystem local ? local.getRawFileSystem() : store;
    }
}
