package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.CollectionConfig.Hnsw;
import io.datapunk.lake.config.CollectionConfig.IndexType;
import io.datapunk.lake.config.CollectionConfig.Ivf;
import io.datapunk.lake.config.CollectionConfig.Quantization;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.vectors.RandomVectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardFormatTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "FLAT, NONE, vectors",
        "IVF, NONE, lists vectors",
        "HNSW, NONE, graph vectors",
        "HNSW, PQ, codes graph vectors"
    })
    void theIndexIsOfTheKindThatTheCollectionAsksFor(IndexType type, Quantization quantization, String files)
            throws Exception {
        CollectionConfig collection = new CollectionConfig(
                "sounds",
                true,
                new DatasetName("user_data", "media"),
                "id",
                List.of(),
                Optional.of("vector"),
                Optional.empty(),
                List.of(),
                VectorMetric.COSINE,
                type,
                new Hnsw(8, 40, 40),
                new Ivf(10, 3),
                quantization,
                Optional.empty(),
                Optional.empty(),
                0.95,
                1000);

        ShardFormat.of(collection.indexSettings())
                .build(new RandomVectors(1, 8, 3).matrix(VectorMetric.COSINE, 300), folder, 1);

        ShardHeader header = ShardHeader.read(folder);
        assertThat(header.type()).isEqualTo(type);
        assertThat(header.bytes().keySet()).containsExactly(files.split(" "));
    }
}
