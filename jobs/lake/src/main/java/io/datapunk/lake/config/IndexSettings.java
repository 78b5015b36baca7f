package io.datapunk.lake.config;

import io.datapunk.lake.config.CollectionConfig.Hnsw;
import io.datapunk.lake.config.CollectionConfig.IndexType;
import io.datapunk.lake.config.CollectionConfig.Ivf;
import io.datapunk.lake.config.CollectionConfig.Quantization;
import java.io.Serializable;

/** How a collection's shards are built and searched. */
public record IndexSettings(VectorMetric metric, IndexType type, Hnsw hnsw, Ivf ivf, Quantization quantization)
        implements Serializable {
    /** How much a search looks at: of a graph the candidates, of lists how many of them. */
    public int effort() {
        return type == IndexType.IVF ? ivf.probes() : hnsw.ef();
    }
}
