package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.lake.config.IndexSettings.Ivf;
import io.datapunk.lake.config.IndexSettings.Quantization;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.RandomVectors;
import java.nio.file.Path;
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
        IndexSettings settings =
                new IndexSettings(VectorMetric.COSINE, type, new Hnsw(8, 40, 40), new Ivf(10, 3), quantization);

        ShardFormat.of(settings).build(new RandomVectors(1, 8, 3).matrix(VectorMetric.COSINE, 300), folder, 1);

        ShardHeader header = ShardHeader.read(folder);
        assertThat(header.type()).isEqualTo(type);
        assertThat(header.bytes().keySet()).containsExactly(files.split(" "));
    }
}
