package io.datapunk.testkit;

import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One Spark for all tests of a JVM: two threads, loopback, no user interface, Delta and the lake's catalog configured,
 * everything in a temporary folder. Starting one takes ten seconds and more, so tests share it and keep apart by the
 * home that each of them uses.
 */
public final class SharedSpark {
    private SharedSpark() {}

    /** A session with settings and temporary views of its own, without a home. */
    public static SparkSession session() {
        return Holder.SESSION.newSession();
    }

    /** A session of its own in which names such as {@code user_data.activity} mean the tables of this home. */
    public static SparkSession session(Path home) {
        SparkSession session = session();
        session.conf().set("spark.lake.home", home.toString());
        return session;
    }

    private static final class Holder {
        static final SparkSession SESSION = start();

        private static SparkSession start() {
            try {
                Path scratch = Files.createTempDirectory("lake-spark-");
                SparkSession session = LakeSession.open(new SessionSettings(
                        scratch.resolve("home").toString(),
                        "local[2]",
                        scratch.toString(),
                        Map.of("spark.local.dir", scratch.toString(), "spark.sql.shuffle.partitions", "2")));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "delete " + scratch));
                return session;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static void delete(Path scratch) {
            try {
                FolderTree.delete(scratch);
            } catch (IOException leftForTheSystem) {
                // A temporary folder: the system's own cleaning takes it.
            }
        }
    }
}
