package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.Quantization;
import java.util.List;

class QuantizedGraphFormatTest extends ShardFormatContract {
    @Override
    ShardFormat format() {
        return new GraphFormat(new Hnsw(16, 100, 60), Quantization.PQ);
    }

    @Override
    int effort() {
        return 100;
    }

    @Override
    List<String> files() {
        return List.of("graph", "codes");
    }
}
