package io.datapunk.testkit;

import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One Spark for all tests of a JVM: two threads, loopback, no user interface, Delta and the lake's catalog configured,
 * everything in a temporary folder. Starting one takes ten seconds and more, so tests share it and keep apart by the
 * home that each of them uses.
 */
public final class SharedSpark {
    /**
     * To compile a query takes a third of the tests' time, for a handful of rows each. What goes through {@code ./lake}, and the
     * benchmarks, have it as users have it.
     */
    static final Map<String, String> INTERPRETED =
            Map.of("spark.sql.codegen.wholeStage", "false", "spark.sql.codegen.factoryMode", "NO_CODEGEN");

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

    private static Map<String, String> settings(Path scratch) {
        Map<String, String> settings = new HashMap<>(INTERPRETED);
        settings.put("spark.local.dir", scratch.toString());
        settings.put("spark.sql.shuffle.partitions", "2");
        return settings;
    }

    private static final class Holder {
        static final SparkSession SESSION = start();

        private static SparkSession start() {
            try {
                Path scratch = Files.createTempDirectory("lake-spark-");
                SparkSession session = LakeSession.open(new SessionSettings(
                        scratch.resolve("home").toString(), "local[2]", scratch.toString(), settings(scratch)));
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
