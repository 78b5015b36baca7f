package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeConfig;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's file systems for commands that start no Spark. */
public final class Stores {
    private Stores() {}

    public static Configuration configuration(LakeConfig config) {
        Configuration configuration = new Configuration();
        StoreSettings.of(config).forEach(configuration::set);
        return configuration;
    }
}
