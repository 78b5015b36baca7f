package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems for commands that start no Spark. */
public final class Stores {
    private Stores() {}

    public static Configuration configuration(LakeConfig config) {
        Configuration configuration = new Configuration();
        StoreSettings.of(config).forEach(configuration::set);
        return configuration;
    }

    /** A place as the configuration names it: the URI of an object store's, or a folder of this machine. */
    public static Path path(String location) {
        return location.contains("://")
                ? new Path(location.replaceAll("/+$", ""))
                : local(java.nio.file.Path.of(location));
    }

    /** A file or folder of this machine; the URI that Java makes of it would have blanks encoded, and a folder end with a slash. */
    public static Path local(java.nio.file.Path file) {
        return new Path("file", null, file.toAbsolutePath().normalize().toString());
    }
}
