package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorClustersTable;
import io.datapunk.vectors.cluster.ClusterJob;
import io.datapunk.vectors.cluster.ClusterJob.Cluster;
import io.datapunk.vectors.cluster.ClusterJob.Representative;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterJobTest {
    @TempDir
    private Path folder;

    @Test
    void everyHeapIsAClusterWithItsWordAndItsMostTypicalRows() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 410);

        ClusterJob.Report report = cluster(lake, OptionalInt.of(20));

        assertThat(report.rows()).isEqualTo(410);
        assertThat(report.clusters()).hasSize(20);
        assertThat(report.clusters()).extracting(Cluster::cluster).isSorted();
        assertThat(report.clusters().get(0).rows())
                .as("the largest is the first; ten heaps have a row more")
                .isEqualTo(21);
        for (Cluster cluster : report.clusters()) {
            int heap = number(cluster.representatives().get(0)) % 20;
            assertThat(cluster.representatives())
                    .hasSize(3)
                    .allSatisfy(row -> assertThat(number(row) % 20).isEqualTo(heap))
                    .allSatisfy(row -> assertThat(row.text())
                            .hasValueSatisfying(text -> assertThat(text).startsWith("point " + number(row) + " ")));
            assertThat(cluster.label())
                    .as("the only word that this heap has, but not all heaps, and not one person alone")
                    .contains("pair" + heap / 2);
        }
        assertThat(rows(lake)
                        .selectExpr("(int(id) % 20) AS heap", "cluster")
                        .distinct()
                        .count())
                .as("heaps and clusters are the same")
                .isEqualTo(20);
        assertThat(rows(lake)
                        .where("cluster = 0")
                        .orderBy("rank")
                        .select("score")
                        .collectAsList())
                .extracting(row -> row.getFloat(0))
                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
    }

    @Test
    void howManyThereAreIsFoundOutByTheRowsAndAnotherRunReplacesThem() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 50);
        cluster(lake, OptionalInt.of(20));

        assertThat(cluster(lake, OptionalInt.empty()).clusters())
                .as("the root of 25")
                .hasSize(5);
        assertThat(rows(lake).count()).isEqualTo(50);
    }

    @Test
    void ofOnePersonAloneEveryWordMayBeALabel() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 100);
        lake.delete("user_id = 'bob'");

        assertThat(cluster(lake, OptionalInt.of(10)).clusters())
                .extracting(cluster -> cluster.label().orElseThrow())
                .containsExactlyInAnyOrder(
                        "pair0", "pair1", "pair2", "pair3", "pair4", "pair5", "pair6", "pair7", "pair8", "pair9");
    }

    @Test
    void withoutRowsThereAreNone() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());

        assertThatThrownBy(() -> cluster(lake, OptionalInt.empty()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.remedy()).contains("lake vectors embed points"));
    }

    private static int number(Representative row) {
        return Integer.parseInt(row.id());
    }

    private static Dataset<Row> rows(VectorsFixture lake) {
        return lake.spark.read().format("delta").load(lake.home.tablePath(VectorClustersTable.DEFINITION.name()));
    }

    private static ClusterJob.Report cluster(VectorsFixture lake, OptionalInt clusters) {
        return new ClusterJob(lake.spark, lake.config, lake.home)
                .run(new ClusterJob.Request(lake.collection(), clusters, VectorsFixture.NOW), Progress.NONE);
    }
}
