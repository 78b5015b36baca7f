package io.datapunk.lake.spark;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.storage.StoreSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a session of the lake is started with.
 *
 * @param home the lake's home: a folder or a URI such as {@code s3a://bucket/prefix}
 * @param master Spark's master, {@code local[2]} for example
 * @param scratch a local folder for Spark's own files: the empty warehouse of the default schema, and what does not
 *     stay in memory
 * @param overrides Spark settings that win over the ones made here
 */
public record SessionSettings(String home, String master, String scratch, Map<String, String> overrides) {
    /** Class names are text here: a client of the warm server makes these settings and must not load Spark. */
    private static final String PACKAGE = "io.datapunk.lake.spark.";

    /** How Parquet files hold instants. Spark's default, INT96, has no smallest and largest value: no file is skipped. */
    public static final String INSTANTS = "spark.sql.parquet.outputTimestampType";

    public static final String ORDERED_INSTANTS = "TIMESTAMP_MICROS";

    /** The file that the lake's configuration was read from, for {@link LakeSession#config}. */
    static final String CONF = "spark.lake.conf";

    /** Lists of classes: spark-submit's own stay, beside the lake's. */
    private static final String EXTENSIONS = "spark.sql.extensions";

    private static final String LISTENERS = "spark.sql.queryExecutionListeners";
    private static final String PLUGINS = "spark.plugins";

    private static final String MASTER = "spark.master";
    private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    private static final String SNAPSHOT_PARTITIONS = "spark.databricks.delta.snapshotPartitions";

    private static final String MEBIBYTES_64 = String.valueOf(64 << 20);

    public SessionSettings {
        overrides = Map.copyOf(overrides);
    }

    /**
     * The settings that a configuration asks for. What spark-submit was told, which is in the JVM's properties, wins over
     * how the lake would run, but not over what makes a session one of this lake; {@code lake.spark.master} and {@code
     * lake.spark.settings} win over both.
     */
    static SessionSettings of(LakeConfig config, LakeHome home) {
        return of(config, home, submitted());
    }

    static SessionSettings of(LakeConfig config, LakeHome home, Map<String, String> submitted) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(SHUFFLE_PARTITIONS, String.valueOf(config.spark().shufflePartitions()));
        settings.put(SNAPSHOT_PARTITIONS, String.valueOf(config.spark().snapshotPartitions()));
        settings.putAll(submitted);
        Map<String, String> identity = identity(home.root());
        for (String list : List.of(EXTENSIONS, LISTENERS)) {
            identity.computeIfPresent(list, (key, ours) -> joined(ours, submitted.get(key)));
        }
        settings.putAll(identity);
        settings.put(AccessBuffer.FOLDER, home.spool().toString());
        settings.put(
                AccessBuffer.FLUSH_SECONDS,
                String.valueOf(Math.max(1, config.access().flushInterval().toSeconds())));
        StoreSettings.of(config).forEach((key, value) -> settings.put(StoreSettings.SPARK_PREFIX + key, value));
        config.file().ifPresent(file -> settings.put(CONF, file.toAbsolutePath().toString()));
        settings.putAll(config.spark().settings());
        String master = master(config, submitted);
        settings.remove(MASTER);
        if (!isLocal(master) && home.folder().isPresent()) {
            settings.put(PLUGINS, joined(PACKAGE + "SharedHome", settings.get(PLUGINS)));
            // A cluster's own may be HDFS, where paths without a scheme would lead.
            settings.put("spark.hadoop.fs.defaultFS", "file:///");
        }
        return new SessionSettings(
                home.root(), master, home.runDirectory().resolve("spark").toString(), settings);
    }

    /** Where a configuration has Spark run: where it says, else where spark-submit does, else on this machine. */
    public static String master(LakeConfig config) {
        return master(config, submitted());
    }

    private static String master(LakeConfig config, Map<String, String> submitted) {
        return config.spark()
                .master()
                .or(() -> Optional.ofNullable(config.spark().settings().get(MASTER)))
                .or(() -> Optional.ofNullable(submitted.get(MASTER)))
                .orElse(localMaster());
    }

    /** Whether this JVM does all the work itself. */
    static boolean isLocal(String master) {
        return master.equals("local") || master.startsWith("local[");
    }

    private static Map<String, String> submitted() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(key -> key.startsWith("spark."))
                .collect(Collectors.toMap(key -> key, System::getProperty));
    }

    private static String joined(String ours, String others) {
        return Stream.of(ours, others)
                .filter(Objects::nonNull)
                .flatMap(names -> Stream.of(names.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** One worker thread per core that this JVM may use. */
    public static String localMaster() {
        return "local[" + Runtime.getRuntime().availableProcessors() + "]";
    }

    /** Every setting by its Spark key, in the order in which they were decided. */
    public Map<String, String> toMap() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.app.name", "Datapunk Lake");
        settings.put(MASTER, master);
        settings.putAll(identity(home));
        settings.putAll(habits());
        if (isLocal(master)) {
            settings.putAll(local());
        }
        settings.putAll(overrides);
        return settings;
    }

    /** What makes any session, also one on a cluster, a session of this lake. */
    private static Map<String, String> identity(String home) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(SessionHome.KEY, home);
        settings.put(EXTENSIONS, PACKAGE + "LakeExtensions,io.delta.sql.DeltaSparkSessionExtension");
        settings.put("spark.sql.catalog.spark_catalog", PACKAGE + "LakeCatalog");
        settings.put(LISTENERS, PACKAGE + "AccessRecorder");
        settings.put("spark.delta.logStore.s3a.impl", "io.datapunk.lake.delta.ConditionalLogStore");
        settings.put("spark.sql.session.timeZone", "UTC");
        // Its recorder sees what it reads; in S3's logs the same reads are told by this.
        settings.put("spark.hadoop.fs.s3a.user.agent.prefix", "datapunk-lake");
        settings.put(INSTANTS, ORDERED_INSTANTS);
        return settings;
    }

    /** How the lake writes and reads where nobody says otherwise. */
    private static Map<String, String> habits() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.sql.parquet.compression.codec", "lz4_raw");
        settings.put("spark.hadoop.parquet.block.size", MEBIBYTES_64);
        // Where no configuration says so. Delta's own default is 50 tasks; on two cores that alone costs 15 s of a
        // first answer.
        settings.put(SNAPSHOT_PARTITIONS, "2");
        return settings;
    }

    private Map<String, String> local() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.ui.showConsoleProgress", "false");
        settings.put("spark.sql.catalogImplementation", "in-memory");
        settings.put("spark.sql.warehouse.dir", scratch + "/warehouse");
        // Not the system's folder, which others read: what is spilled there are people's rows. See SparkScratch.
        settings.put("spark.local.dir", scratch + "/local");
        // Adaptive execution joins small shuffle partitions; without it, and for small data, few of them start faster.
        settings.put(SHUFFLE_PARTITIONS, String.valueOf(2 * Runtime.getRuntime().availableProcessors()));
        settings.put(
                "spark.default.parallelism", String.valueOf(Runtime.getRuntime().availableProcessors()));
        // Delta's VACUUM lists files in that many tasks; Spark's default of 10,000 costs a minute of nothing.
        settings.put(
                "spark.sql.sources.parallelPartitionDiscovery.parallelism",
                String.valueOf(4 * Runtime.getRuntime().availableProcessors()));
        // Nobody looks at a history that is gone with the process; keeping it costs heap.
        settings.put("spark.ui.retainedJobs", "50");
        settings.put("spark.ui.retainedStages", "50");
        settings.put("spark.ui.retainedTasks", "1000");
        settings.put("spark.sql.ui.retainedExecutions", "20");
        settings.put("spark.metrics.staticSources.enabled", "false");
        return settings;
    }
}
