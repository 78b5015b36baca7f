import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.spark.LakeSession;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * Makes a lake whose table user_data.activity has N partitions of one file each.
 *
 * <p>{@code accesses FOLDER N ACCESSES} writes so many accesses to each partition, spread over 90 days, as Parquet files
 * for {@code lake heat --import}. {@code partitions HOME N} then adds the partitions. Only the table's log exists, with a
 * checkpoint: plans open no data file, but {@code lake heat} measures partitions, so accesses have to be taken in before.
 */
public final class WritePartitions {
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        int partitions = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("accesses")) {
            writeAccesses(home, partitions, Long.parseLong(arguments[3]));
            return;
        }
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        LakeHome lake = LakeHome.open(config);
        SparkSession spark = LakeSession.open(config, lake);
        DeltaTables.ensure(spark, lake, ActivityTable.DEFINITION);
        String table = lake.tablePath(ActivityTable.DEFINITION.name());
        SplittableRandom random = new SplittableRandom(1);
        long now = System.currentTimeMillis();
        try (BufferedWriter commit =
                Files.newBufferedWriter(Path.of(table, "_delta_log", "00000000000000000001.json"))) {
            for (int partition = 0; partition < partitions; partition++) {
                long age = random.nextLong(300) * 86_400_000L;
                commit.write("{\"add\":{\"path\":\"month=p%1$07d/part-0.parquet\",\"partitionValues\":{\"month\":\"p%1$07d\"},"
                                .formatted(partition)
                        + "\"size\":%d,\"modificationTime\":%d,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":%d}\"}}\n"
                                .formatted(random.nextLong(1L << 20, 1L << 28), now - age, random.nextInt(1, 100_000)));
            }
        }
        DeltaLog log = DeltaLog.forTable(spark, table);
        log.checkpoint(log.update(false, scala.Option.empty(), scala.Option.empty()), scala.Option.empty());
        spark.stop();
    }

    private static void writeAccesses(Path folder, int partitions, long each) throws IOException {
        long now = System.currentTimeMillis() / 1000;
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            spark.range(partitions * each)
                    .selectExpr(
                            "timestamp_seconds(" + now + " - 3600 - pmod(xxhash64(id), 90 * 86400 - 7200)) as time",
                            "'user_data.activity' as dataset",
                            "concat('month=p', lpad(id % " + partitions + ", 7, '0')) as partition")
                    .write()
                    .parquet(folder.toString());
        }
    }
}
