package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.SharedPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 9 on a disk that is really full: the command says so, nothing is lost, and with more room it succeeds. */
@Tag("full")
class FullDiskTest {
    private static final Map<String, String> NO_MARGIN = Map.of("LAKE_INGEST_FREE_DISK_MARGIN", "0 B");

    private static final String LATER = "2031-01-01T00:00:00Z";

    @TempDir
    private Path folder;

    @Test
    void anImportThatWouldNotFitIsRefusedBeforeItBegins() throws Exception {
        Path export = new Exports(folder)
                .zip("searches.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"));

            LakeCommands.Ended ended = run(disk, lake, "ingest", export.toString(), "--user", "ann");

            assertThat(ended.failure()).matches("""
                            lake: there is no room to stage the import
                              cause:  it may take 1 MiB in .*/disk/lake/staging/[0-9a-f]+ and leave 1,024 MiB free, but only 6\\d MiB are free
                              remedy: free disk space, or lower lake.ingest.free-disk-margin, and run the same command again
                            """);
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(rows(disk, lake)).isZero();
            assertThat(accepted(run(
                            disk,
                            new LakeCommands(lake.home(), NO_MARGIN),
                            "ingest",
                            export.toString(),
                            "--user",
                            "ann",
                            "--json")))
                    .isEqualTo(2);
            assertThat(rows(disk, lake)).isEqualTo(2);
        }
    }

    @Test
    void aDiskThatFillsUpMeanwhileLosesNothing() throws Exception {
        Exports exports = new Exports(folder);
        Path first = exports.zip("first.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        Path second = exports.zip("second.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("pears")));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"), NO_MARGIN);
            run(disk, lake, "ingest", first.toString(), "--user", "ann");
            disk.fillUpTo(60);

            LakeCommands.Ended ended = run(disk, lake, "ingest", second.toString(), "--user", "ann");

            assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
            assertThat(ended.failure()).matches("""
                            lake: .*
                              cause:  .*No space left on device
                              remedy: free space on the lake's disk, then run it again: a job takes up what it left undone
                            """);
            assertThat(ended.err()).as("no stack trace before it either").doesNotContain("\tat ");
            disk.resize("128m");
            assertThat(rows(disk, lake)).isBetween(2L, 3L);
            LakeCommands.Ended again = run(disk, lake, "ingest", second.toString(), "--user", "ann", "--json");
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.result().at("/counts/read").asLong()).isEqualTo(1);
            assertThat(rows(disk, lake)).isEqualTo(3);
        }
    }

    @Test
    void aMoveThatFindsNoRoomLosesNothingAndIsMadeLater() throws Exception {
        Path export = new Exports(folder)
                .zip("searches.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"), elsewhere());
            run(disk, lake, "ingest", export.toString(), "--user", "ann");
            run(disk, lake, "heat");
            run(disk, lake, "heat", "--now", LATER);
            disk.fillUpTo(4);

            LakeCommands.Ended ended = run(disk, lake, "tier", "apply", "--now", LATER);

            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
            assertThat(ended.out() + ended.err()).contains("No space left on device");
            disk.resize("128m");
            assertThat(rows(disk, lake)).isEqualTo(2);
            assertThat(placement(disk, lake)).isEqualTo("WARM");

            LakeCommands.Ended again = run(disk, lake, "tier", "apply", "--now", LATER);

            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(rows(disk, lake)).isEqualTo(2);
            assertThat(placement(disk, lake)).isEqualTo("COLD");
        }
    }

    /** What is not tables lies on another disk, and PostgreSQL is somebody else's. */
    private Map<String, String> elsewhere() {
        PostgresConnection database = SharedPostgres.migratedDatabase();
        Map<String, String> environment = new HashMap<>(NO_MARGIN);
        environment.put("LAKE_LOCAL_HOME", folder.resolve("local").toString());
        environment.put("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        environment.put("LAKE_POSTGRES_URL", database.url());
        environment.put("LAKE_POSTGRES_USER", database.user());
        environment.put("LAKE_POSTGRES_PASSWORD", database.password().get());
        return environment;
    }

    private static String placement(SmallDisk disk, LakeCommands lake) throws Exception {
        return run(disk, lake, "tier", "status", "--now", LATER, "--json")
                .result()
                .at("/0/tier")
                .asText();
    }

    private static LakeCommands.Ended run(SmallDisk disk, LakeCommands lake, String... arguments) throws Exception {
        try (LakeProcess process = LakeProcess.start(disk.prefix(), lake, arguments)) {
            return process.await();
        }
    }

    private static long accepted(LakeCommands.Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended.result().at("/counts/accepted").asLong();
    }

    private static long rows(SmallDisk disk, LakeCommands lake) throws Exception {
        for (JsonNode table : run(disk, lake, "tables", "--json").result()) {
            if (table.get("dataset").asText().equals("user_data.activity")) {
                return table.get("rows").asLong();
            }
        }
        return 0;
    }
}
