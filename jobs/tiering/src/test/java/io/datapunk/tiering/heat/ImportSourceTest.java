package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import io.datapunk.tiering.policy.Accesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportSourceTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");
    private static final PartitionName USERS = PartitionName.parse("lake.users");
    private static final String CSV = """
            time,dataset,partition,accesses
            2026-03-25T08:10:00Z,user_data.activity,month=2026-01,2
            2026-03-25 08:59:59,user_data.activity,month=2026-01,1
            2026-03-25T11:00:00+02:00,user_data.activity,month=2026-01,4
            2026-03-25T09:30:00Z,lake.users,,1
            2026-03-25T10:19:00Z,lake.users,,1
            2026-03-25T10:21:00Z,lake.users,,100
            yesterday,lake.users,,100
            2026-03-25T09:00:00Z,lake.users,,0
            2025-03-24T09:00:00Z,lake.users,,100
            """;
    private static final Map<PartitionName, Accesses> COUNTED = Map.of(
            JANUARY, Accesses.of(Map.of(hour("2026-03-25T08:00:00Z"), 3L, hour("2026-03-25T09:00:00Z"), 4L)),
            USERS, Accesses.of(Map.of(hour("2026-03-25T09:00:00Z"), 1L, hour("2026-03-25T10:00:00Z"), 1L)));

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();

    @Test
    void aCsvFileCountsByPartitionAndHourAndSaysWhatDoesNot() throws IOException {
        Path trace = Files.writeString(folder.resolve("trace.csv"), CSV);
        LakeHome home = home("lake");
        HeatReport report = run(home, trace, FaultPoint.NONE);
        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(COUNTED);
        assertThat(report.files()).isEqualTo(1);
        assertThat(report.accepted()).isEqualTo(5);
        assertThat(report.leftOut()).isEqualTo(4);
        assertThat(report.lines()).isEqualTo(9);
        assertThat(report.warnings())
                .containsExactly(
                        "1 rows of " + trace + " lie in the future and do not count",
                        "3 rows of " + trace
                                + " have no usable time, dataset or number, or are older than 365 d, and do"
                                + " not count");
        assertThat(report.observation().since()).isEqualTo(Instant.parse("2026-03-25T08:00:00Z"));
    }

    @Test
    void aHomeAndAFileMayHaveNamesThatUrisAndPatternsKnow() throws IOException {
        Path trace = Files.writeString(folder.resolve("reads [of] {march} 100%25.csv"), CSV);
        LakeHome home = home("my lake");

        assertThat(run(home, trace, FaultPoint.NONE).accepted()).isEqualTo(5);

        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(COUNTED);
        assertThat(folder).isDirectoryNotContaining("glob:**%20**");
    }

    @Test
    void aParquetFolderCountsAsTheSameRowsInCsvDo() throws IOException {
        Path csv = Files.writeString(folder.resolve("trace.csv"), CSV);
        Path parquet = folder.resolve("parquet");
        spark.read()
                .option("header", "true")
                .csv(csv.toString())
                .selectExpr("try_cast(time as timestamp) as time", "dataset", "partition", "int(accesses) as accesses")
                .write()
                .parquet(parquet.toString());
        LakeHome home = home("lake");
        run(home, parquet, FaultPoint.NONE);
        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(COUNTED);
    }

    @Test
    void theSameContentAgainAddsNothingUnderWhateverName() throws IOException {
        LakeHome home = home("lake");
        run(home, Files.writeString(folder.resolve("trace.csv"), CSV), FaultPoint.NONE);
        HeatReport again = run(home, Files.writeString(folder.resolve("copy.csv"), CSV), FaultPoint.NONE);
        assertThat(again.files()).isZero();
        assertThat(again.lines()).isZero();
        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(COUNTED);
    }

    @Test
    void aRowWithoutANumberIsOneAccess() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("trace.csv"),
                "partition,dataset,time\n" + "month=2026-01,user_data.activity,2026-03-25T08:00:00Z\n");
        LakeHome home = home("lake");
        run(home, trace, FaultPoint.NONE);
        assertThat(HeatSummary.read(home.spool()).of(JANUARY))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T08:00:00Z"), 1L)));
    }

    @Test
    void aNameThatIsNoneLeavesTheWholeFileOut() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("trace.csv"), CSV + "2026-03-25T08:10:00Z,User Data,month=2026-01,2\n");
        LakeHome home = home("lake");
        assertThatThrownBy(() -> run(home, trace, FaultPoint.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("1 of the names in it name no partition, as 'User Data/month=2026-01'");
        run(home, Files.writeString(folder.resolve("good.csv"), CSV), FaultPoint.NONE);
        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(COUNTED);
    }

    @Test
    void aFileWithoutTheColumnsIsRefused() throws IOException {
        Path trace = Files.writeString(folder.resolve("trace.csv"), "when,dataset\n1,2\n");
        assertThatThrownBy(() -> run(home("lake"), trace, FaultPoint.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("it has no column time and no column partition, but ");
    }

    @Test
    void killedAtAnyStepAndRunAgainItCountsOnce() throws IOException {
        Path trace = Files.writeString(folder.resolve("trace.csv"), CSV);
        List<String> steps = new ArrayList<>();
        run(home("undisturbed"), trace, SimulatedCrash.recording(steps));
        assertThat(steps)
                .containsExactly(
                        "heat.staged",
                        "heat.logged",
                        "heat.counted",
                        "heat.remembered",
                        "heat.removed",
                        "heat.summarised");
        for (String step : steps) {
            LakeHome home = home("crash-" + step);
            assertThatThrownBy(() -> run(home, trace, SimulatedCrash.at(step, 1)))
                    .isInstanceOf(SimulatedCrash.class);
            run(home, trace, FaultPoint.NONE);
            assertThat(HeatSummary.read(home.spool()).accesses()).as(step).isEqualTo(COUNTED);
            assertThat(spark.read()
                            .format("delta")
                            .load(home.root() + "/tables/lake/access_hours")
                            .selectExpr("sum(accesses)")
                            .first()
                            .getLong(0))
                    .as(step)
                    .isEqualTo(9);
        }
    }

    private HeatReport run(LakeHome home, Path trace, FaultPoint fault) {
        List<AccessSource> sources = List.of(new SpoolSource(), new ImportSource(List.of(trace)));
        return new HeatJob(spark, home, Duration.ofDays(90), sources, Optional.empty(), fault).run(NOW, Progress.NONE);
    }

    private LakeHome home(String name) {
        Path root = folder.resolve(name);
        return new LakeHome(root.toString(), root);
    }

    private static long hour(String begin) {
        return Accesses.hourOf(Instant.parse(begin));
    }
}
