package io.datapunk.lake.spark;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.sql.SqlClient;
import io.datapunk.lake.sql.SqlEndpoint;
import io.datapunk.lake.sql.SqlResult;
import io.datapunk.lake.sql.SqlSession;
import io.datapunk.lake.sql.SqlSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the statements of {@code lake sql}: by the warm server where the launcher {@code ./lake} started this command,
 * else, or with {@code LAKE_SQL_SERVER=off}, in a Spark session of this process. Loads no class of Spark for the former.
 */
public final class SqlService {
    private final LakeConfig config;
    private final LakeHome home;
    private final Optional<Path> launcher;
    private final String build;

    public SqlService(LakeConfig config, LakeHome home) {
        this(
                config,
                home,
                Optional.ofNullable(System.getProperty("lake.launcher"))
                        .filter(path -> !"off".equals(System.getenv("LAKE_SQL_SERVER")))
                        .map(Path::of),
                System.getProperty("lake.build", ""));
    }

    SqlService(LakeConfig config, LakeHome home, Optional<Path> launcher, String build) {
        this.config = config;
        this.home = home;
        this.launcher = launcher;
        this.build = build;
    }

    /**
     * Runs a statement and keeps the whole answer in memory.
     *
     * @throws LakeException (failed) where the statement is wrong or fails
     */
    public SqlResult run(String statement) {
        SqlResult.Collector collector = new SqlResult.Collector();
        try {
            run(statement, collector);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return collector.result();
    }

    /**
     * Runs a statement and hands its rows on as they come.
     *
     * @throws LakeException (failed) where the statement is wrong or fails
     * @throws IOException where the sink fails
     */
    public void run(String statement, SqlSink sink) throws IOException {
        if (launcher.isPresent()) {
            client(launcher.get()).run(statement, sink);
        } else {
            InThisProcess.run(LakeSession.open(config, home), statement, sink);
        }
    }

    /** Has the warm server start while its user is still typing. */
    public void prepare() {
        launcher.ifPresent(lake -> client(lake).prepare());
    }

    /** Opens a session; nothing is started before its first statement. */
    public SqlSession session() {
        return launcher.isPresent() ? client(launcher.get()).session() : new InThisProcess(config, home);
    }

    private SqlClient client(Path lake) {
        return new SqlClient(
                SqlEndpoint.below(home.runDirectory()),
                SessionSettings.of(config, home).toMap(),
                build,
                place -> new ProcessBuilder(
                                lake.toString(), "sql-server", place.folder().toString())
                        .redirectOutput(place.log().toFile())
                        .redirectErrorStream(true)
                        .start());
    }

    /** Stops the warm server of a lake, as {@code lake down} does, and says whether one ran. */
    public static boolean stop(LakeHome home) {
        return SqlClient.stop(SqlEndpoint.below(home.runDirectory()));
    }

    /** Whether a warm server runs for a lake. */
    public static boolean isRunning(LakeHome home) {
        return SqlClient.isRunning(SqlEndpoint.below(home.runDirectory()));
    }

    /** Has the warm server write the accesses that it still holds, so that {@code lake heat} sees them. */
    public static void flush(LakeHome home) {
        SqlClient.flush(SqlEndpoint.below(home.runDirectory()));
    }

    /** Apart, so that nothing of Spark is loaded before it is needed. */
    private static final class InThisProcess implements SqlSession {
        private final LakeConfig config;
        private final LakeHome home;
        private SparkSession session;

        InThisProcess(LakeConfig config, LakeHome home) {
            this.config = config;
            this.home = home;
        }

        @Override
        public void run(String statement, SqlSink sink) throws IOException {
            if (session == null) {
                session = LakeSession.open(config, home).newSession();
                // A new session has the settings that this process's Spark was started with, maybe for another lake.
                session.conf().set(SessionHome.KEY, home.root());
            }
            run(session, statement, sink);
        }

        static void run(SparkSession session, String statement, SqlSink sink) throws IOException {
            SparkContext spark = session.sparkContext();
            String tag = "lake-sql-" + UUID.randomUUID();
            spark.addJobTag(tag);
            try {
                new LakeSql(session).run(statement, sink);
            } finally {
                spark.removeJobTag(tag);
                // Where this thread was interrupted, they run on.
                spark.cancelJobsWithTag(tag);
                AccessListener.settle(spark);
            }
        }

        @Override
        public void close() {
            // It ends with the process.
        }
    }
}
