package io.datapunk.vectors.shard;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.index.IndexStore;
import java.io.Serializable;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Where a collection's index lies, for tasks of Spark. */
public record IndexPlace(String root, String local, String collection, Broadcast<SerializableConfiguration> stores)
        implements Serializable {
    public static IndexPlace of(SparkSession spark, LakeHome home, Configuration stores, String collection) {
        return new IndexPlace(
                home.root(),
                home.local().toString(),
                collection,
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .broadcast(new SerializableConfiguration(stores)));
    }

    public IndexStore open() {
        return IndexStore.of(new LakeHome(root, Path.of(local)), stores.value().value(), collection);
    }
}
