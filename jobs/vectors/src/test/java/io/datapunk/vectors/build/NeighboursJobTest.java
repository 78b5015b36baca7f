package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.vectors.neighbours.NeighboursJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursJobTest {
    @TempDir
    private Path folder;

    @Test
    void everyRowHasItsNearestAndNotItself() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 1500);
        lake.build();

        NeighboursJob.Report report = neighbours(lake, 5);

        assertThat(report.rows()).isEqualTo(1500 * 5);
        List<Row> rows = lake.spark
                .read()
                .format("delta")
                .load(lake.home.tablePath(VectorNeighboursTable.DEFINITION.name()))
                .where("id = '" + VectorsFixture.id(7) + "'")
                .orderBy(VectorNeighboursTable.RANK)
                .collectAsList();
        assertThat(rows).extracting(row -> row.<Integer>getAs("rank")).containsExactly(1, 2, 3, 4, 5);
        assertThat(rows).extracting(row -> row.<Float>getAs("score")).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(rows).allSatisfy(row -> {
            int neighbour = Integer.parseInt(row.getAs("neighbour_id"));
            assertThat(neighbour).isNotEqualTo(7);
            assertThat(neighbour % 20).as("of the same heap").isEqualTo(7);
            assertThat(row.<String>getAs("user_id")).isEqualTo("bob");
        });
    }

    @Test
    void anotherRunReplacesWhatTheOneBeforeFound() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 200);
        lake.build();
        neighbours(lake, 10);

        assertThat(neighbours(lake, 3).rows()).isEqualTo(200 * 3);
    }

    @Test
    void withoutAnIndexThereAreNone() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 10);

        assertThatThrownBy(() -> neighbours(lake, 3))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.remedy()).contains("lake vectors build points"));
    }

    private static NeighboursJob.Report neighbours(VectorsFixture lake, int most) {
        return new NeighboursJob(lake.spark, lake.config, lake.home)
                .run(
                        new NeighboursJob.Request(lake.collection(), lake.collection(), most, VectorsFixture.NOW),
                        Progress.NONE);
    }
}
