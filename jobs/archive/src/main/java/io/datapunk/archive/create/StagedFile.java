package io.datapunk.archive.create;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file that was written to be archived. */
record StagedFile(String path, String location, long bytes) implements SourceEntry {
    @Override
    public InputStream open(Configuration store) throws IOException {
        Path file = new Path(location);
        return file.getFileSystem(store).open(file);
    }
}
