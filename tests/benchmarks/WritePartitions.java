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
 * Makes a lake whose table user_data.activity has N partitions of one file each: HOME N ACCESSES. Only the table's log
 * exists, with a checkpoint; plans open no data file. So many accesses to each partition, spread over 90 days, become
 * Parquet files in HOME.accesses, for `lake heat --import`.
 */
public final class WritePartitions {
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        int partitions = Integer.parseInt(arguments[1]);
        long accesses = Long.parseLong(arguments[2]);
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
        spark.range(partitions * accesses)
                .selectExpr(
                        "timestamp_seconds(" + now / 1000 + " - 3600 - pmod(xxhash64(id), 90 * 86400 - 7200)) as time",
                        "'user_data.activity' as dataset",
                        "concat('month=p', lpad(id % " + partitions + ", 7, '0')) as partition")
                .write()
                .parquet(home + ".accesses");
        spark.stop();
    }
}
