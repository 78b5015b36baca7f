package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.ActivityTable;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLogTest {
    private static final DatasetName ACTIVITY = ActivityTable.DEFINITION.name();

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    /** Prints a table's partitions; run in a JVM of its own. */
    static final class Print {
        private Print() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            new TableLog(LocalHome.under(folder))
                    .snapshot(ACTIVITY)
                    .orElseThrow()
                    .partitions()
                    .forEach(partition -> System.out.println(
                            partition.partition() + " " + partition.rows() + " " + partition.tier()));
        }
    }

    @Test
    void knowsNoTableWhereThereIsNone() {
        assertThat(new TableLog(LocalHome.under(folder)).snapshot(ACTIVITY)).isEmpty();
    }

    @Test
    void tellsVersionTimeAndFilesOfEachPartition() {
        LakeHome home = tableWithTwoMonths();

        TableSnapshot snapshot = new TableLog(home).snapshot(ACTIVITY).orElseThrow();

        assertThat(snapshot.version()).isEqualTo(2);
        assertThat(snapshot.committedAt()).isBetween(Instant.now().minusSeconds(600), Instant.now());
        PartitionFiles january = snapshot.partition(PartitionName.parse("user_data.activity/month=2026-01"))
                .orElseThrow();
        assertThat(january.rows()).isEqualTo(30);
        assertThat(january.tier()).isEqualTo(FileTier.WARM);
        assertThat(january.files()).allSatisfy(file -> assertThat(Path.of(home.tablePath(ACTIVITY), file.path()))
                .exists()
                .hasSize(file.bytes()));
    }

    @Test
    void knowsTheNewestVersionOfEveryTable() {
        assertThat(new TableLog(LocalHome.under(folder)).versions()).isEmpty();

        LakeHome home = tableWithTwoMonths();

        assertThat(new TableLog(home).versions()).containsExactly(Map.entry(ACTIVITY, 2L));
    }

    @Test
    void answersWhereNoSparkIsOnTheClassPath() throws Exception {
        tableWithTwoMonths();
        String withoutSpark = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(spark|delta-spark|scala|json4s|chill|kryo).*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        withoutSpark,
                        Print.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed.lines().toList())
                .containsExactly(
                        "user_data.activity/month=2026-01 30 WARM", "user_data.activity/month=2026-02 10 WARM");
    }

    @Test
    void saysWhichLogCannotBeRead() throws Exception {
        LakeHome home = tableWithTwoMonths();
        Files.writeString(
                Path.of(home.tablePath(ACTIVITY), "_delta_log", "00000000000000000002.json"), "{\"add\":{\"path\":");

        assertThatThrownBy(() -> new TableLog(home).snapshot(ACTIVITY))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the log of table user_data.activity cannot be read");
    }

    @Test
    void doesNotTrustAnEmptyCommit() throws Exception {
        LakeHome home = tableWithTwoMonths();
        Path log = Path.of(home.tablePath(ACTIVITY), "_delta_log");
        Files.delete(log.resolve(".00000000000000000002.json.crc"));
        Files.writeString(log.resolve("00000000000000000002.json"), "");

        assertThatThrownBy(() -> new TableLog(home).snapshot(ACTIVITY))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("version 2, is an empty file");
    }

    private LakeHome tableWithTwoMonths() {
        LakeHome home = LocalHome.under(folder);
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        DeltaAppend append = new DeltaAppend(spark, home);
        append.append(
                ActivityTable.DEFINITION,
                ActivityRows.of(spark, "2026-01", 0, 10).union(ActivityRows.of(spark, "2026-02", 10, 20)));
        append.append(ActivityTable.DEFINITION, ActivityRows.of(spark, "2026-01", 20, 40));
        return home;
    }
}
