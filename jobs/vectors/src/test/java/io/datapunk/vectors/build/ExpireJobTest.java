package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.vectors.embed.ExpireJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpireJobTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsOlderThanItsCollectionKeepsGoes() throws Exception {
        VectorsFixture lake = new VectorsFixture(folder, Map.of("keep", "7 d"));
        lake.append(0, 40, VectorsFixture.NOW.minus(Duration.ofDays(8)));
        lake.append(40, 100, VectorsFixture.NOW.minus(Duration.ofDays(6)));

        assertThat(expire(lake, true).rows()).isEqualTo(40);
        assertThat(expire(lake, false).rows()).as("a dry run changes nothing").isEqualTo(40);

        assertThat(expire(lake, false).rows()).isZero();
        assertThat(lake.spark
                        .read()
                        .format("delta")
                        .load(lake.table())
                        .selectExpr("min(id)")
                        .first()
                        .getString(0))
                .isEqualTo(VectorsFixture.id(40));
        assertThat(Files.readString(folder.resolve("home/audit/log.ndjson")))
                .containsOnlyOnce("vectors.remove")
                .contains("\"rows\":\"40\"", "\"before\":\"2026-11-19T12:00:00Z\"");
    }

    @Test
    void withoutALimitEverythingStays() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 10, VectorsFixture.NOW.minus(Duration.ofDays(10_000)));

        assertThat(expire(lake, false)).isEqualTo(new ExpireJob.Report("points", Optional.empty(), 0));
    }

    private static ExpireJob.Report expire(VectorsFixture lake, boolean dryRun) {
        return new ExpireJob(lake.spark, lake.config, lake.home)
                .run(new ExpireJob.Request(lake.collection(), VectorsFixture.NOW, dryRun));
    }
}
