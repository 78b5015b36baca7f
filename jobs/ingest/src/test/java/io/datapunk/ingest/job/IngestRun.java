package io.datapunk.ingest.job;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One import in a process of its own, to be killed by a test or to be measured: {@code HOME USER EXPORT…}. Prints each
 * stage as it begins and ends.
 */
final class IngestRun {
    private IngestRun() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.open(config);
        SparkSession spark = LakeSession.open(new SessionSettings(
                folder.toString(),
                "local[2]",
                folder.resolve("run").toString(),
                Map.of("spark.local.dir", folder.resolve("run").toString())));
        List<Path> exports = Arrays.stream(arguments).skip(2).map(Path::of).toList();
        IngestReport report = new IngestJob(spark, home, config.ingest())
                .run(new IngestRequest(exports, arguments[1], IngestFixture.NOW), new Printed());
        System.out.printf(
                "done %s in %.1f s, %.1f MB/s%n",
                report.counts(), report.took().toMillis() / 1e3, report.bytesPerSecond() / 1e6);
        spark.stop();
    }

    private static final class Printed implements Progress {
        @Override
        public Stage begin(String stage, long total, String unit) {
            long begin = System.nanoTime();
            System.out.println("begin " + stage);
            return new Stage() {
                @Override
                public void advance(long amount) {
                    System.out.println("at " + stage);
                }

                @Override
                public void close() {
                    System.out.printf("end %s after %.2f s%n", stage, (System.nanoTime() - begin) / 1e9);
                }
            };
        }
    }
}
