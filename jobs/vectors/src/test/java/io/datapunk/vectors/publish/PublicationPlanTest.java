package io.datapunk.vectors.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicationPlanTest {
    @TempDir
    private Path folder;

    @Test
    void aGraphIsBuiltAsTheConfigurationSays() throws IOException {
        PublicationPlan plan = PublicationPlan.of(collection("metric = cosine"), 1536, 50_000);
        assertThat(plan.layout()).hasToString("vector(1536), cosine, hnsw m=16 ef_construction=200");
        assertThat(plan.layout().searchSetting()).isEqualTo("hnsw.ef_search = 100");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void pgvectorWantsTwiceAsManyCandidatesAsLinksAndSearchesWithAThousandAtMost() throws IOException {
        PublicationPlan plan =
                PublicationPlan.of(collection("hnsw { m = 32, ef-construction = 40, ef = 5000 }"), 384, 1000);
        assertThat(plan.layout()).hasToString("vector(384), cosine, hnsw m=32 ef_construction=64");
        assertThat(plan.layout().searchSetting()).isEqualTo("hnsw.ef_search = 1000");
        assertThat(plan.warnings()).containsExactly("ef is 5000, and pgvector searches with 1000 at most");
    }

    @ParameterizedTest
    @CsvSource({
        "1000000, 1000, ''",
        "50000, 1000, '50,000 rows are few for 1,000 lists: pgvector''s advice is 50'",
        "4000000, 1000, ''",
        "780, 20, '780 rows are few for 20 lists: pgvector''s advice is 1, and 1,000 are configured'",
        "10, 1, ''",
        "0, 1, ''"
    })
    void aThousandListsAreBuiltWhereRowsMakeCentresOfThem(long rows, int lists, String warning) throws IOException {
        PublicationPlan plan = PublicationPlan.of(collection("index = ivf, metric = euclidean"), 1536, rows);
        assertThat(plan.layout()).hasToString("vector(1536), euclidean, ivfflat lists=" + lists);
        assertThat(plan.layout().searchSetting()).isEqualTo("ivfflat.probes = " + Math.min(32, lists));
        assertThat(String.join("; ", plan.warnings())).isEqualTo(warning);
    }

    @Test
    void aFlatCollectionHasNoIndex() throws IOException {
        PublicationPlan plan = PublicationPlan.of(collection("index = flat, metric = dot"), 256, 1000);
        assertThat(plan.layout()).hasToString("vector(256), dot, no index");
        assertThat(plan.layout().searchSetting()).isEmpty();
    }

    @Test
    void manyDimensionsAreRoundedToHalfPrecision() throws IOException {
        PublicationPlan plan = PublicationPlan.of(collection(""), 3072, 1000);
        assertThat(plan.layout()).hasToString("halfvec(3072), cosine, hnsw m=16 ef_construction=200");
        assertThat(plan.warnings()).singleElement().asString().contains("half precision");
        assertThat(PublicationPlan.of(collection(""), 2000, 1000).layout().half())
                .isFalse();
    }

    @Test
    void moreDimensionsThanPgvectorIndexesAreRefused() throws IOException {
        CollectionConfig collection = collection("");
        assertThatThrownBy(() -> PublicationPlan.of(collection, 4001, 1000))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LakeException.Kind.USAGE);
                    assertThat(e.reason()).contains("4001", "4000");
                    assertThat(e.remedy()).contains("lake vectors search");
                });
    }

    private CollectionConfig collection(String keys) throws IOException {
        Path file = Files.writeString(
                folder.resolve("lake.conf"),
                "lake.vectors.collections.papers { source = \"user_data.documents\", vector = embedding\n" + keys
                        + " }");
        return LakeConfig.load(file, Map.of(), Map.of())
                .vectors()
                .find("papers")
                .orElseThrow();
    }
}
