package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.policy.Accesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3LogSourceTest {
    private static final Instant NOW = Instant.parse("2026-03-25T12:00:00Z");
    private static final PartitionName MARCH = PartitionName.parse("user_data.activity/month=2026-03");
    private static final PartitionName APRIL = PartitionName.parse("user_data.activity/month=2026-04");

    @TempDir
    private Path folder;

    @Test
    void objectsOfOneMinuteCountOnceAndLogsThatComeLateAreAddedOnce() throws IOException {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        Files.writeString(
                logs.resolve("2026-03-25-10-00-00-AAAA"),
                String.join(
                        "\n",
                        get("03", "a", "09:07:38"),
                        get("03", "b", "09:07:59"),
                        get("04", "a", "09:07:39"),
                        get("03", "a", "09:08:00"),
                        "no line of a log"));
        LakeHome home = home();
        HeatReport first = run(home, logs);
        assertThat(first.accepted()).isEqualTo(3);
        assertThat(first.leftOut()).isEqualTo(1);
        assertThat(first.warnings().get(0))
                .startsWith("1 lines of ")
                .endsWith("are of no access log; the last of them has 5 fields, not 17 or more");

        // The same caller in the same minute, in a log that S3 delivered later; and an hour that was over.
        Files.writeString(
                logs.resolve("2026-03-25-11-00-00-BBBB"),
                String.join("\n", get("03", "c", "09:07:40"), get("03", "c", "10:30:00")));
        HeatReport second = run(home, logs);
        assertThat(second.files()).isEqualTo(1);
        assertThat(run(home, logs).lines()).isZero();
        assertThat(HeatSummary.read(home.spool()).accesses())
                .isEqualTo(Map.of(
                        MARCH,
                        Accesses.of(Map.of(hour("2026-03-25T09:00:00Z"), 2L, hour("2026-03-25T10:00:00Z"), 1L)),
                        APRIL,
                        Accesses.of(Map.of(hour("2026-03-25T09:00:00Z"), 1L))));
    }

    @Test
    void aFolderThatIsMissingIsSaid() {
        assertThatThrownBy(() -> run(home(), folder.resolve("nowhere")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no such folder");
    }

    private HeatReport run(LakeHome home, Path logs) {
        AccessSource source =
                new S3LogSource(logs.toString(), new S3Keys("data", "tables/"), Set.of(), List.of("datapunk-lake"));
        return new HeatJob(
                        SharedSpark.session(),
                        home,
                        Duration.ofDays(90),
                        List.of(source),
                        Optional.empty(),
                        FaultPoint.NONE)
                .run(NOW, Progress.NONE);
    }

    private static String get(String month, String file, String time) {
        String key = "tables/user_data/activity/month%3D2026-" + month + "/" + file + ".parquet";
        return S3LogLineTest.line("REST.GET.OBJECT", key, "200", "\"aws-cli\"").replace("09:07:38", time);
    }

    private LakeHome home() {
        Path root = folder.resolve("lake");
        return new LakeHome(root.toString(), root);
    }

    private static long hour(String begin) {
        return Accesses.hourOf(Instant.parse(begin));
    }
}
