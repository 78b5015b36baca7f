package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.Quantization;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.RandomVectors;
import io.datapunk.vectors.distance.Matrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphFormatTest extends ShardFormatContract {
    @Override
    ShardFormat format() {
        return new GraphFormat(new Hnsw(16, 100, 60), Quantization.NONE);
    }

    @Override
    int effort() {
        return 60;
    }

    @Override
    List<String> files() {
        return List.of("graph");
    }

    @Test
    void aBuildThatIsInterruptedLeavesNothingThatCanBeOpened() {
        Matrix vectors = new RandomVectors(1, 8, 3).matrix(VectorMetric.COSINE, 1000);
        Path shard = folder.resolve("interrupted");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> format().build(vectors, shard, 1)).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThatThrownBy(() -> ShardFormat.open(shard)).isInstanceOf(IOException.class);
    }
}
