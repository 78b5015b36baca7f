import com.sun.management.OperatingSystemMXBean;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.vectors.build.BuildJob;
import io.datapunk.vectors.sql.VectorSearch;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code FOLDER DIMENSIONS ROWS…}: see vector-growth.sh. */
public final class VectorGrowth {
    private static final int ROUNDS = 10;
    private static final int NEIGHBOURS = 10;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final MadeVectors made;
    private long next;

    private VectorGrowth(SparkSession spark, LakeConfig config, LakeHome home, int dimensions) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.made = new MadeVectors(spark, home, dimensions);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path file = Files.writeString(
                folder.resolve("lake.conf"),
                "lake.vectors.collections.made { source = \"user_data.documents\", vector = embedding }");
        LakeConfig config = LakeConfig.load(
                file, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
        LakeHome home = LakeHome.open(config);
        try (SparkSession spark = LakeSession.open(config, home)) {
            VectorGrowth growth = new VectorGrowth(spark, config, home, Integer.parseInt(arguments[1]));
            double full = 0;
            for (String rows : Arrays.copyOfRange(arguments, 2, arguments.length)) {
                growth.add(Long.parseLong(rows) - growth.next);
                full = growth.build("built", true, 0);
            }
            growth.change(full);
            growth.join();
        }
    }

    private void add(long rows) {
        made.append(next, next + rows);
        next += rows;
    }

    /** @return CPU seconds */
    private double build(String name, boolean all, double full) throws Exception {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
        long cpu = SYSTEM.getProcessCpuTime();
        BuildJob.Report[] report = new BuildJob.Report[1];
        double seconds = Stopwatch.seconds(() -> report[0] = new BuildJob(spark, config, home)
                .run(
                        new BuildJob.Request(config.vectors().require("made"), all, Instant.now()),
                        Progress.NONE));
        double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-10s %,9d rows  %,9d built  %3d shards  %7.1f s  %7.1f CPU s%s  recall %.4f  %,d MB  heap %,d MB at most%n",
                name,
                report[0].rows(),
                report[0].builtRows(),
                report[0].shards(),
                seconds,
                cpuSeconds,
                full == 0 ? "" : String.format(Locale.ROOT, " = %4.1f %%", 100 * cpuSeconds / full),
                report[0].recall(),
                report[0].bytes() / 1_000_000,
                pools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1_000_000);
        return cpuSeconds;
    }

    private static Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    /** One percent of new rows and one percent of gone ones, again and again. */
    private void change(double full) throws Exception {
        long percent = next / 100;
        double sum = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            add(percent);
            spark.sql("DELETE FROM delta.`" + home.tablePath(MadeVectors.TABLE.name()) + "` WHERE pmod(xxhash64(id, "
                    + round + "), 100) = 0");
            sum += build("round " + round, false, full);
        }
        System.out.printf(Locale.ROOT, "a round on average: %.1f %% of a full build's CPU%n", 100 * sum / ROUNDS / full);
        build("rebuilt", true, full);
    }

    private void join() throws Exception {
        Dataset<Row> table = spark.read().format("delta").load(home.tablePath(MadeVectors.TABLE.name()));
        Dataset<Row> some = table.select("id", "vector")
                .where("pmod(xxhash64(id, 0), 10) = 0")
                .repartition(spark.sparkContext().defaultParallelism());
        long cpu = SYSTEM.getProcessCpuTime();
        long[] found = new long[1];
        double seconds = Stopwatch.seconds(() -> found[0] =
                VectorSearch.of(spark, config).nearest(some, "vector", "made", NEIGHBOURS).count());
        System.out.printf(
                Locale.ROOT,
                "join: %,d rows with %d neighbours each of %,d  %.1f s  %.1f CPU s%n",
                found[0] / NEIGHBOURS,
                NEIGHBOURS,
                table.count(),
                seconds,
                (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
    }
}
