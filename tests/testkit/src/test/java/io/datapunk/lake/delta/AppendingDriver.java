package io.datapunk.lake.delta;

import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import io.datapunk.testkit.SharedS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A driver of its own that appends rows to a table on S3, each in a commit of its own, as soon as all drivers are ready. */
final class AppendingDriver {
    static final StructType SCHEMA = new StructType().add("driver", "string").add("number", "int");

    private AppendingDriver() {}

    /** Arguments: name, table, endpoint, commits, folder where drivers meet, how many go first, how many there are. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String table = arguments[1];
        int commits = Integer.parseInt(arguments[3]);
        Path meeting = Path.of(arguments[4]);
        SparkSession spark = open(meeting.resolve("scratch-" + name), URI.create(arguments[2]));
        int place = Integer.parseInt(arguments[5]);
        // One after the other, for the first commit makes the table.
        await(meeting, place);
        append(spark, table, name, 0);
        Files.createFile(meeting.resolve(name + ".ready"));
        await(meeting, Integer.parseInt(arguments[6]));
        for (int number = 1; number < commits; number++) {
            append(spark, table, name, number);
        }
    }

    private static SparkSession open(Path scratch, URI endpoint) {
        Map<String, String> settings = new LinkedHashMap<>();
        SharedS3.hadoopSettings(endpoint).forEach((key, value) -> settings.put("spark.hadoop." + key, value));
        return LakeSession.open(
                new SessionSettings(scratch.resolve("home").toString(), "local[1]", scratch.toString(), settings));
    }

    private static void append(SparkSession spark, String table, String driver, int number) {
        spark.createDataFrame(List.of(RowFactory.create(driver, number)), SCHEMA)
                .write()
                .format("delta")
                .mode(SaveMode.Append)
                .save(table);
    }

    private static void await(Path meeting, int drivers) throws IOException, InterruptedException {
        while (ready(meeting) < drivers) {
            Thread.sleep(10);
        }
    }

    private static long ready(Path meeting) throws IOException {
        try (Stream<Path> files = Files.list(meeting)) {
            return files.filter(file -> file.toString().endsWith(".ready")).count();
        }
    }
}
