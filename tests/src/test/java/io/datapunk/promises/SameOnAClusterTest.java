package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.cluster.SparkCluster;
import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster makes the lake that one process makes, also where a worker dies in the middle of a job. */
@Tag("full")
class SameOnAClusterTest {
    private static final String QUERY = "SELECT product, month, count(*), min(event_time), max(title)"
            + " FROM user_data.activity GROUP BY product, month ORDER BY product, month";

    /** When something ended; and what follows from files, whose names are random and whose sizes from who worked side by side. */
    private static final Map<String, List<String>> PHYSICAL = Map.of(
            "imports.jobs", List.of("ended_at"),
            "lake.moves", List.of("ended_at", "move_id", "bytes"),
            "lake.partition_stats", List.of("bytes", "files", "file_set_hash"));

    /** Place of {@code tier apply} in the pipeline. */
    private static final int APPLY = 3;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void openSpark() {
        SharedSpark.session();
    }

    @Test
    void aWorkerThatIsKilledChangesNothing() throws Exception {
        RestlessLake restless = RestlessLake.shared();
        List<String> export =
                SampleExport.write(Files.createDirectory(folder.resolve("export")), 7, 0.02).containers().stream()
                        .map(Path::toString)
                        .toList();
        LakeCommands local = restless.copy(folder.resolve("local"));
        LakeCommands distributed = restless.copy(folder.resolve("distributed"));
        List<String[]> pipeline = pipeline(export, restless.apply());
        try (SparkCluster cluster = SparkCluster.start(folder.resolve("cluster"))) {
            cluster.startWorker();
            Process unlucky = cluster.startWorker();
            for (String[] command : pipeline) {
                local.result(command);
                boolean isApply = command == pipeline.get(APPLY);
                LakeCommands.Ended ended = submit(
                        cluster,
                        distributed,
                        driver -> {
                            if (isApply) {
                                killAfterFirstCopy(distributed, driver, unlucky);
                            }
                        },
                        command);
                assertThat(ended.exitCode()).as(ended.err()).isZero();
                if (isApply) {
                    assertThat(ended.err()).contains("Lost executor");
                }
            }
            assertThat(local.query("SELECT * FROM imports.duplicates"))
                    .as("what was compared with other rows")
                    .isNotEmpty();
            assertThat(submit(cluster, distributed, driver -> {}, "sql", QUERY)
                            .result()
                            .get("rows"))
                    .isEqualTo(local.query(QUERY));
            LakeState here = LakeState.of(local, restless.status(local), PHYSICAL);
            LakeState there = LakeState.of(distributed, restless.status(distributed), PHYSICAL);
            assertThat(there.tables()).isEqualTo(here.tables());
            assertThat(there.served()).isEqualTo(here.served());
            assertThat(there.read()).isEqualTo(here.read());
            assertThat(tiers(there)).isEqualTo(tiers(here));
        } finally {
            local.run("down");
            distributed.run("down");
        }
    }

    @Test
    void aWorkerThatDoesNotSeeTheLakeWritesNothing() throws Exception {
        LakeCommands lake = new LakeCommands(folder.resolve("hidden"));
        lake.result("ingest", searches(folder), "--user", "ann");
        try (SparkCluster cluster = SparkCluster.start(folder.resolve("blind"))) {
            cluster.startWorkerWithout(lake.home());

            LakeCommands.Ended ended = submit(cluster, lake, driver -> {}, "sql", "SELECT 1");

            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err())
                    .contains("lake: the workers do not see the lake")
                    .contains(" does not find " + lake.home())
                    .contains("NFS");
        }
    }

    @Test
    void anExportThatAWorkerDoesNotSeeIsNotTakenForADamagedOne() throws Exception {
        LakeCommands lake = new LakeCommands(folder.resolve("seen"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        String export = searches(elsewhere);
        try (SparkCluster cluster = SparkCluster.start(folder.resolve("short-sighted"))) {
            cluster.startWorkerWithout(elsewhere);

            LakeCommands.Ended ended = submit(cluster, lake, driver -> {}, "ingest", export, "--user", "ann");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err()).contains("lake: a task of Spark does not find " + export);
        }
        assertThat(lake.result("ingest", export, "--user", "ann")
                        .get("counts")
                        .get("accepted")
                        .asLong())
                .isEqualTo(2);
    }

    private static String searches(Path place) throws IOException {
        return new Exports(place)
                .zip("searches.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("boats", "lakes")))
                .toString();
    }

    /** @param apply the {@code tier apply} at a time at which partitions have to move */
    private static List<String[]> pipeline(List<String> export, String[] apply) {
        String now = apply[apply.length - 1];
        List<String> ingest = new ArrayList<>(List.of("ingest", "--user", "ann", "--now", now));
        ingest.addAll(export);
        return List.of(
                ingest.toArray(String[]::new),
                new String[] {"heat", "--source", "spool", "--now", now},
                new String[] {"tier", "plan", "--now", now},
                apply,
                new String[] {"analytics", "run", "analytics.activity_daily", "--now", now});
    }

    /** What is done while a command runs. */
    private interface Meanwhile {
        void act(Process driver) throws Exception;
    }

    private static LakeCommands.Ended submit(
            SparkCluster cluster, LakeCommands lake, Meanwhile meanwhile, String... command) throws Exception {
        Path out = Files.createTempFile(folder, "submitted-", ".out");
        Path err = Files.createTempFile(folder, "submitted-", ".err");
        Process driver = cluster.submit(
                out,
                err,
                lake.environment(),
                Stream.concat(
                                Stream.of(command),
                                Stream.of("--json", "--lake", lake.home().toString()))
                        .toList());
        meanwhile.act(driver);
        assertThat(driver.waitFor(15, TimeUnit.MINUTES)).as("ended").isTrue();
        // Ivy tells on stdout where its settings are, if they are of one's own.
        String printed = Files.readString(out).replaceFirst("^:: loading settings .*\n", "");
        return new LakeCommands.Ended(driver.exitValue(), printed, Files.readString(err));
    }

    /** Kills a worker when some of the moves' data are written, and none of them is committed. */
    private static void killAfterFirstCopy(LakeCommands lake, Process driver, Process worker) throws Exception {
        try (LakeWatch watch = new LakeWatch(lake.home())) {
            while (driver.isAlive() && watch.copies() == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertThat(watch.commits()).as("commits of %s", lake.home()).isZero();
        }
        assertThat(driver.isAlive()).as("at work").isTrue();
        SparkCluster.kill(worker);
    }

    private static Map<String, String> tiers(LakeState state) {
        Map<String, String> tiers = new TreeMap<>();
        state.partitions()
                .forEach((partition, row) -> tiers.put(
                        partition,
                        row.get("tier").asText() + ", " + row.get("rows").asText() + " rows"));
        return tiers;
    }
}
