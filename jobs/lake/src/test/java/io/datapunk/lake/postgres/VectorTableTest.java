package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.postgres.VectorLayout.Flat;
import io.datapunk.lake.postgres.VectorLayout.Hnsw;
import io.datapunk.lake.postgres.VectorLayout.IvfFlat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said to pgvector. */
class VectorTableTest {
    private static final VectorExtension NEW = new VectorExtension("0.8.5", Optional.of("public"));
    private static final VectorExtension OLD = new VectorExtension("0.8.1", Optional.of("own types"));
    private static final Hnsw GRAPH = new Hnsw(16, 200, 100);

    @Test
    void typesAndOperatorClassesAreFoundWhateverTheSearchPathIs() {
        VectorTable table = table(new VectorLayout(1536, VectorMetric.COSINE, GRAPH), OLD);
        assertThat(table.create()).element(2).asString().contains("\"embedding\" \"own types\".vector(1536) NOT NULL");
        assertThat(table.indexes())
                .last()
                .isEqualTo(
                        "CREATE INDEX ON lake_vectors.\"papers_1\" USING hnsw (embedding \"own types\".vector_cosine_ops)"
                                + " WITH (m = 16, ef_construction = 200)");
        assertThat(table.distance()).startsWith("embedding OPERATOR(\"own types\".<=>) (SELECT");
    }

    @Test
    void manyDimensionsAreHalfPrecision() {
        VectorTable table = table(new VectorLayout(3072, VectorMetric.DOT, new IvfFlat(1000, 32)), NEW);
        assertThat(table.create()).element(2).asString().contains("\"public\".halfvec(3072)");
        assertThat(table.indexes())
                .last()
                .isEqualTo(
                        "CREATE INDEX ON lake_vectors.\"papers_1\" USING ivfflat (embedding \"public\".halfvec_ip_ops)"
                                + " WITH (lists = 1000)");
        assertThat(table.distance()).contains("<#>");
        assertThatThrownBy(() -> new VectorLayout(4001, VectorMetric.DOT, GRAPH))
                .hasMessageContaining("4001");
    }

    @Test
    void whereEverythingIsComparedThereIsNoIndexOfVectors() {
        VectorTable table = table(new VectorLayout(384, VectorMetric.EUCLIDEAN, new Flat()), NEW);
        assertThat(table.indexes()).hasSize(2).noneMatch(index -> index.contains("embedding"));
        assertThat(table.distance()).contains("<->");
    }

    @Test
    void oneProcessBuildsWherePgvectorsParallelBuildsWriteBehindTheirMemory() {
        VectorLayout layout = new VectorLayout(384, VectorMetric.COSINE, GRAPH);
        assertThat(table(layout, OLD).create()).element(2).asString().contains("parallel_workers = 0");
        assertThat(table(layout, NEW).create()).element(2).asString().doesNotContain("parallel_workers");
        assertThat(new VectorExtension("0.8.2", Optional.empty()).buildsInParallel())
                .isTrue();
        assertThat(new VectorExtension("0.10.0", Optional.empty()).buildsInParallel())
                .isTrue();
    }

    @Test
    void namesStayWithinWhatPostgresTakes() {
        String collection = "a".repeat(63);
        assertThat(VectorTable.newLeaf(collection))
                .hasSize(51)
                .startsWith("aaa")
                .isNotEqualTo(collection);
        assertThat(VectorTable.newLeaf("papers")).matches("papers_[0-9a-f]{8}");
    }

    @Test
    void aBuildAsksForTheMemoryThatItNeeds() {
        VectorLayout graph = new VectorLayout(1536, VectorMetric.COSINE, GRAPH);
        assertThat(VectorIndexBuild.memory(graph, 100)).isEqualTo(64 << 20);
        assertThat(VectorIndexBuild.memory(graph, 100_000)).isBetween(700L << 20, 900L << 20);
        // pgvector 0.8.5 says that 1000 lists of 1536 dimensions take 506 MB.
        VectorLayout lists = new VectorLayout(1536, VectorMetric.COSINE, new IvfFlat(1000, 32));
        assertThat(VectorIndexBuild.memory(lists, 50_000)).isBetween(506L << 20, 540L << 20);
    }

    private static VectorTable table(VectorLayout layout, VectorExtension extension) {
        return new VectorTable("papers", "papers_1", layout, extension);
    }
}
