package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.KernelReader;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 2: a dataset is one Delta table, and any Delta reader sees each row once: before its partitions move, while they
 * do, and afterwards.
 */
class OneTableEveryReaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"user_data.activity", "user_data.messages", "user_data.locations", "user_data.media"})
    void everyVersionSinceTheImportHoldsTheSameRows(String name) {
        DatasetName dataset = DatasetName.parse(name);
        Readers readers = new Readers(DemoLake.home());
        List<RowChecksum> withRows = new ArrayList<>();
        for (long version = 0; version <= readers.newest(dataset); version++) {
            RowChecksum byKernel = readers.kernel().checksum(dataset, OptionalLong.of(version));
            assertThat(byKernel).isEqualTo(readers.spark(dataset, version));
            if (byKernel.rows() > 0) {
                withRows.add(byKernel);
            }
        }

        assertThat(withRows).as("import and moves").hasSizeGreaterThan(1);
        assertThat(withRows).containsOnly(withRows.get(0));
    }

    /** Twelve moves of all kinds each time and for each year: {@code -Dlake.test.applies=6 -Dlake.test.years=7} makes 504. */
    static IntStream applies() {
        return IntStream.range(0, Integer.getInteger("lake.test.applies", 1));
    }

    @ParameterizedTest
    @MethodSource("applies")
    @Tag("full")
    void nobodySeesAMoveHalfDone(int apply, @TempDir Path folder) throws Exception {
        int years = Integer.getInteger("lake.test.years", 1);
        RestlessLake restless = RestlessLake.shared(years);
        LakeCommands lake = restless.copy(folder.resolve("lake " + apply));
        Readers readers = new Readers(lake.home());
        Map<String, RowChecksum> before = readers.all();
        try (LakeWatch watch = new LakeWatch(lake.home());
                LakeProcess process = LakeProcess.start(
                        lake,
                        Stream.concat(Stream.of(restless.apply()), Stream.of("--json"))
                                .toArray(String[]::new))) {
            while (process.isAlive() && watch.copies() == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            process.whileHalted(() -> {
                assertThat(watch.copies()).as("copies").isPositive();
                assertThat(watch.commits()).as("commits").isZero();
                assertThat(readers.all())
                        .as("with copies that wait for their commit")
                        .isEqualTo(before);
            });
            while (process.isAlive()) {
                assertThat(readers.all()).isEqualTo(before);
                for (String dataset : RestlessLake.DATASETS) {
                    assertThat(watch.rowsOfServedMonths(dataset))
                            .as("a month is served whole or not at all")
                            .allMatch(rows -> rows == RestlessLake.ROWS_OF_A_MONTH);
                }
            }
            LakeCommands.Ended ended = process.await();

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.result().get("moves"))
                    .hasSize(years * RestlessLake.DATASETS.size() * RestlessLake.MOVES.size());
            assertThat(watch.commits()).isGreaterThanOrEqualTo(RestlessLake.DATASETS.size());
            assertThat(readers.all()).isEqualTo(before);
        } finally {
            lake.run("down");
        }
    }

    /** Two readers of a lake's tables that share no code: Delta Kernel, and Spark with Delta. */
    private record Readers(LakeHome home, KernelReader kernel) {
        Readers(Path home) {
            this(LakeHome.of(LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()))));
        }

        private Readers(LakeHome home) {
            this(home, new KernelReader(home));
        }

        long newest(DatasetName dataset) {
            return new TableLog(home).snapshot(dataset).orElseThrow().version();
        }

        RowChecksum spark(DatasetName dataset, long version) {
            return DeltaChecksum.of(SharedSpark.session()
                    .read()
                    .format("delta")
                    .option("versionAsOf", version)
                    .load(home.tablePath(dataset)));
        }

        /** What each of them reads now. */
        Map<String, RowChecksum> all() {
            Map<String, RowChecksum> all = new TreeMap<>();
            for (String name : RestlessLake.DATASETS) {
                DatasetName dataset = DatasetName.parse(name);
                all.put(name + " by Kernel", kernel.checksum(dataset));
                all.put(
                        name + " by Spark",
                        DeltaChecksum.of(
                                SharedSpark.session().read().format("delta").load(home.tablePath(dataset))));
            }
            return all;
        }
    }
}
