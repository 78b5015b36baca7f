package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.lake.config.IndexSettings.Quantization;
import io.datapunk.vectors.distance.Matrix;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A graph of neighbours in layers (HNSW), built by JVector. */
final class GraphFormat extends FolderFormat {
    /** How many more links than it keeps a node may have while the graph is built; JVector's own value. */
    private static final float OVERFLOW = 1.2f;

    /** How much nearer to another neighbour a node has to be, to be left out; JVector's own value. */
    private static final float DIVERSITY = 1.2f;

    /** 2 GB can be mapped; the upper layers and the header need less than a tenth. */
    private static final long MOST_BYTES = 1_900_000_000;

    private final Hnsw settings;
    private final Quantization quantization;

    GraphFormat(Hnsw settings, Quantization quantization) {
        super(IndexType.HNSW, settings.m());
        this.settings = settings;
        this.quantization = quantization;
    }

    @Override
    void writeStructure(Matrix vectors, Path folder, BuildThreads threads) throws IOException, InterruptedException {
        long bytes = vectors.size() * (2L + 2L * settings.m()) * Integer.BYTES;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("A graph of " + vectors.size() + " rows with " + settings.m()
                    + " links is too large to be mapped; make shards of fewer rows");
        }
        Jvector.silence();
        GraphDistances distances = new GraphDistances(vectors);
        // As in HNSW the lowest layer has twice the links.
        List<Integer> links = List.of(2 * settings.m(), settings.m());
        try (GraphIndexBuilder builder = new GraphIndexBuilder(
                distances,
                vectors.dimensions(),
                links,
                settings.efConstruction(),
                OVERFLOW,
                DIVERSITY,
                true,
                true,
                threads.pool(),
                threads.pool())) {
            threads.forEach(vectors.size(), row -> builder.addGraphNode(row, distances.searchProviderFor(row)));
            threads.run(() -> {
                builder.cleanup();
                return null;
            });
            Graph.write(builder.getGraph(), vectors.size(), folder.resolve(Graph.FILE));
        }
        if (quantization == Quantization.PQ && vectors.size() >= Codes.LEAST_ROWS) {
            Codes.write(vectors, ShardHeader.longest(vectors), folder.resolve(Codes.FILE), threads);
        }
    }
}
