package io.datapunk.lake.spark;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Opens Spark sessions on a lake, and marks the work that the lake does for itself. */
public final class LakeSession {
    /** The tag on Spark's jobs that are not an access by a person. */
    public static final String INTERNAL = "lake.internal";

    private LakeSession() {}

    /** Starts a session on a lake as its configuration says, or takes the one that runs in this JVM. */
    public static SparkSession open(LakeConfig config, LakeHome home) {
        return open(SessionSettings.of(config, home));
    }

    /**
     * The configuration of the lake that a session is bound to, as the environment and its file have it: {@value
     * SessionSettings#CONF}, or LAKE_CONF.
     *
     * @throws LakeException (usage) where the session is bound to none
     */
    public static LakeConfig config(SparkSession session) {
        URI root = SessionHome.of(session.conf())
                .orElseThrow(() -> LakeException.usage(
                        "this session of Spark has no lake",
                        "neither " + SessionHome.KEY + " nor LAKE_HOME names one",
                        "set it: SET " + SessionHome.KEY + " = /path/to/lake"))
                .root()
                .toUri();
        String home = "file".equals(root.getScheme()) ? root.getPath() : root.toString();
        String environment = System.getenv().getOrDefault("LAKE_CONF", "");
        String file = session.conf().get(SessionSettings.CONF, environment);
        return LakeConfig.load(file.isBlank() ? null : Path.of(file), System.getenv(), Map.of("lake.home", home));
    }

    /** Starts a session, or takes the one that runs in this JVM. */
    public static SparkSession open(SessionSettings settings) {
        return open(settings.toMap());
    }

    static SparkSession open(Map<String, String> settings) {
        boolean isFirst = SparkSession.getDefaultSession().isEmpty();
        SparkSession.Builder builder = SparkSession.builder();
        SparkScratch.claim(settings).forEach(builder::config);
        SparkSession session = builder.getOrCreate();
        if (isFirst && !SessionSettings.isLocal(session.sparkContext().master())) {
            FirstWorker.await(session);
        }
        return session;
    }

    /**
     * Runs work of the lake's own, such as copying and verifying a partition: its reads are no accesses, or every move
     * would heat what it moves. The mark belongs to the calling thread and to the threads that Spark starts for it.
     */
    public static <T, X extends Exception> T internal(SparkSession session, Work<T, X> work) throws X {
        Option<SparkSession> before = SparkSession.getActiveSession();
        // Delta takes the session from the thread, and a pool's threads have none.
        SparkSession.setActiveSession(session);
        try {
            return tagged(session.sparkContext(), work);
        } finally {
            // A session of the work's own has settings that would hold for whatever the thread does next.
            if (before.isDefined()) {
                SparkSession.setActiveSession(before.get());
            } else {
                SparkSession.clearActiveSession();
            }
        }
    }

    private static <T, X extends Exception> T tagged(SparkContext context, Work<T, X> work) throws X {
        if (context.getJobTags().contains(INTERNAL)) {
            return work.run();
        }
        context.addJobTag(INTERNAL);
        try {
            return work.run();
        } finally {
            context.removeJobTag(INTERNAL);
        }
    }

    /** The same for work without a result. */
    public static void internal(SparkSession session, Runnable work) {
        internal(session, () -> {
            work.run();
            return null;
        });
    }

    /** Work with a result and at most one kind of checked exception. */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T run() throws X;
    }
}
