package io.datapunk.archive.create;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Something to be archived, readable in any task and more than once. */
interface SourceEntry extends Serializable {
    /** What it is called in the package; no two entries of one owner have the same. */
    String path();

    /** As its container says; what it has is counted when it is read. */
    long bytes();

    InputStream open(Configuration store) throws IOException;
}
